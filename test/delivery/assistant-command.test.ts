import { describe, expect, it } from 'vitest';
import {
  helpMarkdown,
  policiesMarkdown,
  policyMarkdown,
  ratedMarkdown,
  runMarkdown,
  runProgressMarkdown,
  statusMarkdown,
} from '../../adapters/delivery/admin-text.ts';
import { isForAdmins, parseAssistantCommand } from '../../adapters/delivery/assistant-command.ts';
import type { RunDetail } from '../../src/domain/training.ts';
import { QUESTION_ID } from './answers.ts';

describe('commands', () => {
  it.each([
    ['ask  What is  6 * 7?', { type: 'ask', text: 'What is  6 * 7?' }],
    ['ASK retrain', { type: 'ask', text: 'retrain' }],
    ['', { type: 'help' }],
    ['help', { type: 'help' }],
    ['status', { type: 'status' }],
    ['report', { type: 'report' }],
    ['retrain', { type: 'retrain', isDryRun: false }],
    ['retrain dry-run', { type: 'retrain', isDryRun: true }],
    ['retrain --dry-run', { type: 'retrain', isDryRun: true }],
    ['policy', { type: 'policyList' }],
    ['policy list', { type: 'policyList' }],
    ['policy show 3', { type: 'policyShow', version: 3 }],
    ['policy show v12', { type: 'policyShow', version: 12 }],
    ['Policy Promote 4', { type: 'policyPromote', version: 4, isForced: false }],
    ['policy promote 4 --force', { type: 'policyPromote', version: 4, isForced: true }],
    ['policy rollback', { type: 'policyRollback' }],
    ['training on', { type: 'training', isOn: true }],
    ['training off', { type: 'training', isOn: false }],
    ['training', { type: 'training', isOn: null }],
  ])('%j is understood', (typed, command) => {
    expect(parseAssistantCommand(typed)).toEqual(command);
  });

  it.each([
    'ask',
    'ask  ',
    'retrain now',
    'retrain dry-run now',
    'policy drop',
    'policy show',
    'policy show x',
    'policy show 1 2',
    'policy show 1 --force',
    'policy list 3',
    'policy rollback --force',
    'policy promote -1',
    'training maybe',
    'training on off',
    'status now',
    'make tea',
    '__proto__',
    'constructor',
  ])('%j is explained', (typed) => {
    expect(parseAssistantCommand(typed)).toEqual({ type: 'wrong', why: expect.stringMatching(/\w.*\.$/) });
  });

  it('are for admins where they change what answers everybody', () => {
    const forAdmins = ['retrain', 'policy promote 3', 'policy rollback'];
    const forAll = [
      'ask x',
      'status',
      'retrain dry-run',
      'policy list',
      'policy show 3',
      'report',
      'training on',
      'help',
    ];
    expect(forAdmins.map(parseAssistantCommand).every(isForAdmins)).toBe(true);
    expect(forAll.map(parseAssistantCommand).some(isForAdmins)).toBe(false);
  });

  it('are all in the help', () => {
    for (const word of [
      'ask',
      'status',
      'retrain',
      'dry-run',
      'policy list',
      'policy show',
      'policy promote',
      'policy rollback',
      'report',
      'training on',
      'training off',
    ]) {
      expect(helpMarkdown('/foursight')).toContain(word);
    }
  });
});

const rated = {
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
};
const opponents = [
  { version: 3, accuracy: 0.7, onlyCandidate: 20, onlyOpponent: 10, difference: 0.05, lowerBound: 0.01 },
];
const overall = { kind: 'all', total: 200, candidate: 0.75, opponents };
const run: RunDetail = {
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
  report: {
    rated,
    rewardBefore: 0.5,
    rewardAfter: 0.625,
    gate: { passed: true, reasons: [], summary: '75.0 % against 70.0 %', kinds: [], overall, ms: 1 },
  },
  metrics: [],
};

describe('what administration is told', () => {
  it('sums up a run: what from, reward before and after, the gate, and what became of it', () => {
    const text = runMarkdown(run);
    for (const part of [
      '20 ratings (15 👍, 5 👎) by 1 person, on 12 answers',
      '0.500 before, 0.625 after 8 steps',
      'Gate: passed',
      'Made version 4 from version 3',
      'version 4 is live',
      '| all | 200 | 75.0 % | version 3: 70.0 % | +5.0 |',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('says why a candidate was refused, and why a run learnt nothing', () => {
    const gate = {
      ...run.report.gate,
      passed: false,
      reasons: ['dates: −9.0 points'],
      summary: 'worse',
      kinds: [],
      overall,
      ms: 1,
    };
    expect(runMarkdown({ ...run, report: { gate } })).toContain('refused, worse\n  - dates: −9.0 points');
    expect(
      runMarkdown({ ...run, status: 'no update', reason: 'too few votes', policyVersion: null, report: {} }),
    ).toContain('Nothing to learn from**: too few votes');
    expect(ratedMarkdown({ ...rated, noUpdate: 'too few votes' })).toContain('Nothing would be learnt: too few votes');
  });

  it('tells how far a run is', () => {
    expect(runProgressMarkdown({ ...run, status: 'queued' })).toContain('waiting for a worker');
    expect(runProgressMarkdown({ ...run, status: 'running' })).toContain('8 steps, reward 0.500 → 0.625');
    expect(runProgressMarkdown({ ...run, status: 'running', report: { gateDone: 0.4 } })).toContain('40.0 %');
  });

  it('shows the service and its policies', () => {
    const policy = {
      version: 4,
      status: 'live',
      parent: 3,
      baseModel: 'starter_1',
      kind: 'full',
      createdAt: run.startedAt,
      promotedAt: null,
      reason: null,
    } as const;
    const status = {
      ready: true,
      roles: [{ role: 'worker', instance: 'a', seenAt: '' }],
      queue: { backend: 'postgres', waiting: 1, active: 2, failed: 0 },
      questions: { open: 3, answered: 4, failed: 0 },
      livePolicy: 4,
      lastRun: run,
    } as const;
    expect(statusMarkdown(status)).toContain('Live policy: version 4');
    expect(statusMarkdown(status)).toContain('2026-11-26 02:00 UTC, retrain, done: version 4 is live');
    expect(policiesMarkdown([policy])).toContain('🟢 **Version 4** · live, from version 3');
    const detail = {
      ...policy,
      gate: 'passed',
      gateReport: null,
      runId: null,
      settings: {},
      evaluations: [],
      promotions: [{ version: 4, reason: 'gate', runId: null, promotedAt: run.startedAt }],
    } as const;
    expect(policyMarkdown(detail)).toContain('Base model: starter\\_1 (full)');
    expect(policyMarkdown(detail)).toContain('Live from 2026-11-26 02:00 UTC: gate');
  });
});
