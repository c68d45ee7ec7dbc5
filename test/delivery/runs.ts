import type { PolicySummary } from '../../src/domain/policy.ts';
import type { RunDetail } from '../../src/domain/training.ts';
import { QUESTION_ID } from './answers.ts';

export const ratedFigures = {
  votes: 20,
  up: 15,
  down: 5,
  answers: 12,
  people: 1,
  direct: 2,
  unusable: 0,
  meanReward: 0.61,
  rewardDeviation: 0.12,
  noUpdate: null,
} as const;

const opponents = [
  { version: 3, accuracy: 0.7, onlyCandidate: 20, onlyOpponent: 10, difference: 0.05, lowerBound: 0.01 },
];
export const gateReport = {
  passed: true,
  reasons: [],
  summary: '75.0 % against 70.0 %',
  kinds: [],
  overall: { kind: 'all', total: 200, candidate: 0.75, opponents },
  ms: 1,
} as const;

export const runOf = (run: Partial<RunDetail> = {}): RunDetail => ({
  runId: QUESTION_ID,
  kind: 'retrain',
  status: 'done',
  reason: 'version 4 is live',
  parent: 3,
  policyVersion: 4,
  steps: 8,
  startedAt: '2026-11-26T02:00:00.000Z',
  endedAt: '2026-11-26T02:20:00.000Z',
  settings: {},
  report: { rated: ratedFigures, rewardBefore: 0.5, rewardAfter: 0.625, gate: gateReport },
  metrics: [],
  ...run,
});

export const livePolicy: PolicySummary = {
  version: 4,
  status: 'live',
  parent: 3,
  baseModel: 'starter_1',
  kind: 'full',
  createdAt: '2026-11-26T02:20:00.000Z',
  promotedAt: null,
  reason: null,
};

export const statusOf = (ready = true) =>
  ({
    ready,
    roles: [{ role: 'worker', instance: 'a', seenAt: '2026-11-26T02:20:00.000Z' }],
    queue: { backend: 'postgres', waiting: 1, active: 2, failed: 0 },
    questions: { open: 3, answered: 4, failed: 0 },
    outbox: { waiting: 5, undeliverable: 6 },
    livePolicy: 4,
    lastRun: runOf(),
  }) as const;
