import type { Db } from '../db/database.ts';
import { setTrainsOnDirect, trainsOnDirect } from '../db/person-queries.ts';
import { listPolicies } from '../db/policy-queries.ts';
import type { ProgressChannel } from '../db/progress-channel.ts';
import { ratedFigures, ratedTexts } from '../db/rated-queries.ts';
import { listRuns } from '../db/run-queries.ts';
import { viewQuestion } from '../db/standing-queries.ts';
import type { Loop } from '../domain/ports.ts';
import type { Log } from '../log.ts';
import type { JobQueue } from '../queue/job-queue.ts';
import { askQuestion } from './ask.ts';
import { cancelQuestion } from './cancel.ts';
import { policyDetail, promotePolicy, rollbackPolicy } from './promote.ts';
import { rateAnswer } from './rate.ts';
import { serviceStatus } from './status.ts';
import { runDetail, startPractice, startRetrain, stopRun } from './train.ts';
import { watchQuestion } from './watch.ts';

/** What the use cases work with. */
export interface LoopSetting {
  readonly db: Db;
  /** Of questions to answer. */
  readonly queue: JobQueue;
  /** Of runs of training. */
  readonly training: JobQueue;
  readonly channel: ProgressChannel;
  readonly log: Log;
}

/** The use cases in the order of the loop, over a database and a queue that the caller opens and closes. */
export function createLoop(setting: LoopSetting): Loop {
  const { db } = setting;
  return {
    ask: (question) => askQuestion(setting, question),
    cancel: (questionId) => cancelQuestion(setting, questionId),
    watch: (questionId, options) => watchQuestion(setting, questionId, options?.signal),
    answer: async (questionId) => (await viewQuestion(db, questionId))?.answer ?? undefined,
    standing: (questionId) => viewQuestion(db, questionId),
    rate: (vote) => rateAnswer(setting, vote),
    policies: (workspaceId) => listPolicies(db, workspaceId),
    retrain: (workspaceId, wish, runId) => startRetrain(setting, workspaceId, wish, runId),
    practise: (workspaceId, wish, runId) => startPractice(setting, workspaceId, wish, runId),
    rated: (workspaceId) => ratedFigures(db, { workspaceId }),
    ratedTexts: (workspaceId) => ratedTexts(db, { workspaceId }),
    runs: (workspaceId, limit) => listRuns(db, workspaceId, limit),
    run: (runId, afterStep) => runDetail(setting, runId, afterStep),
    stopRun: (runId) => stopRun(setting, runId),
    policy: (workspaceId, version) => policyDetail(db, workspaceId, version),
    promote: (wish) => promotePolicy(setting, wish),
    rollback: (wish) => rollbackPolicy(setting, wish),
    trainsOnDirect: (person) => trainsOnDirect(db, person),
    setTrainsOnDirect: (person, value) => setTrainsOnDirect(db, person, value),
    status: () => serviceStatus(setting),
  };
}
