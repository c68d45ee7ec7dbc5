import type { AssistantCommand } from '../../delivery/assistant-command.ts';
import type { Reaction } from '../../delivery/count-reaction.ts';
import type { GivenReason } from '../../delivery/feedback.ts';
import type { Ignored, Person } from '../../delivery/inputs.ts';
import type { Asked as AskedAnywhere } from '../../delivery/take-question.ts';

/** Something that a person wrote and that may be a question. */
export interface Asked extends AskedAnywhere {
  readonly channel: string;
  /** By somebody of another organisation (Slack Connect). In an organisation-wide installation `users.info` has the last word. */
  readonly isStranger: boolean;
}

/** A button that was pressed. */
export interface Press {
  readonly workspace: string;
  readonly person: Person;
  /** null: in the App Home. */
  readonly channel: string | null;
  readonly message: string | null;
  readonly conversation: string | null;
  /** Opens a form within three seconds. */
  readonly triggerId: string;
  readonly responseUrl: string | null;
}

/** A thread of the assistant's own view. */
export interface OpenedThread {
  readonly workspace: string;
  readonly person: Person;
  readonly channel: string;
  readonly threadTs: string;
}

/** A reaction that is a vote. */
export interface SlackReaction extends Reaction {
  readonly channel: string;
  /** When, as Slack writes moments; null: it is known to be as it is now. */
  readonly at: string | null;
  /** In a channel shared with another organisation: the person may be of that one. */
  readonly isShared: boolean;
}

/** What Slack tells, as far as the assistant has to do with it. */
export type SlackInput =
  | ({ readonly type: 'question' } & Asked)
  | ({ readonly type: 'edited' } & Asked)
  | {
      readonly type: 'deleted';
      readonly workspace: string;
      readonly channel: string;
      readonly message: string;
      /** A message of the bot's own. */
      readonly isOwn: boolean;
    }
  | ({ readonly type: 'vote' } & SlackReaction)
  | {
      readonly type: 'homeOpened';
      readonly workspace: string;
      readonly person: Person;
      readonly channel: string;
      readonly tab: 'home' | 'messages';
    }
  | ({ readonly type: 'assistantOpened' } & OpenedThread)
  | ({ readonly type: 'assistantMoved' } & OpenedThread)
  | { readonly type: 'uninstalled'; readonly workspace: string }
  | { readonly type: 'tokensRevoked'; readonly workspace: string; readonly bots: readonly string[] }
  | ({ readonly type: 'stop'; readonly questionId: string } & Press)
  | ({ readonly type: 'trace'; readonly questionId: string } & Press)
  | ({ readonly type: 'rated'; readonly answerId: string; readonly vote: 'up' | 'down' } & Press)
  | ({ readonly type: 'reasonWanted'; readonly answerId: string } & Press)
  | ({ readonly type: 'command'; readonly command: AssistantCommand } & Press)
  | ({
      readonly type: 'reason';
      /** In which the answer was rated. */
      readonly conversation: string | null;
    } & GivenReason)
  | Ignored;
