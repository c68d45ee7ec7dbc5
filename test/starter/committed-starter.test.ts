import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../gpu-worker/engine/engine.ts';
import { openEngine } from '../../gpu-worker/engine/open-engine.ts';
import { runFlow } from '../../gpu-worker/flow/run-flow.ts';
import { starterAgents } from '../../gpu-worker/flow/starter/starter-agents.ts';
import { type LoadedModel, openModel } from '../../gpu-worker/models/model.ts';
import { tools } from '../../gpu-worker/tools/registry.ts';
import type { PastQuestion } from '../../src/domain/ports.ts';
import { asPast, memoryNotes, moment } from './scripted-planner.ts';

let model: LoadedModel;
let engine: Engine;
beforeAll(async () => {
  model = await openModel(new URL('../../starter/model', import.meta.url).pathname);
  engine = await openEngine({ model });
});
afterAll(() => engine.close());

/** The answers of a conversation, greedily. */
async function converse(questions: readonly string[]): Promise<string> {
  const notes = memoryNotes();
  const past: PastQuestion[] = [];
  for (const text of questions) {
    const result = await runFlow({
      question: { questionId: null, workspaceId: 'w', text, askedAt: moment, zone: 'UTC', past, turns: [] },
      agents: starterAgents({
        tokenizer: model.tokenizer,
        generate: (request) => engine.generate(request),
        temperature: 0,
      }),
      tools,
      notes,
      budgets: { turns: 6, seconds: 30, toolSeconds: 5 },
      seed: 1,
    });
    if (result === 'lost') throw new Error('nothing was to be lost');
    past.push(asPast(text, result));
  }
  return past.at(-1)?.answer ?? '';
}

describe('the committed starter answers', () => {
  it.each<[string, string[], RegExp]>([
    ['symbols', ['What is 17 * 23 + 4?'], /\b395\b/],
    ['symbols', ['(19 + 6) × 4 − 10'], /\b90\b/],
    ['words', ['seventeen times twenty-three plus four'], /\b395\b/],
    ['words', ['What is 15% of 80?'], /\b12\b/],
    ['problems', ['Anna has 5 boxes with 12 apples each and gives away 7. How many are left?'], /\b53\b/],
    [
      'problems',
      ['Maria has 3 bags with 14 marbles in each. She loses 5 marbles. How many does she have now?'],
      /\b37\b/,
    ],
    ['convert', ['Convert 26 miles to km'], /41\.84/],
    ['convert', ['How many feet are in 3 meters?'], /9\.84/],
    ['dates', ['What time is it in Tokyo?'], /19:00/],
    ['dates', ['What day of the week was 20 July 1969?'], /Sunday/],
    ['notes', ['Remember that the door code is 4711', 'What is the door code?'], /4711/],
    ['followups', ['What is 15 * 4?', 'And divided by 5?'], /\b12\b/],
    ['followups', ['Convert 3 feet to cm', 'and in inches?'], /\b36\b/],
    ['twotools', ['Convert 5 miles to km and multiply by 3'], /24\.14/],
    ['gameof24', ['Make 24 from 4 and 6'], /= 24/],
    ['other', ['Write me a poem about the sea'], /I can calculate/],
  ])('%s: %j', async (_, questions, answer) => {
    expect(await converse(questions)).toMatch(answer);
  });
});
