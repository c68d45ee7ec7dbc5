import { describe, expect, it } from 'vitest';
import {
  helpMarkdown,
  policiesMarkdown,
  policyMarkdown,
  promotedMarkdown,
  ratedMarkdown,
  refusedMarkdown,
  runMarkdown,
  runProgressMarkdown,
  statusMarkdown,
  trainingMarkdown,
} from '../../adapters/delivery/admin-text.ts';
import { type CommandWords, isForAdmins, parseAssistantCommand } from '../../adapters/delivery/assistant-command.ts';
import { InputError } from '../../src/errors.ts';
import { gateReport, livePolicy, ratedFigures, runOf, statusOf } from './runs.ts';

const words: CommandWords = { typed: (command) => `/foursight ${command}`, asking: 'ask, seen by you alone' };

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
      expect(helpMarkdown(words)).toContain(word);
    }
  });
});

describe('what administration is told', () => {
  it('sums up a run: what from, reward before and after, the gate, and what became of it', () => {
    const text = runMarkdown(runOf());
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
    const gate = { ...gateReport, passed: false, reasons: ['dates: −9.0 points'], summary: 'worse' };
    expect(runMarkdown(runOf({ report: { gate } }))).toContain('refused, worse\n  - dates: −9.0 points');
    const idle = runOf({ status: 'no update', reason: 'too few votes', policyVersion: null, report: {} });
    expect(runMarkdown(idle)).toContain('Nothing to learn from**: too few votes');
    const rated = { ...ratedFigures, noUpdate: 'too few votes' };
    expect(runMarkdown({ ...idle, report: { rated } }).match(/too few votes/g)).toHaveLength(1);
    expect(ratedMarkdown({ ...ratedFigures, noUpdate: 'too few votes' })).toContain(
      'Nothing would be learnt: too few votes',
    );
  });

  it('names commands as they are typed', () => {
    for (const text of [
      trainingMarkdown(true, words),
      trainingMarkdown(false, words),
      promotedMarkdown({ version: 4, previous: 3, reason: 'better' }, words),
    ])
      expect(text).toMatch(/`\/foursight (training off|training on|policy rollback)`/);
  });

  it('names in a remedy what can be typed there, and leaves what cannot', () => {
    const told = refusedMarkdown(new InputError('X', 'none', '`foursight policy list` and `foursight doctor`.'), words);
    expect(told).toBe('⚠️ none. `/foursight policy list` and `foursight doctor`.');
  });

  it('tells how far a run is', () => {
    expect(runProgressMarkdown(runOf({ status: 'queued' }))).toContain('waiting for a worker');
    expect(runProgressMarkdown(runOf({ status: 'running' }))).toContain('8 steps, reward 0.500 → 0.625');
    expect(runProgressMarkdown(runOf({ status: 'running', report: { gateDone: 0.4 } }))).toContain('40.0 %');
  });

  it('shows the service and its policies', () => {
    expect(statusMarkdown(statusOf())).toContain('Live policy: version 4');
    expect(statusMarkdown(statusOf())).toContain('- To post: 5 waiting, 6 undeliverable in the last week');
    expect(statusMarkdown(statusOf())).toContain('2026-11-26 02:00 UTC, retrain, done: version 4 is live');
    expect(policiesMarkdown([livePolicy])).toContain('🟢 **Version 4** · live, from version 3');
    const promotions = [{ version: 4, reason: 'gate', runId: null, promotedAt: '2026-11-26T02:20:00.000Z' }];
    const detail = policyMarkdown({
      ...livePolicy,
      gate: 'passed',
      gateReport,
      runId: null,
      settings: {},
      evaluations: [],
      promotions,
    });
    expect(detail).toContain('Base model: starter\\_1 (full)');
    expect(detail).toContain('Gate: passed, 75.0 % against 70.0 %');
    expect(detail).toContain('Live from 2026-11-26 02:20 UTC: gate');
  });
});
