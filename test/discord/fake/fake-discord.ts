/**
 * A Discord on loopback for tests: REST API and gateway, version 10, and people who act.
 *
 *   await using discord = await createFakeDiscord();           // or { app: { privileged: { messageContent: false } } }
 *   const ann = discord.addUser('ann');                        // in `discord.guild`, which has the bot
 *   const general = discord.addChannel('general');             // a forum: { type: ChannelType.GuildForum, tags: ['help'] }
 *
 *   The app under test gets discord.apiUrl (DISCORD_API_URL) and discord.token; the gateway's address is read from it:
 *   new Client({ intents, rest: { api: discord.apiUrl } }).login(discord.token)
 *
 * People: say, edit, remove, unfurl, react, unreact, clearReactions, startThread, createPost, archive, lock, invite, type,
 * join, leave, setPermissions, giveRole, takeRole, deleteChannel (people.ts) and command, messageCommand, userCommand,
 * press, submit, dismiss (interactions.ts), which resolve when the app has acknowledged them, or may no more. An act is
 * done when its call returns; the app is told in the meantime: `await discord.heard()` waits until it has got everything.
 *
 *   const question = discord.say(general, ann, `${discord.mention()} what is 2+2?`);
 *   const answer = await discord.waitFor(() => discord.answersTo(question).find(({ content }) => content.includes('4')), 'an answer');
 *   discord.react(answer, ann, '👍');
 *   const { message } = await discord.command(general, ann, 'ask', { question: 'what is 2+2?' });
 *   const { modal } = await discord.press(answer, ann, discord.buttonsOf(answer)[1].customId);
 *
 * Looking: messagesIn, saidIn, seenBy, answersTo, threadsOf, ephemeralsOf, openModalOf, reactorsOf, isTyping, deletedIn,
 * textOf, buttonsOf; discord.journal has the calls (route, parameters, body, outcome, answer) and the events that were
 * sent; discord.complaints() is everything that Discord would have refused or that a good bot does not do. A good adapter
 * leaves it empty.
 *
 * Faults: discord.setFaults({ rateLimited: 0.05, errorAfter: 0.02, duplicateEvery: 10, dropSocketEvery: 50, methods: … }),
 * discord.failNext('POST /channels/:channel/messages', { status: 502, afterwards: true }), discord.dropSockets(),
 * discord.resetToken(), discord.forgetSessions(), discord.invalidateSessions(), discord.requestReconnect(), discord.closeSockets(code). All by
 * `seed`. Rate limits are Discord's own and enforced; { rateLimits: { speed: 10 } } makes their windows ten times shorter.
 *
 * Unlike the real one: a field that Discord does not know is refused, where the real one ignores it; there are no
 * attachments, stickers, polls, voice, webhooks of guilds and audit logs; every guild is small and always available.
 */

import { GatewayCloseCodes } from 'discord.js';
import type { Desk } from './desk.ts';
import { announceChannel, announceGuild, announceRole } from './events.ts';
import { createFaults, type Faults } from './faults.ts';
import { createGateway } from './gateway.ts';
import { createInteractions } from './interactions.ts';
import { createJournal } from './journal.ts';
import { LIMITS } from './limits.ts';
import { createLooks } from './looks.ts';
import { createPeople } from './people.ts';
import type { Permission } from './permissions.ts';
import { createRateLimits, type RateLimitOptions } from './rate-limits.ts';
import { createRest } from './rest.ts';
import { createFakeServer } from './server.ts';
import { createSessions } from './sessions.ts';
import { fullGuildShape } from './shapes.ts';
import type { Channel, Guild, Role, User } from './types.ts';
import {
  addChannel,
  addGuild,
  addMember,
  addRole,
  addUser,
  createWorld,
  directMessages,
  type NewApp,
  type NewChannel,
} from './world.ts';

export interface FakeDiscordOptions {
  /** The application: its name, its privileged intents, what its invitation asks for. */
  readonly app?: NewApp;
  readonly seed?: number;
  readonly rateLimits?: Partial<RateLimitOptions>;
  /** In which an interaction has to be acknowledged; Discord's three seconds unless named. */
  readonly ackMs?: number;
  /** For how long an interaction's token is good; Discord's quarter of an hour unless named. */
  readonly tokenMs?: number;
  readonly heartbeatMs?: number;
  /** For how long a session without a connection can be resumed. */
  readonly sessionMs?: number;
  /** How many shards Discord recommends. */
  readonly shards?: number;
}

