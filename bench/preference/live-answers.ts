import type { Agents } from '../../gpu-worker/flow/agents.ts';
import { defaultBudgets } from '../../gpu-worker/flow/budget.ts';
import { type FlowResult, runFlow } from '../../gpu-worker/flow/run-flow.ts';
import { memoryNotes } from '../../gpu-worker/jobs/memory-notes.ts';
import type { RolloutAgents } from '../../gpu-worker/jobs/rollouts.ts';
import { rolloutSeed } from '../../gpu-worker/jobs/rollouts.ts';
import { tools } from '../../gpu-worker/tools/registry.ts';
import type { PastQuestion } from '../../src/domain/ports.ts';
import type { TeamQuestion } from './questions.ts';

const ZONE = 'UTC';
const CONCURRENCY = 128;

/** A question's answer in the flow of live answers. */
export interface LiveAnswer extends Pick<FlowResult, 'answer' | 'turns'> {
  readonly question: TeamQuestion;
  readonly past: readonly PastQuestion[];
  readonly isRight: boolean;
}

/** Answers each question once. @param how live answers are sampled, a gate's are greedy */
export async function answered(
  questions: readonly TeamQuestion[],
  engines: readonly RolloutAgents[],
  how: keyof RolloutAgents,
  seed: number,
): Promise<LiveAnswer[]> {
  const answers: LiveAnswer[] = [];
  const waiting = questions.entries();
  const lane = async () => {
    for (const [index, question] of waiting) {
      const agents = engines[index % engines.length]?.[how];
      if (agents === undefined) throw new RangeError('answers need an engine');
      answers[index] = await answer(question, agents, rolloutSeed(seed, 0, index, 0));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
  return answers;
}

async function answer(question: TeamQuestion, agents: Agents, seed: number): Promise<LiveAnswer> {
  const { askedAt } = question;
  const notes = memoryNotes(question.notes, askedAt);
  const past: PastQuestion[] = [];
  for (const text of question.questions) {
    const result = await runFlow({
      question: { questionId: null, workspaceId: 'bench', text, askedAt, zone: ZONE, past: [...past], turns: [] },
      ...{ agents, tools, notes, seed, budgets: { ...defaultBudgets, seconds: 600 } },
    });
    if (result === 'lost') throw new Error('no trajectory is held');
    past.push({ text, turns: result.turns, answer: result.answer });
  }
  const { answer: last = '', turns = [] } = past.pop() ?? {};
  return {
    question,
    past,
    answer: last,
    turns,
    isRight: question.isRight({ answer: last, turns, askedAt, zone: ZONE }),
  };
}
