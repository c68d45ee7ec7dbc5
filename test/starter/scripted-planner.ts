import type { Generate } from '../../gpu-worker/flow/agents.ts';
import { type FlowResult, runFlow } from '../../gpu-worker/flow/run-flow.ts';
import { PromptWriter } from '../../gpu-worker/flow/starter/prompt.ts';
import { starterAgents } from '../../gpu-worker/flow/starter/starter-agents.ts';
import { type StarterTokenizer, specialTokens } from '../../gpu-worker/flow/starter/vocabulary.ts';
import { tools } from '../../gpu-worker/tools/registry.ts';
import type { NoteStore, PastQuestion } from '../../src/domain/ports.ts';

/** A word is a token. */
export function wordTokenizer(): StarterTokenizer {
  const ids = new Map<string, number>();
  const texts: string[] = [];
  const idOf = (text: string): number => {
    const known = ids.get(text);
    if (known !== undefined) return known;
    ids.set(text, texts.length);
    return texts.push(text) - 1;
  };
  for (const token of specialTokens) idOf(token);
  return { idOf: (token) => ids.get(token), encode: (text) => [idOf(text)], decode: ([id = 0]) => texts[id] ?? '' };
}

/** Thursday. */
export const moment = new Date('2026-03-05T10:00:00Z');

export function memoryNotes(): NoteStore {
  const list: { id: string; text: string; createdAt: Date }[] = [];
  return {
    remember: async (_, { text }) => void list.unshift({ id: String(list.length), text, createdAt: moment }),
    list: async () => list,
  };
}

export interface Asked extends FlowResult {
  readonly prompts: readonly (readonly number[])[];
}

/** Asks the starter family a question while the planner's output is given: `calculator: <|1|> final` a turn. */
export async function ask(
  question: string,
  script: readonly string[],
  options: { past?: readonly PastQuestion[]; notes?: NoteStore; logprob?: number; tokenizer?: StarterTokenizer } = {},
): Promise<Asked> {
  const tokenizer = options.tokenizer ?? wordTokenizer();
  const writer = new PromptWriter(tokenizer);
  const prompts: (readonly number[])[] = [];
  const outputs = [...script];
  const generate: Generate = async ({ ids }) => {
    prompts.push(ids);
    const output = outputs.shift() ?? 'help final';
    const [, text = '', end = ''] = /^(.*?) ?(final|more|length)$/.exec(output) ?? [];
    const action = end === 'length' ? writer.words(text) : writer.action(text, end as 'final' | 'more');
    return {
      ids: action,
      logprobs: action.map(() => options.logprob ?? -0.01),
      finishReason: end === 'length' ? 'length' : 'stop',
    };
  };
  const result = await runFlow({
    question: {
      questionId: null,
      workspaceId: 'w',
      text: question,
      askedAt: moment,
      zone: 'Europe/Berlin',
      past: options.past ?? [],
      turns: [],
    },
    agents: starterAgents({ tokenizer, generate, temperature: 0 }),
    tools,
    notes: options.notes ?? memoryNotes(),
    budgets: { turns: 6, seconds: 20, toolSeconds: 5 },
    seed: 1,
  });
  if (result === 'lost') throw new Error('nothing was to be lost');
  return { ...result, prompts };
}

/** The question as the conversation's next one sees it. */
export const asPast = (text: string, { turns, answer }: FlowResult): PastQuestion => ({ text, turns, answer });
