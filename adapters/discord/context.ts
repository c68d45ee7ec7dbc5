import type { AskedQuestion, ChatDesk } from '../../src/domain/chat.ts';
import type { Loop } from '../../src/domain/ports.ts';
import type { Log } from '../../src/log.ts';
import type { HandlersOf } from '../delivery/inputs.ts';
import type { RateLimit } from '../delivery/rate-limit.ts';
import type { VoteOfReaction } from '../delivery/reaction-votes.ts';
import type { Timers } from '../delivery/timers.ts';
import type { DiscordApi } from './api.ts';
import type { Directory } from './directory.ts';
import type { Handled, Press } from './parse.ts';
import type { Permissions } from './permissions.ts';
import type { Places } from './places.ts';
import type { DiscordMessage } from './render.ts';
import type { Reply } from './replies.ts';

export const PLATFORM = 'discord';

/** What the environment decides, as far as handlers need it. */
export interface DiscordSettings {
  /** Ids of the servers that are served; null: all. */
  readonly guilds: readonly string[] | null;
  /** Ids of the channels that are served, with their threads; null: all. Direct messages always are. */
  readonly channels: readonly string[] | null;
  /** Ids of roles and people who may administer beside those who may manage the server. */
  readonly admins: readonly string[];
  /** The channel that gets the report of the night; null: none does. */
  readonly reportChannel: string | null;
  /** Whether a thread that it has answered in may go on without a mention. */
  readonly followUps: boolean;
  /** Questions a minute. */
  readonly limits: { readonly person: number; readonly workspace: number };
}

/** Whom something is told that nobody else is to see. */
export interface PrivatePlace {
  readonly workspace: string;
  readonly person: string;
}

/** What handlers work with. */
export interface DiscordContext {
  readonly loop: Loop;
  readonly desk: ChatDesk;
  readonly settings: DiscordSettings;
  readonly log: Log;
  readonly timers: Timers;
  readonly api: DiscordApi;
  readonly directory: Directory;
  readonly permissions: Permissions;
  readonly places: Places;
  readonly voteOf: VoteOfReaction;
  /** How much one person and one workspace may ask. */
  readonly limit: RateLimit;
  /** When the adapter was made, in ms: what came before it may be told once more. */
  readonly startedAt: number;
  /** The bot. @throws what asking Discord throws */
  own(): Promise<string>;
  /** Whether what is written without a mention can be read. */
  readonly readsAll: boolean;
  /** True when it is asked for the first time of late about something: what Discord tells twice is said once. */
  isFirst(what: string): boolean;
  /** Aborts when the adapter closes. */
  readonly signal: AbortSignal;
  /** The answer to a press, a form or a command. */
  replyTo(press: Press): Reply;
  /** Tells one person something directly, where nobody else sees it; what fails is logged, never thrown. */
  tell(place: PrivatePlace, messages: readonly DiscordMessage[]): Promise<void>;
  /** Tells those who look after a workspace what the bot may not do there. */
  reportRefusal(workspace: string, channel: string, error: unknown): void;
  /** Shows the progress of an open question from here on; a second time for the same question does nothing. */
  showProgress(workspace: string, question: AskedQuestion): void;
  /** Cancels a question and says in the place of its progress who did; false when it was over. */
  stopQuestion(questionId: string, by: string): Promise<boolean>;
  /** Cancels a question whose message is gone, and takes its progress away; false when it was over. */
  withdrawQuestion(questionId: string): Promise<boolean>;
  /** Makes the votes in a conversation what the reactions there say. @throws what reading it throws */
  compareVotes(workspace: string, conversation: string): Promise<void>;
  /** Goes on in the background; close() waits for it. Failures are logged. */
  inBackground(what: string, work: () => Promise<unknown>): void;
}

/** A handler that throws: an event is handled again, of anything else the person is told. */
export type Handlers = HandlersOf<Handled, DiscordContext>;
export type Handler<Type extends Handled['type']> = Handlers[Type];