export async function createFakeDiscord(options: FakeDiscordOptions = {}) {
  const { app, seed = 1, rateLimits: limits, shards = 1, heartbeatMs = LIMITS.heartbeatMs } = options;
  const { ackMs = LIMITS.ackMs, tokenMs = LIMITS.tokenMs, sessionMs = LIMITS.sessionMs } = options;
  const world = createWorld(app);
  const journal = createJournal();
  const faults = createFaults(seed);
  const rateLimits = createRateLimits({ mode: 'enforce', speed: 1, ...limits });
  const invalid: { isResumable: boolean }[] = [];

  const sessions = createSessions({
    world,
    sessionMs,
    duplicateEvery: () => faults.current.duplicateEvery ?? 0,
    onSent(sent) {
      journal.events.push(sent);
      journal.changed();
    },
  });
  const server = createFakeServer(() => ({ rest, gateway }));
  const port = await server.listen();
  const gatewayUrl = () => `ws://127.0.0.1:${port}`;
  const gateway = createGateway({
    world,
    sessions,
    heartbeatMs,
    url: gatewayUrl,
    warn: journal.warn,
    onChange: journal.changed,
    faults: {
      dropEvery: () => faults.current.dropSocketEvery ?? 0,
      delayMs: () => faults.current.dispatchDelayMs ?? 0,
      acksHeartbeats: () => !faults.current.isZombie,
      refusesSockets: () => faults.current.refuseSockets ?? false,
      takeInvalidSession: () => invalid.shift(),
    },
  });
  const desk: Desk = {
    world,
    gatewayUrl,
    sessionsBegun: () => sessions.begun,
    shards,
    emit: sessions.emit,
    hasSession: () => sessions.all.length > 0,
    ackMs,
    tokenMs,
    warn: journal.warn,
    changed: journal.changed,
  };
  const rest = createRest({ desk, journal, faults, rateLimits });
  const guild = addGuild(world, 'Acme');

  /** Waits until every connected app has got everything that was sent. */
  async function heard(): Promise<void> {
    while (!gateway.hasHeardAll()) {
      const beats = gateway.beats();
      gateway.askForHeartbeats();
      await journal.waitFor(() => gateway.hasHeardAll() || gateway.beats() > beats, 'the app to say what it has got');
    }
  }

  const close = async () => {
    gateway.close();
    await server.close();
  };
  return {
    world,
    guild,
    app: world.app,
    bot: world.app.bot,
    get token() {
      return world.app.token;
    },
    journal,
    apiUrl: `http://127.0.0.1:${port}/api`,
    gatewayUrl: gatewayUrl(),
    ...createPeople(desk),
    ...createInteractions(desk, journal.waitFor),
    ...createLooks(world),
    waitFor: journal.waitFor,
    heard,

    /** Another guild, with the bot in it. */
    addGuild(name: string): Guild {
      const fresh = addGuild(world, name);
      announceGuild(desk, 'GUILD_CREATE', fresh, fullGuildShape(world, fresh));
      return fresh;
    },
    /** A person in a guild; `of: null` for one who is in none. */
    addUser(name: string, { of = guild, roles = [], isBot = false }: NewUser = {}): User {
      const user = addUser(world, name, isBot);
      if (of !== null) addMember(of, user, roles);
      return user;
    },
    addRole(name: string, permissions: readonly Permission[] = [], of: Guild = guild): Role {
      const role = addRole(world, of, name, permissions);
      announceRole(desk, of, role);
      return role;
    },
    addChannel(name: string, { of = guild, ...rest }: Omit<NewChannel, 'name'> & { of?: Guild } = {}): Channel {
      const channel = addChannel(world, of, { name, ...rest });
      announceChannel(desk, 'CHANNEL_CREATE', channel);
      return channel;
    },
    directMessages: (user: User) => directMessages(world, user),
    /** Commands that the app has registered, by name, for everywhere and for a guild. */
    commands: (of: Guild = guild) => [...(world.commands.get('') ?? []), ...(world.commands.get(of.id) ?? [])],

    violations: rateLimits.violations,
    /** What Discord would have refused, or a good bot does not do. */
    complaints: (): string[] => [
      ...journal.refusals().map(({ route, outcome, errors }) => `${route}: ${outcome} ${JSON.stringify(errors ?? '')}`),
      ...rateLimits.violations
        .filter(({ isDefiant }) => isDefiant)
        .map(({ route, bucket }) => `${route}: over the limit of ${bucket}`),
      ...journal.warnings.map(({ what }) => what),
    ],

    get connections() {
      return gateway.connections;
    },
    /** Connections, also those without a session. */
    get sockets() {
      return gateway.sockets;
    },
    /** Breaks every gateway connection without a word; sessions can be resumed. */
    dropSockets: gateway.drop,
    /** Sends a frame to every connection as it is, whatever it is. */
    sendFrame: gateway.sendFrame,
    closeSockets: gateway.closeWith,
    /** As the owner of the app: the token is another one from here on. */
    resetToken(): void {
      world.app.token = `${world.app.token}-${world.id()}`;
      sessions.forgetAll();
      gateway.closeWith(GatewayCloseCodes.AuthenticationFailed, 'Authentication failed.');
    },
    /** Sends opcode 7. */
    requestReconnect: gateway.reconnect,
    /** Sends opcode 9. */
    invalidateSessions: (isResumable = false) => gateway.invalidate(isResumable),
    /** Tells the next identify or resume that its session is invalid. */
    invalidateNext: (isResumable = false, times = 1) => {
      for (let time = 0; time < times; time += 1) invalid.push({ isResumable });
    },
    /** Whoever comes back has to begin anew, and has missed what happened meanwhile. */
    forgetSessions: sessions.forgetAll,
    setFaults: (next: Faults) => faults.set(next),
    failNext: faults.failNext,
    close,
    [Symbol.asyncDispose]: close,
  };
}
export type FakeDiscord = Awaited<ReturnType<typeof createFakeDiscord>>;

interface NewUser {
  readonly of?: Guild | null;
  readonly roles?: readonly Role[];
  readonly isBot?: boolean;
}
