import { messageKey } from '../../../adapters/slack/keys.ts';
import { POST_EVENT } from '../../../adapters/slack/render.ts';
import type { FakeSlack } from '../../slack/fake/fake-slack.ts';
import type { Call } from '../../slack/fake/journal.ts';
import type { Message } from '../../slack/fake/types.ts';
import { expectAnswered, type Tables, withTables } from '../tables.ts';
import type { Asked, Doings } from './team.ts';

const keyOf = ({ channel, ts }: Message): string => messageKey({ channel: channel.id, ts });
const isOurs = ({ metadata }: Message): boolean => metadata?.event_type === POST_EVENT;

/** What calls come to hear only because others, or their answers, were lost, or came late: what is done already, or not yet. */
const BY_FAULTS = [
  'ratelimited',
  'streaming_state_conflict',
  'message_not_in_streaming_state',
  'message_not_found',
  'already_reacted',
  'expired_trigger_id',
];

/** Calls that Slack would have refused on a good day. */
const refusedCalls = (slack: FakeSlack): readonly Call[] =>
  slack.journal.refusals().filter(({ outcome }) => !BY_FAULTS.includes(outcome));

/** By the id of a delivery, the key of its question. */
async function deliveries({ rows }: Tables): Promise<ReadonlyMap<string, string>> {
  const found = await rows('select o.id, q.key from outbox o join questions q on q.id = o.question_id');
  return new Map(found.map(({ id, key }) => [String(id), String(key)]));
}

const questionOf = (message: Message, byDelivery: ReadonlyMap<string, string>): string | undefined =>
  byDelivery.get(String(message.metadata?.event_payload.delivery));

/** What a reader of a thread would find wrong: each question is answered once, in the order of asking, and nothing else is left. */
function threadProblems(slack: FakeSlack, asked: readonly Asked[], byDelivery: ReadonlyMap<string, string>): string[] {
  const [first] = asked;
  if (first === undefined) return ['a thread without a question'];
  // In a direct message people are thanked for their votes by messages, which are no answers.
  const said = slack.replies(first.message).filter(({ channel, metadata }) => channel.kind !== 'im' || metadata);
  const named = (message: Message) => questionOf(message, byDelivery) ?? `something else: ${slack.textOf(message)}`;
  const [found, wanted] = [said.map(named), asked.map(({ message }) => keyOf(message))];
  const status = slack.statusOf(first.message);
  return [
    ...(status === '' ? [] : [`${keyOf(first.message)}: the status is left at ${JSON.stringify(status)}`]),
    ...(found.join() === wanted.join()
      ? []
      : [`${keyOf(first.message)}:\n    asked    ${wanted.join(', ')}\n    answered ${found.join(', ')}`]),
  ];
}

/** Answers that do not repeat what was asked. */
function answersOffPoint(slack: FakeSlack, { threads }: Doings, byDelivery: ReadonlyMap<string, string>): string[] {
  const sums = new Map(threads.flat().map((asked) => [keyOf(asked.message), asked.sum]));
  return threads.flatMap(([first]) =>
    (first === undefined ? [] : slack.replies(first.message)).flatMap((answer) => {
      const text = slack.textOf(answer);
      const sum = sums.get(questionOf(answer, byDelivery) ?? '');
      return sum === undefined || text.includes(sum) ? [] : [`${sum}? ${text}`];
    }),
  );
}

/** Conversations whose questions were taken in another order than that of their messages. */
async function disorder({ rows }: Tables): Promise<string[]> {
  const taken = await rows(`select c.key as conversation, string_agg(q.key, ', ' order by q.position) as taken,
    string_agg(q.key, ', ' order by q.key) as said
    from questions q join conversations c on c.id = q.conversation_id group by c.key`);
  return taken.flatMap((row) => (row.taken === row.said ? [] : [`${row.conversation}: taken as ${row.taken}`]));
}

/** Votes that are not as the people left them. */
async function voteProblems(
  { rows }: Tables,
  { votes }: Doings,
  byDelivery: ReadonlyMap<string, string>,
): Promise<string[]> {
  const stored = await rows(`select q.key as question, p.key as person, v.value from votes v
    join answers a on a.id = v.answer_id join questions q on q.id = a.question_id join people p on p.id = v.person_id`);
  const found = new Map(stored.map(({ question, person, value }) => [`${question} ${person}`, Number(value)]));
  const problems: string[] = [];
  for (const { answer, person, stands } of votes.values()) {
    const name = `${questionOf(answer, byDelivery)} ${person.id}`;
    const value = found.get(name) ?? 0;
    found.delete(name);
    if (value !== stands) problems.push(`the vote of ${person.id} on ${keyOf(answer)} is ${value}, not ${stands}`);
  }
  for (const [name, value] of found) problems.push(`nobody gave the vote ${value} of ${name}`);
  return problems;
}

export const votesOf = (url: string, doings: Doings): Promise<string[]> =>
  withTables(url, async (tables) => voteProblems(tables, doings, await deliveries(tables)));

export interface Findings {
  readonly problems: readonly string[];
  readonly offPoint: readonly string[];
}

/** What Slack and the tables must hold after any run. */
export const inspectSlack = (url: string, slack: FakeSlack, doings: Doings): Promise<Findings> =>
  withTables(url, async (tables) => {
    const { value, expect } = tables;
    const byDelivery = await deliveries(tables);
    await expectAnswered(tables, doings.threads.flat().length);
    expect('undelivered', await value('select count(*) from outbox where delivered_at is null'), 0);
    expect('answers that were posted and deleted', slack.world.deleted.filter(isOurs).length, 0);
    return {
      offPoint: answersOffPoint(slack, doings, byDelivery),
      problems: [
        ...tables.problems,
        ...(await disorder(tables)),
        ...doings.threads.flatMap((asked) => threadProblems(slack, asked, byDelivery)),
        ...(await voteProblems(tables, doings, byDelivery)),
        ...refusedCalls(slack).map(
          ({ method, outcome, detail, args }) =>
            `${method} was refused: ${outcome} ${detail.join('; ')} ${JSON.stringify(args).slice(0, 300)}`,
        ),
      ],
    };
  });
