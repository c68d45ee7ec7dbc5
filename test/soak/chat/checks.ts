import { expectAnswered, type Tables, withTables } from '../tables.ts';
import type { SoakChat } from './chat.ts';
import type { Asked, Doings } from './team.ts';

/** By the key of a posted message, the key of the question that it answers. */
async function answersPosted({ rows }: Tables): Promise<ReadonlyMap<string, string>> {
  const found = await rows(
    `select p.message, q.key from posts p join questions q on q.id = p.question_id where p.kind in ('answer', 'failure')`,
  );
  return new Map(found.map(({ message, key }) => [String(message), String(key)]));
}

type Posted = ReadonlyMap<string, string>;

/** What a reader of a thread would find wrong: each question is answered once, in the order of asking, and nothing else is left. */
function threadProblems(chat: SoakChat, asked: readonly Asked[], posted: Posted): string[] {
  const [first] = asked;
  if (first === undefined) return ['a thread without a question'];
  const named = (message: unknown) =>
    posted.get(chat.keyOf(message)) ?? `something else (${chat.keyOf(message)}): ${chat.textOf(message)}`;
  const [found, wanted] = [chat.saidIn(first.message).map(named), asked.map(({ message }) => chat.keyOf(message))];
  const root = chat.keyOf(first.message);
  return [
    ...chat.leftIn(first.message).map((left) => `${root}: ${left}`),
    ...(found.join() === wanted.join()
      ? []
      : [`${root}:\n    asked    ${wanted.join(', ')}\n    answered ${found.join(', ')}`]),
  ];
}

/** Answers that do not repeat what was asked. */
function answersOffPoint(chat: SoakChat, { threads }: Doings, posted: Posted): string[] {
  const sums = new Map(threads.flat().map((asked) => [chat.keyOf(asked.message), asked.sum]));
  return threads.flatMap(([first]) =>
    (first === undefined ? [] : chat.saidIn(first.message)).flatMap((answer) => {
      const text = chat.textOf(answer);
      const sum = sums.get(posted.get(chat.keyOf(answer)) ?? '');
      return sum === undefined || plain(text).includes(sum) ? [] : [`${sum}? ${text}`];
    }),
  );
}

/** Without the backslashes that keep a sum from being read as Markdown. */
const plain = (text: string): string => text.replaceAll('\\', '');

/** Conversations whose questions were taken in another order than that of their messages. */
async function disorder({ rows }: Tables): Promise<string[]> {
  const taken = await rows(`select c.key as conversation, string_agg(q.key, ', ' order by q.position) as taken,
    string_agg(q.key, ', ' order by q.key) as said
    from questions q join conversations c on c.id = q.conversation_id group by c.key`);
  return taken.flatMap((row) => (row.taken === row.said ? [] : [`${row.conversation}: taken as ${row.taken}`]));
}

/** Votes that are not as the people left them. */
async function voteProblems(chat: SoakChat, { rows }: Tables, { votes }: Doings, posted: Posted): Promise<string[]> {
  const stored = await rows(`select q.key as question, p.key as person, v.value from votes v
    join answers a on a.id = v.answer_id join questions q on q.id = a.question_id join people p on p.id = v.person_id`);
  const found = new Map(stored.map(({ question, person, value }) => [`${question} ${person}`, Number(value)]));
  const problems: string[] = [];
  for (const { answer, person, stands } of votes.values()) {
    const [key, who] = [chat.keyOf(answer), chat.personKeyOf(person)];
    const name = `${posted.get(key)} ${who}`;
    const value = found.get(name) ?? 0;
    found.delete(name);
    if (value !== stands) problems.push(`the vote of ${who} on ${key} is ${value}, not ${stands}`);
  }
  for (const [name, value] of found) problems.push(`nobody gave the vote ${value} of ${name}`);
  return problems;
}

export const votesOf = (url: string, chat: SoakChat, doings: Doings): Promise<string[]> =>
  withTables(url, async (tables) => voteProblems(chat, tables, doings, await answersPosted(tables)));

export interface Findings {
  readonly problems: readonly string[];
  readonly offPoint: readonly string[];
}

/** What the platform and the tables must hold after any run. */
export const inspect = (url: string, chat: SoakChat, doings: Doings): Promise<Findings> =>
  withTables(url, async (tables) => {
    const { value, expect } = tables;
    const posted = await answersPosted(tables);
    await expectAnswered(tables, doings.threads.flat().length);
    expect('undelivered', await value('select count(*) from outbox where delivered_at is null'), 0);
    expect('answers that were posted and deleted', chat.deletedAnswers(), 0);
    return {
      offPoint: answersOffPoint(chat, doings, posted),
      problems: [
        ...tables.problems,
        ...(await disorder(tables)),
        ...doings.threads.flatMap((asked) => threadProblems(chat, asked, posted)),
        ...(await voteProblems(chat, tables, doings, posted)),
        ...chat.refusals(),
      ],
    };
  });
