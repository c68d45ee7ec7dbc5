import type { AskedQuestion } from '../../../src/domain/chat.ts';
import type { Progress } from '../../../src/domain/progress.ts';
import { MAX_QUESTION_LENGTH } from '../../../src/domain/question.ts';
import { InputError } from '../../../src/errors.ts';
import type { Person } from '../../delivery/inputs.ts';
import { type InputOf, PLATFORM, type PrivatePlace, type SlackContext } from '../context.ts';
import { conversationKey, type MessagePlace, messageKey } from '../keys.ts';
import { openingMetadata, renderAnswer, renderFailure, renderNotice } from '../render.ts';
import { directMessages, placeOfPress, writeDirectly } from './people.ts';

/**
 * `/foursight ask`: the question opens a thread in the direct messages, where it is answered as any other and can be gone on with;
 * the answer is shown, to the person alone, also where the command was typed.
 */
export async function askPrivately(input: InputOf<'command'>, text: string, slack: SlackContext): Promise<void> {
  const { workspace, person } = input;
  if (text.length > MAX_QUESTION_LENGTH)
    throw new InputError(
      'QUESTION_INVALID',
      `the question has ${text.length} characters`,
      `Ask with ${MAX_QUESTION_LENGTH} at most.`,
    );
  // The same act may come twice; whoever asks again does so by another.
  if (!slack.isFirst(`command ${workspace} ${input.triggerId}`)) return;
  const place = placeOfPress(input);
  const verdict = slack.limit.take({ workspace, person: person.key, key: input.triggerId });
  if (!verdict.isAllowed) return slack.tell(place, renderNotice(verdict.text));
  const channel = await directMessages(slack, workspace, person.key);
  const said = `You asked by command:\n\n${quoted(text)}`;
  const opening = await writeDirectly(slack, workspace, channel, said, openingMetadata(text, person.key));
  const questionId = await askOpened({ workspace, person, opening, text }, slack);
  if (input.channel === channel) return;
  await slack.tell(place, renderNotice('I am on it. You get the answer here, and in our direct messages.'));
  slack.inBackground('an answer for whoever asked by command', () => showAnswer(questionId, place, slack));
}

export interface Opened {
  readonly workspace: string;
  readonly person: Person;
  /** The message that opened the thread. */
  readonly opening: MessagePlace;
  readonly text: string;
}

/** Asks what a thread was opened for. Idempotent on the opening message. @returns the question's id */
export async function askOpened({ workspace, person, opening, text }: Opened, slack: SlackContext): Promise<string> {
  const conversation = conversationKey({ channel: opening.channel, threadTs: opening.ts });
  const message = messageKey(opening);
  const { questionId, duplicate } = await slack.loop.ask({
    ...{ platform: PLATFORM, workspace, conversation, person, key: message, text, isDirect: true },
  });
  const asked: AskedQuestion = { questionId, conversation, message, person: person.key, isDirect: true };
  if (!duplicate) slack.showProgress(workspace, asked);
  return questionId;
}

const quoted = (text: string): string => text.replace(/^/gm, '> ');

/** Only a second look: that it is in the direct messages, whatever happens, is the outbox's business. */
async function showAnswer(questionId: string, place: PrivatePlace, slack: SlackContext): Promise<void> {
  let last: Progress | undefined;
  for await (const progress of slack.loop.watch(questionId, { signal: slack.signal })) last = progress;
  const messages =
    last?.type === 'answered'
      ? renderAnswer(questionId, last.answer)
      : last?.type === 'failed'
        ? renderFailure(questionId, last.message)
        : [];
  if (messages.length > 0)
    await slack.tell(
      place,
      messages.map(({ text, blocks }) => ({ text, blocks })),
    );
}
