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
import { handlers } from './handlers.ts';
import { identify, type Identity } from './identity.ts';
import { createDiscordIntake, type Intake } from './intake.ts';
import { limits } from './limits.ts';
import type { Handled, Press } from './parse.ts';
import { channel as channelForm, guild as guildForm } from './parse/payloads.ts';
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
      onSession: () => this.#expectGaps(),
      onResumed: () => this.#background.run('catching up', () => this.#connected()),
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
}
