/**
 * A Slack on loopback for tests: Web API, Socket Mode, signed HTTP, OAuth, and people who act.
 *
 *   await using slack = await startFakeSlack({ manifest });   // or {}: an app that may do everything
 *   const ann = slack.addUser('ann', { isAdmin: true });      // in `slack.team`, which has the app (slack.team.botToken)
 *   const general = slack.addChannel('general', { members: [ann] });   // the bot is in it unless withBot: false
 *
 *   The app under test gets slack.apiUrl (SLACK_API_URL), slack.app.appToken, .signingSecret, .clientId, .clientSecret.
 *   Socket Mode is the way to it until slack.useHttp(url) names its request URL.
 *
 * People: say, edit, remove, react, unreact, invite, kick, archive, openHome, openAssistant, stopStream (people.ts) and
 * click, submit, close, command (interactions.ts); uninstall and revoke end a workspace's tokens. An act is done when its
 * call returns, and the app is told in the meantime: `await slack.settled()` waits until it has acknowledged everything.
 *
 *   const question = slack.say(general, ann, `${slack.mention()} what is 2+2?`);
 *   const answer = await slack.waitFor(() => slack.thread(question).find(({ text }) => text.includes('4')), 'an answer');
 *   slack.react(answer, ann, '+1');
 *
 * Looking: thread, replies, messagesOf, statusOf, ephemeralsOf, openViewOf, homeOf, textOf; slack.journal has the calls
 * (with arguments and outcome), `refusals()` – calls that Slack would have refused, which a good adapter never makes – and
 * the events with what became of them; slack.violations has what Slack's rate limits would have refused.
 *
 * Faults: slack.setFaults({ rateLimited: 0.05, errorAfter: 0.02, duplicateEvery: 10, dropSocketEvery: 50, methods: … }),
 * slack.failNext('chat.update', { error: 'is_inactive' }), slack.dropSockets(), slack.refreshSockets(). All by `seed`.
 *
 * Unlike the real one: markdown blocks are kept as they are; text longer than 40,000 characters is cut as by Slack, with
 * `message_truncated` in the call's detail; a reply to a reply or to a message that is not there is refused.
 */
import { createFakeApp } from './app.ts';
import { createDelivery, type EnvelopeKind } from './delivery.ts';
import type { Desk } from './desk.ts';
import { createFaults, type Faults } from './faults.ts';
import { createHttpEvents, type RequestUrls } from './http-events.ts';
import { type Installer, revoke, uninstall } from './installs.ts';
import { createInteractions } from './interactions.ts';
import { createJournal } from './journal.ts';
import { LIMITS } from './limits.ts';
import { createLooks } from './looks.ts';
import { isJson } from './messages.ts';
import { createPeople } from './people.ts';
import { createRateLimits, type RateLimitOptions } from './rate-limits.ts';
import { createFakeServer } from './server.ts';
import { createSocketMode } from './socket-mode.ts';
import type { Enterprise, Json, Team, User } from './types.ts';
import { createWebApi } from './web-api.ts';
import { addChannel, addTeam, addUser, createWorld, directMessages, install, type NewChannel } from './world.ts';

export interface FakeSlackOptions {
  /** The app's manifest: its scopes, events, commands and redirect URLs. Without one the app may do everything. */
  readonly manifest?: unknown;
  readonly seed?: number;
  readonly rateLimits?: Partial<RateLimitOptions>;
  /** How long an acknowledgement may take; Slack's three seconds unless named. */
  readonly ackMs?: number;
  /** Milliseconds before each retry over HTTP; Slack waits for none, one minute and five. */
  readonly retryDelaysMs?: readonly number[];
}

