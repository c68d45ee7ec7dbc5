import type { AssistantCommand } from '../../delivery/assistant-command.ts';
import type { Reaction } from '../../delivery/count-reaction.ts';
import type { Ignored, Person } from '../../delivery/inputs.ts';
import type { Asked as AskedAnywhere } from '../../delivery/take-question.ts';

/** Something that a person wrote and that may be a question. Its text is empty, too, when the app may not read what is written there. */
export interface Asked extends AskedAnywhere {
  readonly channel: string;
  /** The message that it answers; null: none. */
  readonly repliesTo: string | null;
}

/** What an interaction is answered by. */
export interface Occasion {
  readonly id: string;
  readonly token: string;
}

/** A button was pressed, a form sent, or a command given. */
export interface Press {
  readonly workspace: string;
  readonly person: Person;
  readonly channel: string;
  readonly isDirect: boolean;
  readonly occasion: Occasion;
  /** By the roles that Discord tells with it: whether the person may manage the server. */
  readonly mayManage: boolean;
  /** Ids of the person's roles. */
  readonly roles: readonly string[];
  /** What the bot may do in the channel, as Discord adds it up; null: everything that there is in direct messages. */
  readonly botMay: bigint | null;
}

/** Something about a message. */
interface InChannel {
  readonly workspace: string;
  readonly channel: string;
  readonly message: string;
}

/** What Discord tells, as far as the assistant has to do with it. */
export type DiscordInput =
  | ({ readonly type: 'question' } & Asked)
  | ({ readonly type: 'edited' } & Asked)
  | ({ readonly type: 'deleted' } & InChannel)
  | ({ readonly type: 'vote'; readonly channel: string } & Reaction)
  /** A moderator took away all reactions to a message, or all with one emoji. */
  | ({ readonly type: 'cleared' } & InChannel)
  | ({ readonly type: 'stop'; readonly questionId: string } & Press)
  | ({ readonly type: 'trace'; readonly questionId: string } & Press)
  | ({ readonly type: 'rated'; readonly answerId: string; readonly vote: 'up' | 'down' } & Press)
  | ({ readonly type: 'reasonWanted'; readonly answerId: string } & Press)
  | ({ readonly type: 'reason'; readonly answerId: string; readonly reason: string | null } & Press)
  | ({ readonly type: 'command'; readonly command: AssistantCommand } & Press)
  /** `/ask`, and the command in a message's menu. */
  | ({ readonly type: 'asked'; readonly text: string; readonly about: string | null } & Press)
  | Ignored;

/** Everything that Discord tells and that is handled. */
export type Handled = Exclude<DiscordInput, { type: 'ignored' }>;
export type InputOf<Type extends Handled['type']> = Extract<Handled, { type: Type }>;
