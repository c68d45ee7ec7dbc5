import { setMaxListeners } from 'node:events';
import type { ChatDesk } from '../../src/domain/chat.ts';
import type { ChatAdapter, Loop } from '../../src/domain/ports.ts';
import { FoursightError, messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import { type Attendance, createAttendance } from '../delivery/attendance.ts';
import { Background } from '../delivery/background.ts';
import { createChatContext } from '../delivery/chat-context.ts';
import type { ProgressBoard } from '../delivery/progress-board.ts';
import type { ReactionAliases } from '../delivery/reaction-votes.ts';
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
  readonly #workspaces: Workspaces;
  readonly #slack: SlackContext;
  readonly #board: ProgressBoard;
  readonly #attendance: Attendance;
  readonly #intake: Intake;
  readonly #connection: Connection;
  readonly #earlierPosts = createEarlierPosts();
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
    this.#attendance = createAttendance({
      source: createCatchUpSource(this.#slack, handlers),
      positions,
      board: this.#board,
      desk,
      log,
      timers: systemTimers,
      signal: this.#closing.signal,
      inBackground: this.#slack.inBackground,
      onResume: (key) => resumeRuns(key, this.#slack),
    });
    const { catchUp, positionOf, lookAgain } = this.#attendance;
    this.#intake = createSlackIntake({
      slack: this.#slack,
      handlers,
      positionOf,
      caughtUp: (workspace, channel) => catchUp.caughtUp(workspace, channel),
      onLost: lookAgain,
      onInput(input) {
        if (input.type === 'vote') catchUp.noteVote(input.message, input.person.key);
        if (input.type === 'edited' || input.type === 'deleted') catchUp.noteChange(input.message);
      },
    });
    this.#connection = openConnection({
      connection,
      apiUrl,
      intake: this.#intake,
      installationStore: installationStore(this.#slack, (key) => {
        this.#workspaces.forget(key);
        this.#background.run('catching up', () => this.#attendance.attend(key));
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
        this.#attendance.expectGaps();
        this.#background.run('catching up', () => this.#connected());
      },
      onDisconnected: () => this.#attendance.expectGaps(),
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
    await this.#attendance.flush();
    stopWaiting();
    this.#workspaces.close();
  }

  async #connect(): Promise<void> {
    const { signal } = this.#closing;
    for (let waitMs = FIRST_WAIT_MS; !signal.aborted; waitMs = Math.min(LONGEST_WAIT_MS, 2 * waitMs)) {
      try {
        for (const key of await this.#workspaces.keys()) await this.#attendance.resume(key);
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
    await Promise.all(keys.map((key) => this.#attendance.attend(key)));
  }

  #createContext(): SlackContext {
    const { settings, connection } = this.#options;
    const common = createChatContext({
      ...this.#options,
      platform: PLATFORM,
      timers: systemTimers,
      signal: this.#closing.signal,
      background: this.#background,
      board: () => this.#board,
      catchUp: () => this.#attendance.catchUp,
    });
    return {
      ...common,
      settings,
      servesMany: connection.mode === 'oauth',
      workspaceOf: (key) => this.#workspaces.of(key),
      forgetWorkspace: (key) => this.#workspaces.forget(key),
      tell: (place, messages) => tell(this.#slack, place, messages),
    };
  }
}
