import type { Log } from '../log.ts';
import type { QueueAddress } from './backend.ts';
import { type JobQueue, openJobQueue } from './job-queue.ts';

/** The queue of questions to answer, by their ids. @throws QueueError */
export const openAnswerQueue = (address: QueueAddress, log: Log): Promise<JobQueue> =>
  openJobQueue({ name: 'answers', of: 'question', againMs: 100 }, address, log);

/** The queue of runs of training, by their ids. @throws QueueError */
export const openTrainQueue = (address: QueueAddress, log: Log): Promise<JobQueue> =>
  openJobQueue({ name: 'training', of: 'run', againMs: 1_000 }, { connections: 3, ...address }, log);
