import { type QuestionView, viewQuestion } from '../db/standing-queries.ts';
import type { Progress } from '../domain/progress.ts';
import { InputError } from '../errors.ts';
import { createBell } from './bell.ts';
import type { LoopSetting } from './loop.ts';

/** Looks again after this long even when no change was announced. */
const LOOK_AGAIN_MS = 5_000;

/**
 * Every step of a question from the first on. Notices of a change only wake the watcher; what it yields is read from the
 * tables, so that nothing is missed and nothing comes twice.
 * @throws InputError for an unknown id
 */
export async function* watchQuestion(
  { db, channel }: LoopSetting,
  questionId: string,
  signal?: AbortSignal,
): AsyncGenerator<Progress> {
  const bell = createBell();
  const unsubscribe = channel.subscribe(questionId, bell.ring);
  signal?.addEventListener('abort', bell.ring);
  const seen = { queued: false, started: false, turns: 0 };
  try {
    while (signal?.aborted !== true) {
      const view = await viewQuestion(db, questionId);
      if (view === undefined) {
        throw new InputError('QUESTION_UNKNOWN', `there is no question ${questionId}`, 'Use the questionId of asking.');
      }
      yield* unseen(view, seen);
      if (view.status !== 'open') return;
      await bell.wait(LOOK_AGAIN_MS);
    }
  } finally {
    unsubscribe();
    signal?.removeEventListener('abort', bell.ring);
  }
}

/** What of the view was not yielded yet. */
function* unseen(view: QuestionView, seen: { queued: boolean; started: boolean; turns: number }): Generator<Progress> {
  const { questionId } = view;
  if (!seen.queued) yield { type: 'queued', questionId };
  seen.queued = true;
  if (!seen.started && view.policyVersion !== null) {
    yield { type: 'started', questionId, policyVersion: view.policyVersion };
    seen.started = true;
  }
  for (const turn of view.turns.slice(seen.turns)) yield { type: 'turn', questionId, turn };
  seen.turns = Math.max(seen.turns, view.turns.length);
  if (view.status === 'answered' && view.answer !== null) yield { type: 'answered', questionId, answer: view.answer };
  if (view.status === 'cancelled') yield { type: 'cancelled', questionId };
  if (view.status === 'failed') yield { type: 'failed', questionId, message: view.message ?? 'it failed' };
}
