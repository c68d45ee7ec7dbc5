import { isOutage } from '../../src/db/database.ts';
import type { Journal, NoteStore, OpenTrajectory } from '../../src/domain/ports.ts';
import type { Tool } from '../../src/domain/tool.ts';
import { messageOf, withRemedy } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import type { Agents } from '../flow/agents.ts';
import { type Budgets, defaultBudgets } from '../flow/budget.ts';
import { runFlow } from '../flow/run-flow.ts';
import { seedOf } from './seed.ts';

/** What the answer job works with. */
export interface AnswerSetting {
  readonly journal: Journal;
  readonly notes: NoteStore;
  readonly tools: ReadonlyMap<string, Tool>;
  /** The agents for the policy version that a trajectory is pinned to; they can be used until `over`. */
  readonly agentsFor: (held: OpenTrajectory, over: AbortSignal) => Promise<Agents>;
  /** The name of this worker, as the journal keeps it. */
  readonly worker: string;
  /** IANA zone of people whose own is not known. */
  readonly zone: string;
  readonly budgets?: Budgets;
  readonly log: Log;
}

/** How a run of the job ended; after `wait`, `changed` and `handed back` the question is still open and will be queued again. */
export type AnswerEnd = 'answered' | 'cancelled' | 'wait' | 'over' | 'lost' | 'changed' | 'handed back';

/** What the queue is told of an end. */
export const queueEnd = (end: AnswerEnd): 'again' | 'done' =>
  end === 'wait' || end === 'changed' || end === 'handed back' ? 'again' : 'done';

/**
 * Answers one question: takes it, runs the flow from its last committed turn, commits each turn and the answer.
 * Cancelling the question, or changing its text, interrupts the run; so does `stop` (the worker is going down), after which another worker goes on.
 * @throws what generation or the store throws: the queue tries again, and `explainFailure` has the last word
 */
export async function answerQuestion(
  setting: AnswerSetting,
  questionId: string,
  stop: AbortSignal = new AbortController().signal,
): Promise<AnswerEnd> {
  const { journal, log } = setting;
  if (stop.aborted) return 'handed back';
  const held = await journal.begin(questionId, setting.worker);
  if (held === 'wait' || held === 'over') return held;

  const interrupted = new AbortController();
  const over = new AbortController();
  void journal.interrupted(held, over.signal).then(() => {
    if (!over.signal.aborted) interrupted.abort(new Error('the question was cancelled or changed'));
  });
  const orChanged = async <E extends AnswerEnd>(end: E) => ((await journal.isBegunAnew(held)) ? 'changed' : end);
  try {
    const result = await runFlow({
      question: { ...held, zone: setting.zone },
      agents: await setting.agentsFor(held, over.signal),
      tools: setting.tools,
      notes: setting.notes,
      budgets: setting.budgets ?? defaultBudgets,
      seed: seedOf(held.trajectoryId),
      signal: AbortSignal.any([interrupted.signal, stop]),
      onTurn: (turn) => journal.appendTurn(held, turn),
    });
    if (result === 'lost') return orChanged('lost');
    if (result.stopReason === 'cancelled') return interrupted.signal.aborted ? orChanged('cancelled') : 'handed back';
    const { answer, stopReason, ms } = result;
    if ((await journal.finish(held, { answer, stopReason, ms })) === 'lost') return orChanged('lost');
    log.info({ questionId, trajectoryId: held.trajectoryId, stopReason, turns: result.turns.length, ms }, 'answered');
    return 'answered';
  } finally {
    over.abort();
  }
}

/**
 * Ends a question whose last try failed with a failure that people see. While the database is away or full it stays
 * open, and is queued again by the sweep.
 */
export async function explainFailure(setting: AnswerSetting, questionId: string, error: unknown): Promise<void> {
  if (isOutage(error)) return setting.log.error({ questionId, cause: messageOf(error) }, 'answering has to wait');
  setting.log.error({ questionId, err: error }, 'answering failed');
  await setting.journal.fail(questionId, `I could not answer: ${withRemedy(error)}`);
}
