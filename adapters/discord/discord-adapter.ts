import { setMaxListeners } from 'node:events';
import type { REST } from 'discord.js';
import type { ChatDesk } from '../../src/domain/chat.ts';
import type { ChatAdapter, Loop } from '../../src/domain/ports.ts';
import type { Log } from '../../src/log.ts';
import { type Attendance, createAttendance } from '../delivery/attendance.ts';
import { Background } from '../delivery/background.ts';
import { createChatContext } from '../delivery/chat-context.ts';
import { EditBudget } from '../delivery/edit-budget.ts';
import { createLife, type Life } from '../delivery/life.ts';
import type { ProgressBoard } from '../delivery/progress-board.ts';
import type { ReactionAliases } from '../delivery/reaction-votes.ts';
import { systemTimers } from '../delivery/timers.ts';
import { createApi, type DiscordApi } from './api.ts';
import { closeRest, openRest } from './calls.ts';
import { createCatchUpSource } from './catch-up.ts';
import { registerCommands } from './commands.ts';
import { type DiscordContext, type DiscordSettings, PLATFORM } from './context.ts';
import { createDirectory, type Directory } from './directory.ts';
import { createEdits } from './edit-message.ts';
import { type Gateway, type GatewayEvent, openGateway } from './gateway.ts';
import { resumeRuns } from './handlers/retrain.ts';
import { handlers } from './handlers.ts';
import { type Identity, identify } from './identity.ts';
import { createDiscordIntake, type Intake } from './intake.ts';
import { limits } from './limits.ts';
import { createMissedDirects } from './missed-directs.ts';
import { learnGuild } from './parse/guilds.ts';
import { createPermissions } from './permissions.ts';
import { createPlaces } from './places.ts';
import { createDiscordPost } from './post.ts';
import { createDiscordBoard } from './progress.ts';
import { createReplies } from './replies.ts';
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

/** Edits of all messages: each channel has a rate of its own beside it, which its calls wait for. */
const EDITS = { perMinute: 600, burst: 60, gapMs: limits.editGapMs };

/** Discord as a chat platform: what is asked there is answered there. */
export class DiscordAdapter implements ChatAdapter {
  readonly name = PLATFORM;
  readonly #options: DiscordOptions;
  readonly #closing = new AbortController();
  readonly #background: Background;
  readonly #rest: REST;
  readonly #api: DiscordApi;
  readonly #identity: () => Promise<Identity>;
  readonly #directory: Directory;
  readonly #discord: DiscordContext;
  readonly #edits: EditBudget;
  readonly #board: ProgressBoard;
  readonly #attendance: Attendance;
  readonly #intake: Intake;
  readonly #gateway: Gateway;
  readonly #life: Life;
  #readsAll = false;

  constructor(options: DiscordOptions) {
    // As many wait for it as there are events to try again; none of them is left behind.
    setMaxListeners(0, this.#closing.signal);
    const { desk, log, token, apiUrl, settings } = options;
    this.#options = options;
    this.#background = new Background(log);
    this.#rest = openRest(token, apiUrl);
    this.#api = createApi(this.#rest);
    this.#identity = identify(this.#api);
    this.#directory = createDirectory({
      ...{ api: this.#api, desk, served: settings.workspaces },
      ...{ timers: systemTimers, signal: this.#closing.signal },
    });
    this.#discord = this.#createContext();
    const onError = (error: unknown) => log.debug({ err: error }, 'a state on the way could not be shown');
    this.#edits = new EditBudget({ limits: EDITS, timers: systemTimers, onError });
    this.#board = createDiscordBoard(this.#discord, this.#edits);
    const common = { desk, log, timers: systemTimers };
    const directs = createMissedDirects(this.#discord);
    this.#attendance = createAttendance({
      ...common,
      source: createCatchUpSource(this.#discord, handlers, directs),
      positions,
      board: this.#board,
      signal: this.#closing.signal,
      inBackground: this.#discord.inBackground,
      onResume: (guild) => resumeRuns(guild, this.#discord),
    });
    this.#intake = createDiscordIntake({ discord: this.#discord, handlers, directs, attendance: this.#attendance });
    this.#gateway = openGateway({
      ...{ rest: this.#rest, token, log, timers: systemTimers },
      readsAll: () => this.#readsAll,
      onEvent: (event) => this.#take(event),
      onGap: (concerns) => this.#attendance.expectGaps(this.#directory.guilds().filter(concerns)),
      onConnected: (concerns) => {
        const guilds = this.#directory.guilds().filter(concerns);
        this.#attendance.expectGaps(guilds);
        for (const guild of guilds) this.#background.run('catching up', () => this.#attendance.attend(guild));
      },
    });
    this.#life = createLife({
      ...common,
      platform: PLATFORM,
      name: 'Discord',
      closing: this.#closing,
      connect: () => this.#connect(),
      disconnect: () => this.#gateway.close(),
      post: createDiscordPost(this.#discord, this.#board),
      settled: () => this.#intake.settled(),
      end: () => this.#end(),
    });
  }

  /** @throws ConfigError where Discord refuses the token or what is to be read */
  start(): Promise<void> {
    return this.#life.start();
  }

  /** Takes nothing more in, lets what is being handled and posted end, and leaves the rest to the next start. */
  close(): Promise<void> {
    return this.#life.close();
  }

  async #connect(): Promise<void> {
    const { settings, log } = this.#options;
    const { app, mayReadAll } = await this.#identity();
    this.#readsAll = mayReadAll && settings.followUps;
    if (settings.followUps && !mayReadAll)
      log.warn('threads go on with mentions only: Message Content Intent is not switched on for the app');
    await registerCommands(this.#api, app);
    for (const guild of await this.#api.guilds()) this.#directory.enter(guild);
    for (const guild of this.#directory.guilds()) await this.#attendance.resume(guild);
    await this.#gateway.start();
  }

  async #end(): Promise<void> {
    await this.#board.close();
    await this.#background.ended();
    await this.#attendance.flush();
    this.#edits.close();
    closeRest(this.#rest);
  }

  #take(event: GatewayEvent): void {
    if (event.type !== 'GUILD_CREATE' && event.type !== 'GUILD_DELETE') return void this.#intake.take(event);
    const entered = learnGuild(event, this.#directory);
    if (entered !== undefined) this.#background.run('catching up', () => this.#attendance.attend(entered));
  }

  #createContext(): DiscordContext {
    const api = this.#api;
    const { settings, log } = this.#options;
    const parts = { timers: systemTimers, signal: this.#closing.signal, background: this.#background };
    const common = createChatContext({
      ...{ ...this.#options, ...parts, platform: PLATFORM },
      board: () => this.#board,
      catchUp: () => this.#attendance.catchUp,
    });
    const context: Omit<DiscordContext, 'places'> = {
      ...common,
      ...{ settings, api, directory: this.#directory, permissions: createPermissions(api) },
      editMessage: createEdits({ api, timers: systemTimers, signal: this.#closing.signal }),
      own: async () => (await this.#identity()).user,
      replyTo: createReplies({ api, timers: systemTimers, log, app: async () => (await this.#identity()).app }),
      tell: (place, messages) => tell(this.#discord, place, messages),
      reportRefusal: (guild, channel, error) =>
        this.#background.run('saying which permission is missing', () =>
          tellKeepers(this.#discord, guild, channel, error),
        ),
    };
    return { ...context, places: createPlaces(context) };
  }
}
