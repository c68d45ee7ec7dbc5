import { PassThrough } from 'node:stream';
import { expect, it, vi } from 'vitest';
import { ConsoleAdapter } from '../../adapters/console/console.ts';
import type { Loop } from '../../src/domain/ports.ts';
import { type NewQuestion, newQuestionSchema } from '../../src/domain/question.ts';
import type { RunDetail } from '../../src/domain/training.ts';
import { createLog } from '../../src/log.ts';

const unused = () => {
  throw new Error('nobody asks');
};
const loop: Loop = {
  ...{ ask: unused, cancel: unused, watch: unused, answer: unused },
  ...{
    retrain: unused,
    practise: unused,
    runs: unused,
    run: unused,
    stopRun: unused,
    rated: unused,
    ratedTexts: unused,
  },
  ...{ standing: unused, rate: unused, policies: unused, policy: unused, promote: unused, rollback: unused },
  ...{ trainsOnDirect: unused, setTrainsOnDirect: unused, status: unused },
};

const desk = { workspaceId: unused, undeliverable: unused };

it('outlives its terminal: input that can no longer be read ends the prompt only', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let quits = 0;
  const console = new ConsoleAdapter({
    ...{ loop, desk, input, output, workspace: 'local', person: { key: 'ada', name: 'Ada' }, log: createLog('silent') },
    onQuit: () => {
      quits += 1;
    },
  });
  await console.start();
  input.emit('error', Object.assign(new Error('read EIO'), { code: 'EIO' }));
  await console.close();
  expect(quits).toBe(0);
});

it('asks in the open: a terminal of the team is no direct message', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const asked: NewQuestion[] = [];
  const listening: Loop = {
    ...loop,
    ask: async (question) => {
      asked.push(question);
      return { questionId: 'q', conversationId: 'c', duplicate: false };
    },
    watch: async function* () {
      yield { type: 'cancelled', questionId: 'q' } as const;
    },
  };
  const console = new ConsoleAdapter({
    ...{ loop: listening, desk, input, output, workspace: 'local', person: { key: 'ada', name: 'Ada' } },
    ...{ log: createLog('silent'), onQuit: () => undefined },
  });
  await console.start();
  input.write('What is 2 + 2?\n');
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  await console.close();
  expect(newQuestionSchema.parse(asked[0])).toMatchObject({ text: 'What is 2 + 2?', isDirect: false });
});

it('reports on the training that was asked for there, and explains a command that is mistyped', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let shown = '';
  output.on('data', (text) => {
    shown += text;
  });
  const run: RunDetail = {
    ...{
      runId: 'asked',
      kind: 'retrain',
      status: 'done',
      reason: 'by max_m',
      parent: 0,
      policyVersion: null,
      steps: 6,
    },
    ...{ startedAt: '2026-11-27T10:00:00.000Z', endedAt: null, settings: {}, report: {}, metrics: [] },
  } as const;
  const training: Loop = {
    ...loop,
    retrain: async () => ({ runId: 'asked', started: true }),
    run: async (runId) => (runId === 'asked' ? run : unused()),
  };
  const console = new ConsoleAdapter({
    ...{ loop: training, desk: { ...desk, workspaceId: async () => 'w' }, input, output, workspace: 'local' },
    ...{ person: { key: 'ada', name: 'Ada' }, log: createLog('silent'), onQuit: () => undefined },
  });
  await console.start();
  input.write('/retrain\n/report\n/policy bogus\n');
  await vi.waitFor(() => expect(shown).toContain('/help lists what there is'));
  await console.close();
  expect(shown).toContain('Training has ended: by max_m');
  expect(shown).not.toContain('Mention me');
});
