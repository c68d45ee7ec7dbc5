import type { PastQuestion } from '../../src/domain/ports.ts';
import type { Tool } from '../../src/domain/tool.ts';
import type { Turn } from '../../src/domain/trajectory.ts';
import type { Agents } from '../flow/agents.ts';
import { runFlow } from '../flow/run-flow.ts';
import { memoryNotes } from './memory-notes.ts';

/** A conversation to evaluate: the answer to its last question is judged. */
export interface EvaluationItem {
  readonly notes: readonly string[];
  readonly questions: readonly string[];
  /** The moment of asking; default the moment at which its turn comes. */
  readonly askedAt?: Date;
  readonly isRight: (run: EvaluatedRun) => boolean;
}

export interface EvaluatedRun {
  readonly answer: string;
  /** The last question's turns. */
  readonly turns: readonly Turn[];
  readonly askedAt: Date;
  readonly zone: string;
}

export interface EvaluateOptions {
  readonly agents: Agents;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly maxTurns: number;
  readonly zone: string;
  /** Conversations that run at the same time; the engine decodes them together. */
  readonly concurrency: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Conversations end in any order; `index` is the item's place. */
  readonly onDone?: (item: EvaluationItem, run: EvaluatedRun, right: boolean, index: number) => void;
}

/** Rates are fractions of 1. */
export interface Figures {
  readonly accuracy: number;
  readonly correct: number;
  readonly total: number;
  /** Turns with an error / all turns. */
  readonly toolErrorRate: number;
  /** Turns per question asked. */
  readonly meanTurns: number;
}

/** Long enough that no question ends for want of time, whatever else the machine does. */
const SECONDS = 600;

async function runItem(
  item: EvaluationItem,
  options: EvaluateOptions,
  seed: number,
): Promise<EvaluatedRun & { all: Turn[] }> {
  const askedAt = item.askedAt ?? new Date();
  const notes = memoryNotes(item.notes, askedAt);
  const past: PastQuestion[] = [];
  const all: Turn[] = [];
  for (const text of item.questions) {
    const result = await runFlow({
      question: {
        questionId: null,
        workspaceId: 'evaluation',
        text,
        askedAt,
        zone: options.zone,
        past: [...past],
        turns: [],
      },
      agents: options.agents,
      tools: options.tools,
      notes,
      budgets: { turns: options.maxTurns, seconds: SECONDS, toolSeconds: 20 },
      seed,
      ...(options.signal && { signal: options.signal }),
    });
    if (result === 'lost') throw new Error('an evaluation holds no trajectory that could be lost');
    options.signal?.throwIfAborted();
    past.push({ text, turns: result.turns, answer: result.answer });
    all.push(...result.turns);
  }
  const last = past.at(-1);
  return { answer: last?.answer ?? '', turns: last?.turns ?? [], askedAt, zone: options.zone, all };
}

/**
 * Runs the flow over conversations, many at once, and judges their last answers.
 * @throws what generation throws; the signal's reason when it fires
 */
export async function evaluate(items: readonly EvaluationItem[], options: EvaluateOptions): Promise<Figures> {
  let correct = 0;
  let turns = 0;
  let errors = 0;
  let asked = 0;
  const waiting = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      const { all, ...run } = await runItem(item, options, options.seed + index);
      const right = item.isRight(run);
      if (right) correct += 1;
      asked += item.questions.length;
      turns += all.length;
      errors += all.filter((turn) => turn.error !== null).length;
      options.onDone?.(item, run, right, index);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, lane));
  return {
    accuracy: items.length === 0 ? 0 : correct / items.length,
    correct,
    total: items.length,
    toolErrorRate: turns === 0 ? 0 : errors / turns,
    meanTurns: asked === 0 ? 0 : turns / asked,
  };
}
