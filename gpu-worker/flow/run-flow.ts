import type { NoteStore, PastQuestion } from '../../src/domain/ports.ts';
import type { Tool } from '../../src/domain/tool.ts';
import type { FlowOutcome, StopReason, Turn } from '../../src/domain/trajectory.ts';
import type { Agents, Analysis, FlowState } from './agents.ts';
import { type Budgets, deadline, Interrupted, untilAborted } from './budget.ts';
import { runTurn, type TurnSetting } from './run-turn.ts';

/** The question that a run answers, with what it may know. */
export interface FlowQuestion {
  readonly questionId: string | null;
  readonly workspaceId: string;
  readonly text: string;
  readonly askedAt: Date;
  /** The person's IANA time zone. */
  readonly zone: string;
  /** Earlier questions of the conversation, oldest first. */
  readonly past: readonly PastQuestion[];
  /** Turns committed earlier: the run goes on after them. */
  readonly turns: readonly Turn[];
}

export interface FlowOptions {
  readonly question: FlowQuestion;
  readonly agents: Agents;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly notes: NoteStore;
  /** Tools write nothing; for rollouts and evaluations. */
  readonly readOnly?: boolean;
  readonly budgets: Budgets;
  /** Of the trajectory: the same seed and question give the same run. */
  readonly seed: number;
  /** Cancels the run: generation and tools are interrupted. */
  readonly signal?: AbortSignal;
  /** Commits a turn before the next one begins; `lost` ends the run at once. */
  readonly onTurn?: (turn: Turn) => Promise<'stored' | 'lost'>;
  /** Milliseconds from any origin; default `performance.now`. */
  readonly clock?: () => number;
}

export interface FlowResult extends FlowOutcome {
  /** The whole trajectory, turns that were handed in included. */
  readonly turns: readonly Turn[];
}

/** Seconds the generator has beyond the budget: an answer that says what was not reached is still owed. */
const lastSeconds = 10;
const outOfTimeAnswer = 'I ran out of time before I could answer. Please ask again, perhaps in smaller parts.';
const emptyAnswer = 'I found no answer to that.';

/**
 * Answers a question: query analysis once, then turns of planner, executor, tool, memory and verifier until the verifier
 * says stop or a budget is spent, then the generator (AgentFlow, arXiv 2510.05592, section 3). Whatever goes wrong within a turn is
 * recorded in it and seen by the planner next; a turn that is cut short by the clock or by cancelling is not recorded.
 * @returns `lost` when `onTurn` said so; an empty answer only when cancelled
 * @throws what the agents throw when generation itself fails
 */
export async function runFlow(options: FlowOptions): Promise<FlowResult | 'lost'> {
  const { question, agents, tools, budgets, notes } = options;
  const clock = options.clock ?? (() => performance.now());
  const turns: Turn[] = [...question.turns];
  const began = clock() - turns.reduce((sum, turn) => sum + turn.ms, 0);
  const elapsed = (): number => Math.max(0, clock() - began);
  const budgetMs = budgets.seconds * 1_000;

  const cancel = options.signal ?? new AbortController().signal;
  const leftMs = Math.max(0, budgetMs - elapsed());
  const outOfTime = deadline(leftMs);
  const atLast = deadline(leftMs + lastSeconds * 1_000);
  const working = AbortSignal.any([cancel, outOfTime.signal]);
  const lastWord = AbortSignal.any([cancel, atLast.signal]);

  const { questionId, workspaceId, text, askedAt, zone, past } = question;
  const setting: TurnSetting = {
    agents,
    tools,
    toolContext: {
      workspaceId,
      questionId,
      question: text,
      now: askedAt,
      zone,
      notes,
      readOnly: options.readOnly ?? false,
    },
    toolSeconds: budgets.toolSeconds,
    clock,
  };
  const metadata = [...tools.values()].map((tool) => tool.metadata);
  const state = (signal: AbortSignal): FlowState => ({
    ...{ question: text, askedAt, zone, past, tools: metadata, seed: options.seed, signal },
    turns: [...turns],
    turnsLeft: Math.max(0, budgets.turns - turns.length),
  });

  /** Why there is no further turn, if there is none. */
  function ended(): StopReason | undefined {
    if (cancel.aborted) return 'cancelled';
    if (turns.at(-1)?.verdict === 'stop') return 'verified';
    if (turns.length >= budgets.turns) return 'turns';
    return outOfTime.signal.aborted || elapsed() >= budgetMs ? 'seconds' : undefined;
  }

  /** Turns until there is a reason to stop. */
  async function takeTurns(analysis: Analysis): Promise<StopReason | 'lost'> {
    for (;;) {
      const reason = ended();
      if (reason !== undefined) return reason;
      const turn = await runTurn({ ...state(working), analysis }, setting);
      if ((await options.onTurn?.(turn)) === 'lost') return 'lost';
      turns.push(turn);
    }
  }

  const over = (answer: string, stopReason: StopReason): FlowResult => ({ answer, stopReason, ms: elapsed(), turns });

  async function answerIt(): Promise<FlowResult | 'lost'> {
    let analysis: Analysis | undefined;
    let stopReason: StopReason | 'lost';
    try {
      analysis = await untilAborted(working, () => agents.analyse(state(working)));
      stopReason = await takeTurns(analysis);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      stopReason = ended() ?? 'seconds';
    }
    if (stopReason === 'lost') return 'lost';
    if (stopReason === 'cancelled') return over('', 'cancelled');
    if (analysis === undefined) return over(outOfTimeAnswer, stopReason);
    const final = { ...state(lastWord), analysis };
    try {
      const answer = await untilAborted(lastWord, () => agents.generate(final, stopReason));
      return over(answer.trim() === '' ? emptyAnswer : answer, stopReason);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      return cancel.aborted ? over('', 'cancelled') : over(outOfTimeAnswer, 'seconds');
    }
  }

  try {
    return await answerIt();
  } finally {
    outOfTime.clear();
    atLast.clear();
  }
}
