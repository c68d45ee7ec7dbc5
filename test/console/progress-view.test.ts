import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ProgressView } from '../../adapters/console/progress-view.ts';
import { createTerminal } from '../../adapters/console/terminal.ts';
import type { Answer, Progress, PublicTurn } from '../../src/domain/progress.ts';

const questionId = '00000000-0000-4000-8000-000000000001';
const turn: PublicTurn = {
  turn: 1,
  subGoal: 'Work out 6 / 0',
  tool: 'calculator',
  command: '6 / 0',
  result: '',
  error: 'division by zero',
  verdict: 'continue',
  ms: 12,
};
const answer: Answer = {
  questionId,
  answerId: questionId,
  answer: 'No number is \u001b[2J6 / 0.',
  conversationId: questionId,
  policyVersion: 3,
  stopReason: 'turns',
  turns: [turn],
  ms: 1_234,
};
const steps: readonly Progress[] = [
  { type: 'queued', questionId },
  { type: 'started', questionId, policyVersion: 3 },
  { type: 'turn', questionId, turn },
];

function shown(isTTY: boolean): string {
  const chunks: string[] = [];
  const output = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  const view = new ProgressView(createTerminal(Object.assign(output, { isTTY, hasColors: () => false })));
  for (const step of steps) view.show(step);
  view.showEnd({ type: 'answered', questionId, answer });
  return chunks.join('');
}

describe('progress of a question', () => {
  it('is plain lines in a pipe, with nothing that moves a cursor', () => {
    expect(shown(false)).toBe(
      [
        '  planner   calculator · Work out 6 / 0',
        '  executor  6 / 0',
        '  tool      ✗ division by zero',
        '  verifier  not enough yet, another turn',
        '',
        'No number is [2J6 / 0.',
        '1.23 s · 1 turn · policy 3',
        '',
      ].join('\n'),
    );
  });

  it('says on a terminal who is at work, in a line that is removed before the next', () => {
    const screen = shown(true);
    expect(screen).toMatch(/waiting for a worker/);
    expect(screen).toMatch(/planner is choosing a tool/);
    expect(screen).toMatch(/planner is choosing the next tool/);
    expect(screen.split('\n').every((line) => !/ … \d/.test(line.slice(line.lastIndexOf('\r'))))).toBe(true);
  });
});
