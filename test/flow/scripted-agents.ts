import type { Agents, AnalysedState, PlannedAction } from '../../gpu-worker/flow/agents.ts';
import { defaultBudgets } from '../../gpu-worker/flow/budget.ts';
import type { FlowOptions, FlowQuestion } from '../../gpu-worker/flow/run-flow.ts';
import { tools } from '../../gpu-worker/tools/registry.ts';
import { memoryNotes, now } from '../tools/tool-context.ts';

/** What the planner says: `tool: command`, with a `!` at the end when it is the last action; anything else cannot be read. */
export type Script = readonly string[];

export function readAction(text: string): PlannedAction | undefined {
  const match = /^(\w+): (.*?)(!?)$/.exec(text);
  if (!match) return undefined;
  const [, tool = '', context = '', mark] = match;
  return { subGoal: `use ${tool}`, tool, context, final: mark === '!' };
}

/** Agents that follow a script by the number of turns in the memory; they note the states they saw. */
export function scriptedAgents(
  script: Script,
  changes: Partial<Agents> = {},
): Agents & { readonly seen: AnalysedState[] } {
  const seen: AnalysedState[] = [];
  return {
    seen,
    analyse: async ({ question }) => ({ text: question, entities: [] }),
    async plan(state) {
      seen.push(state);
      const text = script[state.turns.length] ?? '';
      const record = { promptIds: [1, 2], actionIds: [3, state.turns.length], logprobs: [-0.5, 0], temperature: 0.5 };
      const action = readAction(text);
      return action ? { action, record } : { problem: 'write tool: command', text, record };
    },
    execute: async (_, action) => action.context,
    verify: async (_, turn, plan) =>
      plan.action?.final && turn.error === null
        ? { verdict: 'stop', reason: 'the last action succeeded' }
        : { verdict: 'continue', reason: 'more to do' },
    generate: async ({ turns }, stopReason) =>
      stopReason === 'verified'
        ? (turns.at(-1)?.result ?? '')
        : `I stopped (${stopReason}) after ${turns.length} turns.`,
    ...changes,
  };
}

export const question: FlowQuestion = {
  questionId: 'q',
  workspaceId: 'w',
  text: 'What is 17 * 23 + 4?',
  askedAt: now,
  zone: 'UTC',
  past: [],
  turns: [],
};

export function flowOptions(changes: Partial<FlowOptions> & Pick<FlowOptions, 'agents'>): FlowOptions {
  return { question, tools, notes: memoryNotes(), budgets: defaultBudgets, seed: 1, ...changes };
}
