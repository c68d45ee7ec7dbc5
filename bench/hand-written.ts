import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/**
 * `npm run bench -- hand-written --url URL --token TOKEN`: asks a running instance the forty questions of
 * test/questions/hand-written.jsonl, four of each kind. They were written from the kinds' names alone and committed
 * before any planner existed; nobody tunes on them. Answers are judged by what must stand in their text.
 */
const lineSchema = z.object({
  kind: z.string(),
  question: z.string(),
  /** Any one of these must stand in the answer; `@…` is computed at the moment of asking. */
  answers: z.array(z.string()).min(1),
  before: z.array(z.string()).default([]),
  /** True when the questions before belong to the same conversation. */
  conversation: z.boolean().default(false),
});
type HandWritten = z.infer<typeof lineSchema>;

const answerSchema = z.object({
  answer: z.string(),
  stopReason: z.string(),
  turns: z.array(z.object({ tool: z.string(), command: z.string() })),
});
type Answered = z.infer<typeof answerSchema>;

const weekday = (date: Date) => date.toLocaleDateString('en-GB', { weekday: 'long', timeZone: 'UTC' });
const plain = (text: string) => text.toLowerCase().replace(/(\d),(?=\d{3})/g, '$1');

/** True when `number` stands in the text as a number of its own, to the digits given. */
function holdsNumber(text: string, number: string): boolean {
  const digits = number.split('.')[1]?.length ?? 0;
  return [...plain(text).matchAll(/(?<![\d/.])-?\d+(?:\.\d+)?(?![\d/])/g)].some(
    ([found]) =>
      Math.abs(Number(found) - Number(number)) <= (digits === 0 ? 0.5 : 0.6 * 10 ** -digits) &&
      (digits > 0 || Math.round(Number(found)) === Number(number)),
  );
}

/** True when one expression of the text uses each of the numbers once and makes 24. */
function makes24(text: string, numbers: readonly number[]): boolean {
  const expressions =
    text
      .replaceAll('×', '*')
      .replaceAll('÷', '/')
      .match(/[-+*/() \d]{7,}/g) ?? [];
  return expressions.some((expression) => {
    const left = expression.split('=')[0] ?? '';
    const used = (left.match(/\d+/g) ?? []).map(Number).sort((a, b) => a - b);
    if (used.join() !== [...numbers].sort((a, b) => a - b).join()) return false;
    try {
      return Math.abs(Number(new Function(`return (${left})`)()) - 24) < 1e-9;
    } catch (error) {
      if (error instanceof SyntaxError) return false;
      throw error;
    }
  });
}

function holds(answered: Answered, expected: string, now: Date): boolean {
  const { answer } = answered;
  if (expected === '@help')
    return /\bI can\b/i.test(answer) && answered.turns.every((turn) => turn.tool === 'help' || turn.tool === '');
  if (expected.startsWith('@24 ')) return makes24(answer, expected.slice(4).split(' ').map(Number));
  if (expected.startsWith('@time ')) {
    return [-1, 0, 1].some((minutes) => {
      const at = new Date(now.getTime() + minutes * 60_000);
      return answer.includes(
        at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: expected.slice(6) }),
      );
    });
  }
  if (expected.startsWith('@date+')) {
    const date = new Date(now.getTime() + Number(expected.slice(6)) * 86_400_000);
    const month = date.toLocaleDateString('en-GB', { month: 'long', timeZone: 'UTC' });
    return (
      answer.includes(`${date.getUTCDate()} ${month}`) ||
      answer.includes(date.toISOString().slice(0, 10)) ||
      answer.includes(`${month} ${date.getUTCDate()}`) ||
      (answer.includes(weekday(date)) && answer.includes(String(date.getUTCDate())))
    );
  }
  return /^-?\d+(\.\d+)?$/.test(expected) ? holdsNumber(answer, expected) : plain(answer).includes(plain(expected));
}

export async function run(args: readonly string[]): Promise<void> {
  const option = (name: string) => args[args.indexOf(`--${name}`) + 1];
  const url = option('url');
  const token = option('token');
  if (!args.includes('--url') || !args.includes('--token') || url === undefined) {
    throw new Error('usage: npm run bench -- hand-written --url http://127.0.0.1:PORT --token TOKEN');
  }
  const ask = async (question: string, conversation: string): Promise<Answered> => {
    const response = await fetch(new URL('/api/questions?wait=1', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ question, conversation }),
    });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return answerSchema.parse(await response.json());
  };
  const path = fileURLToPath(new URL('../test/questions/hand-written.jsonl', import.meta.url));
  const questions: HandWritten[] = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => lineSchema.parse(JSON.parse(line)));
  const run = Date.now().toString(36);
  let right = 0;
  for (const [index, item] of questions.entries()) {
    const name = (part: number) => `hand-${run}-${index}${item.conversation ? '' : `-${part}`}`;
    for (const [part, before] of item.before.entries()) await ask(before, name(part));
    const answered = await ask(item.question, name(item.before.length));
    const ok = item.answers.some((expected) => holds(answered, expected, new Date()));
    if (ok) right += 1;
    const turns = answered.turns.map((turn) => `${turn.tool}: ${turn.command}`).join(' → ');
    console.log(
      `${ok ? 'right' : 'WRONG'}  ${item.kind.padEnd(9)} ${item.question}\n       ${turns}\n       ${answered.answer.replaceAll('\n', ' ')}`,
    );
  }
  console.log(`\n${right} of ${questions.length} right`);
}
