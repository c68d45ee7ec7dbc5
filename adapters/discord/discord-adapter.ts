import { setMaxListeners } from 'node:events';
import type { REST } from 'discord.js';
import type { ChatDesk } from '../../src/domain/chat.ts';
import type { ChatAdapter, Loop } from '../../src/domain/ports.ts';
import { FoursightError, messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import { Background } from '../delivery/background.ts';
import { type CatchUp, createCatchUp } from '../delivery/catch-up.ts';
import { EditBudget } from '../delivery/edit-budget.ts';
import type { ProgressBoard } from '../delivery/progress-board.ts';
import { RateLimit } from '../delivery/rate-limit.ts';
import { type ReactionAliases, reactionVotes } from '../delivery/reaction-votes.ts';
import { createReadPosition, type ReadPosition } from '../delivery/read-position.ts';
import { RecentSet } from '../delivery/recent-set.ts';
import { systemTimers, waitFor } from '../delivery/timers.ts';
import { createApi, type DiscordApi } from './api.ts';
import { closeRest, openRest } from './calls.ts';
import { createCatchUpSource } from './catch-up.ts';
import { registerCommands } from './commands.ts';
import { type DiscordContext, type DiscordSettings, PLATFORM } from './context.ts';
import { createDirectory, type Directory } from './directory.ts';
import { type Gateway, type GatewayEvent, openGateway } from './gateway.ts';
import { resumeRuns } from './handlers/retrain.ts';
import { handlers } from './handlers.ts';
import { type Identity, identify } from './identity.ts';
import { createDiscordIntake, type Intake } from './intake.ts';
import { limits } from './limits.ts';
import { channel as channelForm, guild as guildForm } from './parse/payloads.ts';
import type { Handled, Press } from './parse.ts';
import { createPermissions } from './permissions.ts';
import { createPlaces } from './places.ts';
import { createDiscordPost } from './post.ts';
import { createDiscordBoard } from './progress.ts';
import { createReply, type Reply } from './replies.ts';
import { tell, tellKeepers } from './tell.ts';
import { positions } from './times.ts';

export interface DiscordOptions {
  readonly loop: Loop;
  readonly desk: ChatDesk;
  readonly log: Log;
  readonly token: string;
  /** Without a version; null: Discord's own. */
  readonly apiUrl: string | null;
  readonly settings: DiscordSettings;
  /** Reactions that count as votes beside the thumbs. */
  readonly reactions: ReactionAliases;
}

/** Deliveries at a time: most of them wait for their channel's turn. */
const CONCURRENCY = 32;
/** Things that were said once. */
const REMEMBERED = 5_000;
/** How long the start waits for Discord. */
const START_MS = 10_000;
/** Edits of a server's messages: each channel has a rate of its own beside it, which its calls wait for. */
const EDITS = { perMinute: 600, burst: 60, gapMs: limits.editGapMs };

/** Discord as a chat platform: what is asked there is answered there. */
export class DiscordAdapter implements ChatAdapter {
  readonly name = PLATFORM;
  readonly #options: DiscordOptions;
  readonly #closing = new AbortController();
  readonly #delivering = new AbortController();
  readonly #background: Background;
  readonly #rest: REST;
  readonly #api: DiscordApi;
  readonly #identity: () => Promise<Identity>;
  readonly #directory: Directory;
  readonly #discord: DiscordContext;
  readonly #edits: EditBudget;
  readonly #board: ProgressBoard;
  readonly #catchUp: CatchUp;
  readonly #intake: Intake;
  readonly #gateway: Gateway;
  readonly #positions = new Map<string, ReadPosition>();
  readonly #replies = new WeakMap<object, Reply>();
  readonly #seen = new RecentSet(REMEMBERED);
  readonly #resumed = new Set<string>();
  #readsAll = false;
  #delivery: Promise<void> = Promise.resolve();

  constructor(options: DiscordOptions) {
    // As many wait for it as there are events to try again; none of them is left behind.
    setMaxListeners(0, this.#closing.signal);
    const { desk, log, token, apiUrl, settings } = options;
    this.#options = options;
    this.#background = new Background(log);
    this.#rest = openRest(token, apiUrl);
    this.#api = createApi(this.#rest);
    this.#identity = identify(this.#api);
    this.#directory = createDirectory({ api: this.#api, desk, served: settings.workspaces });
    this.#discord = this.#createContext();
    const onError = (error: unknown) => log.debug({ err: error }, 'a state on the way could not be shown');
    this.#edits = new EditBudget({ limits: EDITS, timers: systemTimers, onError });
    this.#board = createDiscordBoard(this.#discord, this.#edits);
    const positionOf = (guild: string) => this.#positionOf(guild);
    this.#catchUp = createCatchUp({
      source: createCatchUpSource(this.#discord, handlers),
      ...{ positions, positionOf, desk, log, timers: systemTimers, signal: this.#closing.signal },
    });
    this.#intake = createDiscordIntake({
      discord: this.#discord,
      handlers,
      positionOf,
      caughtUp: (guild, channel) => this.#catchUp.caughtUp(guild, channel),
      onLost: (guild) => this.#background.run('looking for what was lost', () => this.#catchUp.run(guild)),
      onInput: (input) => this.#note(input),
    });
    this.#gateway = openGateway({
      ...{ rest: this.#rest, token, log, timers: systemTimers },
      readsAll: () => this.#readsAll,
      onEvent: (event) => this.#take(event),
      onGap: () => this.#expectGaps(),
      onConnected: () => {
        this.#expectGaps();
        this.#background.run('catching up', () => this.#connected());
      },
    });
  }

  /** @throws ConfigError where Discord refuses the token or what is to be read */
  async start(): Promise<void> {
    const connecting = this.#connect();
    const { log, desk } = this.#options;
    connecting.catch((error: unknown) => log.error({ cause: messageOf(error) }, 'Discord cannot be connected to'));
    // A Discord that cannot be reached is waited for while everything else goes on.
    await Promise.race([connecting, waitFor(systemTimers, START_MS, this.#closing.signal)]);
    const post = createDiscordPost(this.#discord, this.#board);
    this.#delivery = desk.deliver(PLATFORM, post, { signal: this.#delivering.signal, concurrency: CONCURRENCY });
  }

  /** Takes nothing more in, lets what is being handled and posted end, and leaves the rest to the next start. */
  async close(): Promise<void> {
    await this.#gateway.close();
    this.#closing.abort();
    await this.#intake.settled();
    this.#delivering.abort();
    await this.#delivery;
    await this.#board.close();
    await this.#background.ended();
    await Promise.all([...this.#positions.values()].map((position) => position.flush()));
    this.#edits.close();
    closeRest(this.#rest);
  }

  async #connect(): Promise<void> {
    const { signal } = this.#closing;
    for (let waitMs = 1_000; !signal.aborted; waitMs = Math.min(30_000, 2 * waitMs)) {
      try {
        const { app, mayReadAll } = await this.#identity();
        this.#readsAll = mayReadAll && this.#options.settings.followUps;
        await registerCommands(this.#api, app);
        for (const guild of await this.#api.guilds()) this.#directory.enter(guild);
        await Promise.all(this.#directory.guilds().map((guild) => this.#resume(guild)));
        return await this.#gateway.start(signal);
      } catch (error) {
        if (error instanceof FoursightError) throw error;
        this.#options.log.warn({ cause: messageOf(error), waitMs }, 'Discord cannot be reached; it is tried again');
        await waitFor(systemTimers, waitMs, signal);
      }
    }
  }

  /** Goes on showing the progress of what was open before. */
  async #resume(guild: string): Promise<void> {
    if (this.#resumed.has(guild)) return;
    this.#resumed.add(guild);
    try {
      for (const { posts, ...question } of await this.#options.desk.openQuestions(PLATFORM, guild))
        this.#board.show(guild, question, posts);
      await resumeRuns(guild, this.#discord);
    } catch (error) {
      this.#resumed.delete(guild);
      throw error;
    }
  }

  async #catchUpWith(guild: string): Promise<void> {
    await this.#resume(guild);
    await this.#catchUp.run(guild);
  }

  /** Once events come again: what was missed meanwhile. */
  async #connected(): Promise<void> {
    await Promise.all(this.#directory.guilds().map((guild) => this.#catchUpWith(guild)));
  }

  /** Events may be missing: what comes from here on waits until it is known what. */
  #expectGaps(): void {
    for (const guild of this.#directory.guilds()) this.#catchUp.expect(guild);
  }

  #positionOf(guild: string): ReadPosition {
    const known = this.#positions.get(guild);
    if (known !== undefined) return known;
    const { desk, log } = this.#options;
    const position = createReadPosition(guild, { positions, desk, log, timers: systemTimers });
    this.#positions.set(guild, position);
    return position;
  }

  #take(event: GatewayEvent): void {
    if (event.type === 'GUILD_CREATE') this.#enter(event.data);
    else if (event.type === 'GUILD_DELETE') this.#leave(event.data);
    else void this.#intake.take(event);
  }

  #enter(data: unknown): void {
    const guild = guildForm.safeParse(data).data;
    if (guild === undefined || guild.unavailable === true) return;
    const isNew = !this.#directory.guilds().includes(guild.id);
    this.#directory.enter(guild.id);
    for (const given of [...(guild.channels ?? []), ...(guild.threads ?? [])]) {
      const channel = channelForm.safeParse(given).data;
      if (channel !== undefined) this.#directory.note({ ...channel, guild: guild.id });
    }
    if (isNew && this.#directory.guilds().includes(guild.id))
      this.#background.run('catching up', () => this.#catchUpWith(guild.id));
  }

  #leave(data: unknown): void {
    const guild = guildForm.safeParse(data).data;
    // Without a word of why, it is only that Discord cannot reach it just now.
    if (guild !== undefined && guild.unavailable !== true) this.#directory.leave(guild.id);
  }

  #note(input: Handled): void {
    if (input.type === 'vote') this.#catchUp.noteVote(input.message, input.person.key);
    if (input.type === 'edited' || input.type === 'deleted') this.#catchUp.noteChange(input.message);
  }

  #replyTo({ occasion }: Press): Reply {
    const known = this.#replies.get(occasion);
    if (known !== undefined) return known;
    const app = async () => (await this.#identity()).app;
    const reply = createReply(this.#api, occasion, app, this.#options.log);
    this.#replies.set(occasion, reply);
    return reply;
  }

  #createContext(): DiscordContext {
    const { loop, desk, settings, log, reactions } = this.#options;
    const windowMs = 60_000;
    const context: Omit<DiscordContext, 'places'> = {
      platform: PLATFORM,
      loop,
      desk,
      settings,
      log,
      timers: systemTimers,
      api: this.#api,
      directory: this.#directory,
      permissions: createPermissions(this.#api),
      voteOf: reactionVotes(reactions),
      limit: new RateLimit({
        perPerson: { count: settings.limits.person, windowMs },
        perWorkspace: { count: settings.limits.workspace, windowMs },
        now: systemTimers.now,
      }),
      startedAt: Date.now(),
      isFirst: (what) => this.#seen.add(what),
      signal: this.#closing.signal,
      own: async () => (await this.#identity()).user,
      replyTo: (press) => this.#replyTo(press),
      tell: (place, messages) => tell(this.#discord, place, messages),
      reportRefusal: (guild, channel, error) =>
        this.#background.run('saying which permission is missing', () =>
          tellKeepers(this.#discord, guild, channel, error),
        ),
      showProgress: (guild, question) => this.#board.show(guild, question, null),
      stopQuestion: (questionId, by) => this.#cancel(questionId, by),
      withdrawQuestion: (questionId) => this.#cancel(questionId, null),
      compareVotes: (guild, conversation) => this.#catchUp.compare(guild, conversation),
      inBackground: (what, work) => this.#background.run(what, work),
    };
    return { ...context, places: createPlaces(context) };
  }

  async #cancel(questionId: string, by: string | null): Promise<boolean> {
    this.#board.endedBy(questionId, by);
    const isCancelled = await this.#options.loop.cancel(questionId);
    if (!isCancelled) this.#board.endedBy(questionId, undefined);
    return isCancelled;
  }
}
