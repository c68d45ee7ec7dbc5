import { setMaxListeners } from 'node:events';
import type { ChatDesk } from '../../src/domain/chat.ts';
import type { ChatAdapter, Loop } from '../../src/domain/ports.ts';
import type { Log } from '../../src/log.ts';
import { type Attendance, createAttendance } from '../delivery/attendance.ts';
import { Background } from '../delivery/background.ts';
import { createChatContext } from '../delivery/chat-context.ts';
import { createLife, type Life } from '../delivery/life.ts';
import type { ProgressBoard } from '../delivery/progress-board.ts';
import type { ReactionAliases } from '../delivery/reaction-votes.ts';
import { systemTimers } from '../delivery/timers.ts';
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

/** How long what is being posted may wait for its turn when it closes. */
const CLOSE_MS = 8_000;

/** Slack as a chat platform: what is asked there is answered there. */
export class SlackAdapter implements ChatAdapter {
  readonly name = PLATFORM;
  readonly #options: SlackOptions;
  readonly #closing = new AbortController();
  readonly #background: Background;
  readonly #workspaces: Workspaces;
  readonly #slack: SlackContext;
  readonly #board: ProgressBoard;
  readonly #attendance: Attendance;
  readonly #intake: Intake;
  readonly #connection: Connection;
  readonly #earlierPosts = createEarlierPosts();
  readonly #life: Life;

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
        // What was missed meanwhile, and the progress of what is still open.
        this.#background.run('catching up', () => this.#attendance.attendAll(() => this.#workspaces.keys()));
      },
      onDisconnected: () => this.#attendance.expectGaps(),
    });
    this.#life = createLife({
      platform: PLATFORM,
      name: 'Slack',
      desk,
      log,
      timers: systemTimers,
      closing: this.#closing,
      connect: () => this.#connect(),
      disconnect: () => this.#connection.close(),
      post: createSlackPost({ slack: this.#slack, board: this.#board, earlierPosts: this.#earlierPosts }),
      settled: () => this.#intake.settled(),
      end: () => this.#end(),
    });
  }

  /** Where Slack's requests are to be sent; null in Socket Mode. */
  get address(): string | null {
    return this.#connection.address;
  }

  /** @throws ConfigError where Slack refuses a token; what listening throws */
  start(): Promise<void> {
    return this.#life.start();
  }

  /** Takes nothing more in, lets what is being handled and posted end, and leaves the rest to the next start. */
  async close(): Promise<void> {
    const stopWaiting = systemTimers.after(CLOSE_MS, () => this.#workspaces.close());
    await this.#life.close();
    stopWaiting();
    this.#workspaces.close();
  }

  async #connect(): Promise<void> {
    for (const key of await this.#workspaces.keys()) await this.#attendance.resume(key);
    await this.#connection.start();
  }

  async #end(): Promise<void> {
    await this.#board.close();
    await this.#background.ended();
    await this.#attendance.flush();
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
