import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { Engine } from '../../gpu-worker/engine/engine.ts';
import { openEngine } from '../../gpu-worker/engine/open-engine.ts';
import { starterAgents } from '../../gpu-worker/flow/starter/starter-agents.ts';
import { type EvaluatedRun, type EvaluationItem, evaluate } from '../../gpu-worker/jobs/evaluate.ts';
import { openModel } from '../../gpu-worker/models/model.ts';
import { answerDates } from '../../gpu-worker/tools/dates.ts';
import { tools } from '../../gpu-worker/tools/registry.ts';

/**
 * A line of colloquial.jsonl: a conversation, and what the answer to its last question holds: `want` every one of these (`a|b`: either),
 * `do` what one of these commands of dates gives, `calc` the days of the first times 24, `help` what the assistant can do.
 */
const lineSchema = z.strictObject({
  kind: z.string(),
  ask: z.array(z.string()).min(1),
  want: z.array(z.string()).optional(),
  do: z.array(z.string()).optional(),
  calc: z.array(z.string()).optional(),
  help: z.boolean().optional(),
});
type Line = z.infer<typeof lineSchema>;

const holds = (answer: string, value: string): boolean =>
  value
    .split('|')
    .some((one) => new RegExp(`(?<![\\d.])${one.replace(/[.^$*+?()[\]{}\\]/g, '\\$&')}`, 'i').test(answer));

function isRight(line: Line, { answer: text, askedAt: now, zone }: EvaluatedRun): boolean {
  const answer = text.replaceAll(',', '');
  const dates = (command: string): string =>
    answerDates(command.replace('dates: ', ''), { now, zone }).replaceAll(',', '');
  if (line.help) return answer.includes('I can calculate');
  if (line.do) return line.do.some((command) => answer.includes(dates(command)));
  if (line.calc) return answer.includes(String(Number.parseInt(dates(line.calc[0] ?? ''), 10) * 24));
  return (line.want ?? []).every((value) => holds(answer, value));
}

let engine: Engine;
afterAll(() => engine.close());
const lines: Line[] = [];
beforeAll(async () => {
  const text = await readFile(new URL('./colloquial.jsonl', import.meta.url), 'utf8');
  for (const line of text.trim().split('\n')) lines.push(lineSchema.parse(JSON.parse(line)));
});

it('the committed starter answers four in five colloquial questions that no generator wrote', async () => {
  const model = await openModel(new URL('../../starter/model', import.meta.url).pathname);
  engine = await openEngine({ model });
  const agents = starterAgents({
    tokenizer: model.tokenizer,
    generate: (request) => engine.generate(request),
    temperature: 0,
  });
  const items = lines.map(
    (line): EvaluationItem => ({ notes: [], questions: line.ask, isRight: (run) => isRight(line, run) }),
  );
  const { accuracy, total } = await evaluate(items, {
    agents,
    tools,
    maxTurns: 6,
    zone: 'Europe/Berlin',
    concurrency: 16,
    seed: 7,
  });
  expect(total).toBeGreaterThan(150);
  expect(accuracy).toBeGreaterThan(0.8);
}, 60_000);
