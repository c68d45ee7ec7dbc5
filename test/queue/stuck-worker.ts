import { openAnswerQueue } from '../../src/queue/queues.ts';
import { quiet } from '../db/test-store.ts';

/** A worker process that takes jobs and never finishes one: stuck-worker.ts DATABASE_URL [REDIS_URL]. */
const [databaseUrl = '', redisUrl] = process.argv.slice(2);
const queue = await openAnswerQueue({ databaseUrl, redisUrl }, quiet);
queue.work(
  {
    work: (questionId) => {
      process.stdout.write(`took ${questionId}\n`);
      return new Promise(() => undefined);
    },
    giveUp: async () => undefined,
  },
  { concurrency: 4 },
);
