import type { Db } from '../../src/db/database.ts';
import type { ProgressChannel } from '../../src/db/progress-channel.ts';
import { endQuestion } from '../../src/db/question-queries.ts';
import { viewQuestion } from '../../src/db/standing-queries.ts';
import { insertAnswer, insertTurn, takeQuestion } from '../../src/db/trajectory-queries.ts';
import type { Journal } from '../../src/domain/ports.ts';
import type { Log } from '../../src/log.ts';
import type { AnswerQueue } from '../../src/queue/answer-queue.ts';

/** What a worker writes goes to Postgres; the end of a question lets the next one of its conversation go on. */
export function createJournal(db: Db, queue: AnswerQueue, channel: ProgressChannel, log: Log): Journal {
  const goOn = async (nextQuestionId: string | undefined) => {
    if (nextQuestionId !== undefined) await queue.enqueue(nextQuestionId);
  };
  return {
    begin: (questionId, worker) => takeQuestion(db, questionId, worker),
    appendTurn: (held, turn) => insertTurn(db, held, turn),
    async finish(held, outcome) {
      const { stored, nextQuestionId } = await insertAnswer(db, held, outcome);
      await goOn(nextQuestionId);
      return stored;
    },
    async fail(questionId, message) {
      const ended = await endQuestion(db, questionId, { status: 'failed', message });
      await goOn(ended?.nextQuestionId);
    },
    cancelled(questionId, signal) {
      return new Promise((resolve) => {
        const look = async () => {
          try {
            if ((await viewQuestion(db, questionId))?.status === 'cancelled') resolve();
          } catch (error) {
            // The next change, or the listener's return, looks again.
            log.debug({ questionId, cause: String(error) }, 'whether a question is cancelled could not be read');
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
