import type { webApi } from '@slack/bolt';
import type { ChatContext, ChatSettings } from '../delivery/chat-context.ts';
import type { HandlersOf } from '../delivery/inputs.ts';
import type { Pace } from './pace.ts';
import type { Own, SlackInput } from './parse.ts';
import type { SlackMessage } from './render.ts';

export const PLATFORM = 'slack';

/** What the environment decides, as far as handlers need it. */
export interface SlackSettings extends ChatSettings {
  /** Ids of the channels that are served; null: all. Direct messages always are. */
  readonly channels: readonly string[] | null;
  /** The channel that gets the report of the night; null: none does. */
  readonly reportChannel: string | null;
  /** Whether people of other organisations, in shared channels, are answered. */
  readonly strangers: boolean;
}

/** One workspace (or organisation) that the app is installed in. */
export interface SlackWorkspace {
  /** Of the team, or of the organisation where it is installed for all of it. */
  readonly key: string;
  /**
   * Never tries again by itself: what fails may have been done. Reading is repeated by `pace.read`, posting by the desk alone.
   */
  readonly client: webApi.WebClient;
  readonly own: Own;
  /** Calls through the budgets wait for their turn, and again where Slack says how long. */
  readonly pace: Pace;
  /** A person as Slack knows them, remembered for some minutes; undefined when Slack does not tell. */
  person(key: string): Promise<SlackPerson | undefined>;
}

export interface SlackPerson {
  readonly key: string;
  readonly name: string;
  /** Their own workspace. */
  readonly team: string | null;
  /** Of the workspace, or its owner. */
  readonly isAdmin: boolean;
  /** Of another organisation. */
  readonly isStranger: boolean;
  readonly isBot: boolean;
}

/** Where a private message appears. */
export interface PrivatePlace {
  readonly workspace: string;
  readonly person: string;
  /** null: in a direct message. */
  readonly channel: string | null;
  /** In this thread; null: in the channel. */
  readonly threadTs: string | null;
  /** Of a press or a command: used when there is one, since it works where the bot is no member. */
  readonly responseUrl?: string | null;
}

/** What handlers work with. */
export interface SlackContext extends ChatContext {
  readonly settings: SlackSettings;
  /** Whether any workspace may install the app. */
  readonly servesMany: boolean;
  /** @throws DeliveryError, a final one where the app is not installed */
  workspaceOf(key: string): Promise<SlackWorkspace>;
  /** What is known of its installation holds no longer. */
  forgetWorkspace(key: string): void;
  /** Tells one person something that nobody else sees; what fails is logged, never thrown. */
  tell(place: PrivatePlace, messages: readonly SlackMessage[]): Promise<void>;
}

/** Everything that Slack tells and that is handled. */
export type Handled = Exclude<SlackInput, { type: 'ignored' }>;
export type InputOf<Type extends Handled['type']> = Extract<Handled, { type: Type }>;

/**
 * What Slack sends is acknowledged as soon as the handler resolves, at the latest after two seconds; a vote by button or form and a
 * press of "stop" only when it resolves, so that what need not be stored goes on in the background. Slack opens a form for a trigger
 * within three seconds. A handler that throws: of an event, Slack sends it again; of anything else, the person is told.
 * Every handler may be called twice for the same input.
 */
export type Handler<Type extends Handled['type']> = (input: InputOf<Type>, slack: SlackContext) => Promise<void>;
export type Handlers = HandlersOf<Handled, SlackContext>;
