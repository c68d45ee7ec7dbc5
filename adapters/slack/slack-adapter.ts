import { setMaxListeners } from 'node:events';
import type { ChatDesk } from '../../src/domain/chat.ts';
import type { ChatAdapter, Loop } from '../../src/domain/ports.ts';
import { FoursightError, messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import { Background } from '../delivery/background.ts';
import { type CatchUp, createCatchUp } from '../delivery/catch-up.ts';
import type { ProgressBoard } from '../delivery/progress-board.ts';
import { RateLimit } from '../delivery/rate-limit.ts';
import { type ReactionAliases, reactionVotes } from '../delivery/reaction-votes.ts';
import { createReadPosition, type ReadPosition } from '../delivery/read-position.ts';
import { RecentSet } from '../delivery/recent-set.ts';
import { systemTimers, waitFor } from '../delivery/timers.ts';
import { type Connection, openConnection, type SlackConnection } from './app.ts';
import { createCatchUpSource } from './catch-up.ts';
import { PLATFORM, type SlackContext, type SlackSettings } from './context.ts';
import { createEarlierPosts } from './earlier-posts.ts';
import { resumeRuns } from './handlers/retrain.ts';
import { handlers } from './handlers.ts';
import { installationStore } from './installations.ts';
import { createSlackIntake, type Intake } from './intake.ts';
import { createSlackPost } from './post.ts';
import { createSlackBoard } from './progress.ts';
import { watchSignatures } from './signatures.ts';
import { tell } from './tell.ts';
import { positions } from './times.ts';
import { createWorkspaces, type Workspaces } from './workspaces.ts';

export interface SlackOptions {
  readonly loop: Loop;
  readonly desk: ChatDesk;
  readonly log: Log;
  readonly connection: SlackConnection;
  /** Ends with a slash; null: Slack's own. */
  readonly apiUrl: string | null;
  /** How many times Slack's own rates are gone up to; 1 for Slack itself. */
  readonly rate?: number;
  readonly settings: SlackSettings;
  /** Reactions that count as votes beside the thumbs. */
  readonly reactions: ReactionAliases;
}

/** Deliveries at a time: most of them wait for their channel's turn. */
const CONCURRENCY = 32;
/** Things that were said once. */
const REMEMBERED = 5_000;
/** How long the start waits for Slack. */
const START_MS = 10_000;
/** How long what is being posted may wait for its turn when it closes. */
const CLOSE_MS = 8_000;
/** At first, and at most, between two tries to find out who the bot is. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** Slack as a chat platform: what is asked there is answered there. */
export class SlackAdapter implements ChatAdapter {
  readonly name = PLATFORM;
  readonly #options: SlackOptions;
  readonly #closing = new AbortController();
  readonly #delivering = new AbortController();
  readonly #background: Background;
  readonly #positions = new Map<string, ReadPosition>();
  readonly #workspaces: Workspaces;
  readonly #slack: SlackContext;
  readonly #board: ProgressBoard;
  readonly #catchUp: CatchUp;
  readonly #intake: Intake;
  readonly #connection: Connection;
  readonly #earlierPosts = createEarlierPosts();
  readonly #seen = new RecentSet(REMEMBERED);
  readonly #resumed = new Set<string>();
  /** Workspaces that are caught up with, or have been. */
  readonly #known = new Set<string>();
  #delivery: Promise<void> = Promise.resolve();

  constructor(options: SlackOptions) {
    // As many wait for it as there are events to try again; none of them is left behind.
    setMaxListeners(0, this.#closing.signal);
    const { desk, log, connection, apiUrl, rate = 1 } = options;
    this.#options = options;
    this.#background = new Background(log);
    const botToken = connection.mode === 'oauth' ? null : connection.botToken;
    this.#workspaces = createWorkspaces({ botToken, apiUrl, rate, desk, log, timers: systemTimers });
    this.#slack = this.#createContext();
    this.#board = createSlackBoard(this.#slack, this.#earlierPosts);
    const positionOf = (key: string) => this.#positionOf(key);
    this.#catchUp = createCatchUp({
      source: createCatchUpSource(this.#slack, handlers),
      positions,
      positionOf,
      desk,
      log,
      timers: systemTimers,
      signal: this.#closing.signal,
    });
    this.#intake = createSlackIntake({
      slack: this.#slack,
      handlers,
      positionOf,
      caughtUp: (workspace, channel) => this.#catchUp.caughtUp(workspace, channel),
      onLost: (workspace) => this.#background.run('looking for what was lost', () => this.#catchUp.run(workspace)),
      onInput: (input) => {
        if (input.type === 'vote') this.#catchUp.noteVote(input.message, input.person.key);
        if (input.type === 'edited' || input.type === 'deleted') this.#catchUp.noteChange(input.message);
      },
    });
    this.#connection = openConnection({
      connection,
      apiUrl,
      intake: this.#intake,
      installationStore: installationStore(this.#slack, (key) => {
        this.#workspaces.forget(key);
        this.#background.run('catching up', () => this.#catchUpWith(key));
      }),
      requestLog: (sdk, signingSecret) =>
        watchSignatures(
          sdk,
          { signingSecret, desk, log, timers: systemTimers, keys: () => this.#workspaces.keys() },
          (what, work) => this.#background.run(what, work),
        ),
      log,
      timers: systemTimers,
      onConnected: () => {
        this.#expectGaps();
        this.#background.run('catching up', () => this.#connected());
      },
      onDisconnected: () => this.#expectGaps(),
    });
  }

  /** Where Slack's requests are to be sent; null in Socket Mode. */
  get address(): string | null {
    return this.#connection.address;
  }

  /** @throws ConfigError where Slack refuses a token; what listening throws */
  async start(): Promise<void> {
    const connecting = this.#connect();
    const { log } = this.#options;
    connecting.catch((error: unknown) => log.error({ cause: messageOf(error) }, 'Slack cannot be connected to'));
    // A Slack that cannot be reached is waited for while everything else goes on.
    await Promise.race([connecting, waitFor(systemTimers, START_MS, this.#closing.signal)]);
    this.#delivery = this.#options.desk.deliver(
      PLATFORM,
      createSlackPost({ slack: this.#slack, board: this.#board, earlierPosts: this.#earlierPosts }),
      { signal: this.#delivering.signal, concurrency: CONCURRENCY },
    );
  }

  /** Takes nothing more in, lets what is being handled and posted end, and leaves the rest to the next start. */
  async close(): Promise<void> {
    const stopWaiting = systemTimers.after(CLOSE_MS, () => this.#workspaces.close());
    await this.#connection.close();
    this.#closing.abort();
    await this.#intake.settled();
    this.#delivering.abort();
    await this.#delivery;
    await this.#board.close();
    await this.#background.ended();
    await Promise.all([...this.#positions.values()].map((position) => position.flush()));
    stopWaiting();
    this.#workspaces.close();
  }

  async #connect(): Promise<void> {
    const { signal } = this.#closing;
    for (let waitMs = FIRST_WAIT_MS; !signal.aborted; waitMs = Math.min(LONGEST_WAIT_MS, 2 * waitMs)) {
      try {
        for (const key of await this.#workspaces.keys()) await this.#resume(key);
        return await this.#connection.start();
      } catch (error) {
        if (error instanceof FoursightError) throw error;
        this.#options.log.warn({ cause: messageOf(error), waitMs }, 'Slack cannot be reached; it is tried again');
        await waitFor(systemTimers, waitMs, signal);
      }
    }
  }

  /** Once events come again: what was missed meanwhile, and the progress of what is still open. */
  async #connected(): Promise<void> {
    const keys = await this.#workspaces.keys();
    await Promise.all(keys.map((key) => this.#catchUpWith(key)));
  }

  /** Events may be missing: what comes from here on waits until it is known what. */
  #expectGaps(): void {
    for (const key of this.#positions.keys()) this.#catchUp.expect(key);
  }

  async #catchUpWith(key: string): Promise<void> {
    this.#known.add(key);
    await this.#resume(key);
    await this.#catchUp.run(key);
  }

  /** Goes on showing the progress of what was open before. */
  async #resume(key: string): Promise<void> {
    if (this.#resumed.has(key)) return;
    for (const { posts, ...question } of await this.#options.desk.openQuestions(PLATFORM, key))
      this.#board.show(key, question, posts);
    await resumeRuns(key, this.#slack);
    this.#resumed.add(key);
  }

  #positionOf(key: string): ReadPosition {
    const known = this.#positions.get(key);
    if (known !== undefined) return known;
    const { desk, log } = this.#options;
    const position = createReadPosition(key, { positions, desk, log, timers: systemTimers });
    this.#positions.set(key, position);
    // Also a workspace in which another process installed the app.
    if (!this.#known.has(key)) {
      this.#catchUp.expect(key);
      this.#background.run('catching up', () => this.#catchUpWith(key));
    }
    return position;
  }

  #createContext(): SlackContext {
    const { loop, desk, settings, log, reactions, connection } = this.#options;
    const windowMs = 60_000;
    return {
      platform: PLATFORM,
      loop,
      desk,
      settings,
      servesMany: connection.mode === 'oauth',
      log,
      timers: systemTimers,
      voteOf: reactionVotes(reactions),
      limit: new RateLimit({
        perPerson: { count: settings.limits.person, windowMs },
        perWorkspace: { count: settings.limits.workspace, windowMs },
        now: systemTimers.now,
      }),
      startedAt: Date.now(),
      isFirst: (what) => this.#seen.add(what),
      signal: this.#closing.signal,
      workspaceOf: (key) => this.#workspaces.of(key),
      forgetWorkspace: (key) => this.#workspaces.forget(key),
      tell: (place, messages) => tell(this.#slack, place, messages),
      showProgress: (workspace, question) => this.#board.show(workspace, question, null),
      stopQuestion: (questionId, by) => this.#cancel(questionId, by),
      withdrawQuestion: (questionId) => this.#cancel(questionId, null),
      compareVotes: (workspace, conversation) => this.#catchUp.compare(workspace, conversation),
      inBackground: (what, work) => this.#background.run(what, work),
    };
  }

  async #cancel(questionId: string, by: string | null): Promise<boolean> {
    this.#board.endedBy(questionId, by);
    const isCancelled = await this.#options.loop.cancel(questionId);
    if (!isCancelled) this.#board.endedBy(questionId, undefined);
    return isCancelled;
  }
}
