import type { Db } from '../../src/db/database.ts';
import type { ProgressChannel } from '../../src/db/progress-channel.ts';
import { endQuestion, firstOpen } from '../../src/db/question-queries.ts';
import { viewQuestion } from '../../src/db/standing-queries.ts';
import { insertAnswer, insertTurn, isBegunAnew, takeQuestion } from '../../src/db/trajectory-queries.ts';
import type { Journal } from '../../src/domain/ports.ts';
import type { Log } from '../../src/log.ts';
import type { JobQueue } from '../../src/queue/job-queue.ts';

/** A question that takes down every worker that takes it is given up in the end. */
const MOST_WORKERS = 40;

/** What a worker writes goes to Postgres; the end of a question lets the next one of its conversation go on. */
export function createJournal(db: Db, queue: JobQueue, channel: ProgressChannel, log: Log): Journal {
  const goOn = async (conversationId: string) => {
    const next = await firstOpen(db, conversationId);
    if (next !== undefined) await queue.enqueue(next);
  };
  const fail = async (questionId: string, message: string) => {
    const conversationId = await endQuestion(db, questionId, { status: 'failed', message });
    if (conversationId !== undefined) await goOn(conversationId);
  };
  return {
    async begin(questionId, worker) {
      const held = await takeQuestion(db, questionId, worker);
      if (typeof held === 'string' || held.epoch <= MOST_WORKERS) return held;
      await fail(
        questionId,
        `I could not answer: ${MOST_WORKERS} workers ended one after another while they worked on it.`,
      );
      return 'over';
    },
    appendTurn: (held, turn) => insertTurn(db, held, turn),
    async finish(held, outcome) {
      const stored = await insertAnswer(db, held, outcome);
      if (stored === 'stored') await goOn(held.conversationId);
      return stored;
    },
    fail,
    isBegunAnew: (held) => isBegunAnew(db, held),
    interrupted(held, signal) {
      const { questionId } = held;
      return new Promise((resolve) => {
        const look = async () => {
          try {
            if ((await viewQuestion(db, questionId))?.status === 'cancelled' || (await isBegunAnew(db, held)))
              resolve();
          } catch (error) {
            // The next change, or the listener's return, looks again.
            log.debug({ questionId, cause: String(error) }, 'whether a question goes on could not be read');
          }
        };
        const unsubscribe = channel.subscribe(questionId, () => void look());
        signal.addEventListener('abort', () => {
          unsubscribe();
          resolve();
        });
        void look();
      });
    },
  };
}