export async function startFakeSlack(options: FakeSlackOptions = {}) {
  const { manifest, seed = 1, rateLimits: limits, ackMs = LIMITS.ackMs, retryDelaysMs = [0, 200, 500] } = options;
  const world = createWorld(createFakeApp(manifest));
  const journal = createJournal();
  const faults = createFaults(seed);
  const rateLimits = createRateLimits({ mode: 'count', factor: 1, ...limits });
  let urls: RequestUrls | undefined;
  let installer: Installer | undefined;

  const socketMode = createSocketMode({
    appId: world.app.id,
    ackMs: () => ackMs,
    dropEvery: () => faults.current.dropSocketEvery ?? 0,
    onChange: journal.changed,
  });
  const http = createHttpEvents({ signingSecret: world.app.signingSecret, ackMs: () => ackMs, retryDelaysMs }, () => {
    if (urls === undefined) throw new Error('no request URL is set');
    return urls;
  });
  const transport = () => (urls === undefined ? socketMode.transport : http);
  const delivery = createDelivery({
    world,
    transport,
    seed,
    duplicateEvery: () => faults.current.duplicateEvery ?? 0,
    onSent(sent) {
      journal.events.push(sent);
      journal.changed();
    },
  });

  const server = createFakeServer(() => ({ desk, journal, webApi, socketMode, installer: () => installer }));
  const port = await server.listen();
  const baseUrl = `http://127.0.0.1:${port}`;
  const desk: Desk = {
    world,
    baseUrl,
    changed: journal.changed,
    emit: delivery.emit,
    interact: (kind, payload) => transport().send(kind, payload, undefined),
    socketUrl() {
      const ticket = socketMode.ticket();
      return ticket === undefined ? undefined : `ws://127.0.0.1:${port}/link/?ticket=${ticket}`;
    },
  };
  const webApi = createWebApi({ desk, journal, faults, rateLimits });

  const team = addTeam(world, 'Acme');
  install(world, team);

  const close = async () => {
    socketMode.close();
    await server.close();
  };
  return {
    world,
    team,
    app: world.app,
    journal,
    baseUrl,
    apiUrl: `${baseUrl}/api/`,
    authorizeUrl: `${baseUrl}/oauth/v2/authorize`,
    ...createPeople(desk),
    ...createInteractions(desk),
    ...createLooks(world),
    waitFor: journal.waitFor,
    settled: delivery.settled,
    violations: rateLimits.violations,

    /** Another workspace, without the app; those with the same enterprise are of one organisation. */
    addTeam: (name: string, enterprise: Enterprise | null = null) => addTeam(world, name, enterprise),
    addUser: (name: string, { isAdmin = false, of = team }: { isAdmin?: boolean; of?: Team } = {}) =>
      addUser(world, of, name, isAdmin),
    addChannel: (name: string, { of = team, ...rest }: Omit<NewChannel, 'name'> & { of?: Team } = {}) =>
      addChannel(world, of, { name, ...rest }),
    directMessages: (user: User) => directMessages(world, user),
    /** Gives a workspace a bot token with other scopes than the app's. */
    install: (to: Team = team, scopes = world.app.scopes, isOrgWide = false) => install(world, to, scopes, isOrgWide),
    uninstall: (from: Team = team) => uninstall(desk, from),
    revoke: (from: Team = team) => revoke(desk, from),
    /** Who consents, or refuses, when the app sends somebody to `authorizeUrl`. */
    setInstaller(next: Installer): void {
      installer = next;
    },

    /** From here on events, interactions and commands are signed requests to these addresses. */
    useHttp(to: RequestUrls | string): void {
      urls = typeof to === 'string' ? { events: to } : to;
    },
    /** Asks the request URL to echo a challenge, as Slack does when somebody enters it; false when it does not. */
    async verifyRequestUrl(): Promise<boolean> {
      const challenge = world.id('challenge');
      const token = world.app.verificationToken;
      const { response } = await http.send('events_api', { type: 'url_verification', token, challenge }, undefined);
      return isJson(response) && response.challenge === challenge;
    },
    /** Hands the app anything at all as if it were an event, an interaction or a command of Slack's. */
    send: (kind: EnvelopeKind, payload: Json) => transport().send(kind, payload, undefined),
    useSocketMode(): void {
      urls = undefined;
    },
    get connections() {
      return socketMode.connections;
    },
    dropSockets: socketMode.drop,
    refreshSockets: socketMode.refresh,
    setFaults: (next: Faults) => faults.set(next),
    failNext: faults.failNext,
    close,
    [Symbol.asyncDispose]: close,
  };
}
export type FakeSlack = Awaited<ReturnType<typeof startFakeSlack>>;
