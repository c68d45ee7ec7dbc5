import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { openEngine } from '../gpu-worker/engine/open-engine.ts';
import { starterAgents } from '../gpu-worker/flow/starter/starter-agents.ts';
import { evaluate } from '../gpu-worker/jobs/evaluate.ts';
import { openModel } from '../gpu-worker/models/model.ts';
import { tools } from '../gpu-worker/tools/registry.ts';
import { readConfig } from '../src/config.ts';

/**
 * `npm run bench -- answers [--url URL] [--token TOKEN]`: how long a starter question takes over HTTP at a running
 * instance, one after another and 32 at once, and how much of that the model takes (the same questions through the
 * flow in this process, with the time of every call of the model added up).
 */
const QUESTIONS = [
  'What is 17 * 23 + 4?',
  'How many kilometres are 26.2 miles?',
  'What is 15 percent of 80?',
  'What weekday is it in 45 days?',
  'What time is it in Tokyo?',
  'Add twelve and thirty and double it',
  'Convert 72 degrees Fahrenheit to Celsius',
  'What is (3 + 5) * 12 / 4?',
];
const ROUNDS = 12;
const AT_ONCE = 32;

const questionAt = (index: number): string => QUESTIONS[index % QUESTIONS.length] ?? '';
const quantile = (sorted: readonly number[], q: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Milliseconds in the model per question, one question at a time. */
async function modelTime(model: string): Promise<number> {
  const loaded = await openModel(model);
  const engine = await openEngine({ model: loaded });
  let inModel = 0;
  const agents = starterAgents({
    tokenizer: loaded.tokenizer,
    generate: async (request) => {
      const start = performance.now();
      const generation = await engine.generate(request);
      inModel += performance.now() - start;
      return generation;
    },
    temperature: 0,
  });
  const items = QUESTIONS.map((text) => ({ notes: [], questions: [text], isRight: () => true }));
  const options = { agents, tools, maxTurns: 6, zone: 'UTC', concurrency: 1, seed: 1 };
  await evaluate(items, options);
  inModel = 0;
  await evaluate(items, options);
  await engine.close();
  return inModel / items.length;
}

export async function run(args: readonly string[]): Promise<void> {
  const config = readConfig();
  const option = (name: string) => (args.includes(`--${name}`) ? args[args.indexOf(`--${name}`) + 1] : undefined);
  const url = option('url') ?? `http://127.0.0.1:${config.http.port}`;
  const token =
    option('token') ?? config.http.token ?? (await readFile(join(config.home, 'http-token'), 'utf8')).trim();
  const ask = async (question: string): Promise<void> => {
    const response = await fetch(new URL('/api/questions?wait=1', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ question }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${text}`);
    z.object({ answer: z.string() }).parse(JSON.parse(text));
  };
  for (const question of QUESTIONS) await ask(question);
  const alone: number[] = [];
  for (let index = 0; index < ROUNDS * QUESTIONS.length; index += 1)
    alone.push(await timed(() => ask(questionAt(index))));
  alone.sort((a, b) => a - b);
  const together = await timed(() =>
    Promise.all(Array.from({ length: AT_ONCE }, (_, index) => ask(questionAt(index)))),
  );
  const model = await modelTime(config.model);
  const mean = alone.reduce((sum, ms) => sum + ms, 0) / alone.length;
  const row = (name: string, value: string) => console.log(`${name.padEnd(44)} ${value.padStart(10)}`);
  row(`one question over HTTP, p50 of ${alone.length}`, `${quantile(alone, 0.5).toFixed(1)} ms`);
  row('one question over HTTP, p95', `${quantile(alone, 0.95).toFixed(1)} ms`);
  row(`${AT_ONCE} questions at once, until the last answer`, `${together.toFixed(0)} ms`);
  row('in the model, mean per question', `${model.toFixed(1)} ms`);
  row('share of time in the model', `${((100 * model) / mean).toFixed(0)} %`);
}
