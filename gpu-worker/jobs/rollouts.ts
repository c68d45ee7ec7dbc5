import type { NoteStore, PastQuestion } from '../../src/domain/ports.ts';
import type { Tool } from '../../src/domain/tool.ts';
import type { PlannerRecord, StopReason, Turn } from '../../src/domain/trajectory.ts';
import type { Agents } from '../flow/agents.ts';
import { type FlowResult, runFlow } from '../flow/run-flow.ts';
import type { RewardedTrajectory } from '../train/flow-grpo-groups.ts';
import type { EvaluationItem } from './evaluate.ts';
import { memoryNotes } from './memory-notes.ts';

/** A conversation whose last question is rolled out; those before it are its past. */
export interface RolloutQuestion extends EvaluationItem {
  /** The moment of asking: the clock of the whole group. */
  readonly askedAt: Date;
  /** What was asked and answered before all of the questions, oldest first. */
  readonly past?: readonly PastQuestion[];
}

/** One run of the flow, with what training needs of it. */
export interface Rollout extends RewardedTrajectory {
  /** 1 when the checker takes the answer for right, otherwise 0. */
  readonly reward: number;
  readonly answer: string;
  readonly stopReason: StopReason;
  readonly toolErrors: number;
  /** Tokens that the planner wrote. */
  readonly actionTokens: number;
}

/** The agents around one engine. */
export interface RolloutAgents {
  /** They sample at the temperature of training. */
  readonly sampling: Agents;
  /** They answer the questions before the last one, once for the whole group. */
  readonly greedy: Agents;
}

export interface RolloutOptions {
  /** One for each engine; a group stays with one, whose cache knows its prompts. At least one. */
  readonly engines: readonly RolloutAgents[];
  readonly tools: ReadonlyMap<string, Tool>;
  readonly maxTurns: number;
  readonly zone: string;
  /** G: rollouts a question. */
  readonly members: number;
  /** Rollouts that run at the same time; the engine decodes them together. */
  readonly concurrency: number;
  readonly seed: number;
  /** Of the run, from 1. */
  readonly step: number;
  readonly signal?: AbortSignal;
}

/** What the members of a group share. */
interface Setting {
  readonly agents: RolloutAgents;
  readonly question: RolloutQuestion;
  readonly text: string;
  readonly past: readonly PastQuestion[];
  readonly notes: NoteStore;
}

/** Only a guard: the clock of a rollout stands still, so that results do not depend on the machine's speed. */
const SECONDS = 600;

/** A seed for each member of each group of each step of a run: 32 bits that differ whatever differs. */
export function rolloutSeed(run: number, step: number, question: number, member: number): number {
  let hash = 0x811c9dc5;
  for (const part of [run, step, question, member]) {
    hash = Math.imul(hash ^ part, 0x9e3779b1);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x85ebca6b);
    hash ^= hash >>> 13;
  }
  return hash >>> 0;
}

/**
 * G rollouts of each question, many at once: the agents, tools, memory and budgets of live answers, but the clock and the
 * notes stand still and tools write nothing.
 * @returns the members of each question, in the order of the questions
 * @throws what generation throws; the signal's reason when it fires
 */
export async function rollOut(questions: readonly RolloutQuestion[], options: RolloutOptions): Promise<Rollout[][]> {
  const settings = await inLanes([...questions.entries()], options, ([index, question]) =>
    prepared(question, index, options),
  );
  const members = settings.flatMap((setting, index) =>
    Array.from({ length: options.members }, (_, member) => ({ setting, index, member })),
  );
  const rollouts = await inLanes(members, options, ({ setting, index, member }) =>
    rolledOut(setting, rolloutSeed(options.seed, options.step, index, member), options),
  );
  return questions.map((_, index) => rollouts.slice(index * options.members, (index + 1) * options.members));
}

/** `concurrency` at a time; results in the order of the items. */
async function inLanes<T, R>(
  items: readonly T[],
  { concurrency, signal }: RolloutOptions,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  const lane = async () => {
    for (const [index, item] of waiting) {
      signal?.throwIfAborted();
      results[index] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, lane));
  return results;
}

/** The conversation up to its last question, answered greedily; its notes are kept. */
async function prepared(question: RolloutQuestion, index: number, options: RolloutOptions): Promise<Setting> {
  const notes = memoryNotes(question.notes, question.askedAt);
  const past: PastQuestion[] = [...(question.past ?? [])];
  const agents = options.engines[index % options.engines.length];
  if (agents === undefined) throw new RangeError('rollouts need an engine');
  for (const text of question.questions.slice(0, -1)) {
    const seed = rolloutSeed(options.seed, options.step, index, -1);
    const setting = { agents, question, text, past: [...past], notes };
    const { turns, answer } = await flow(setting, agents.greedy, seed, options);
    past.push({ text, turns, answer });
  }
  return { agents, question, text: question.questions.at(-1) ?? '', past, notes };
}

async function rolledOut(setting: Setting, seed: number, options: RolloutOptions): Promise<Rollout> {
  const { answer, turns, stopReason } = await flow(setting, setting.agents.sampling, seed, options, true);
  const { askedAt, isRight } = setting.question;
  const records = turns.flatMap(({ planner }) => (planner === null ? [] : [planner]));
  return {
    reward: isRight({ answer, turns, askedAt, zone: options.zone }) ? 1 : 0,
    turns: records.map(plannerTurn),
    answer,
    stopReason,
    toolErrors: turns.filter(({ error }: Turn) => error !== null).length,
    actionTokens: records.reduce((sum, { actionIds }) => sum + actionIds.length, 0),
  };
}

const plannerTurn = ({ promptIds, actionIds, logprobs }: PlannerRecord) => ({
  promptIds,
  actionIds,
  oldLogProbabilities: logprobs,
});

async function flow(
  { question, text, past, notes }: Setting,
  agents: Agents,
  seed: number,
  { tools, maxTurns, zone, signal }: RolloutOptions,
  readOnly = false,
): Promise<FlowResult> {
  const { askedAt } = question;
  const result = await runFlow({
    question: { questionId: null, workspaceId: 'rollouts', text, askedAt, zone, past, turns: [] },
    agents,
    tools,
    notes,
    readOnly,
    budgets: { turns: maxTurns, seconds: SECONDS, toolSeconds: 20 },
    seed,
    clock: () => 0,
    ...(signal && { signal }),
  });
  if (result === 'lost') throw new Error('a rollout holds no trajectory that could be lost');
  signal?.throwIfAborted();
  return result;
}
