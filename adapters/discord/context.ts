import type { ChatContext, ChatSettings } from '../delivery/chat-context.ts';
import type { HandlersOf } from '../delivery/inputs.ts';
import type { DiscordApi } from './api.ts';
import type { Directory } from './directory.ts';
import type { EditMessage } from './edit-message.ts';
import type { MessagePlace } from './keys.ts';
import type { Handled, Press } from './parse.ts';
import type { Permissions } from './permissions.ts';
import type { Places } from './places.ts';
import type { DiscordMessage } from './render.ts';
import type { Reply } from './replies.ts';

export const PLATFORM = 'discord';

/** What the environment decides, as far as handlers need it. */
export interface DiscordSettings extends ChatSettings {
  /** Ids of the channels that are served, with their threads; null: all. Direct messages always are. */
  readonly channels: readonly string[] | null;
  /** The channel that gets the report of the night; null: none does. */
  readonly reportChannel: string | null;
}

/** Whom something is told that nobody else is to see. */
export interface PrivatePlace {
  readonly workspace: string;
  readonly person: string;
  /** The message to which it is said where everybody sees it, if the person takes no direct messages; left out: it is not said then. */
  readonly otherwise?: MessagePlace;
}

/** What handlers work with. */
export interface DiscordContext extends ChatContext {
  readonly settings: DiscordSettings;
  readonly api: DiscordApi;
  readonly directory: Directory;
  readonly permissions: Permissions;
  readonly places: Places;
  /** The bot. @throws what asking Discord throws */
  own(): Promise<string>;
  readonly editMessage: EditMessage;
  /** The answer to a press, a form or a command. */
  replyTo(press: Press): Reply;
  /** Tells one person something directly, where nobody else sees it; what fails is logged, never thrown. */
  tell(place: PrivatePlace, messages: readonly DiscordMessage[]): Promise<void>;
  /** Tells those who look after a workspace what the bot may not do there. */
  reportRefusal(workspace: string, channel: string, error: unknown): void;
}

/** A handler that throws: an event is handled again, of anything else the person is told. */
export type Handlers = HandlersOf<Handled, DiscordContext>;
export type Handler<Type extends Handled['type']> = Handlers[Type];
