import { describe, expect, it } from 'vitest';
import { type AnswerSetting, answerQuestion, explainFailure } from '../../gpu-worker/jobs/answer-job.ts';
import { seedOf } from '../../gpu-worker/jobs/seed.ts';
import { tools } from '../../gpu-worker/tools/registry.ts';
import { DatabaseError } from '../../src/db/database.ts';
import type { Journal, OpenTrajectory } from '../../src/domain/ports.ts';
import type { FlowOutcome, Turn } from '../../src/domain/trajectory.ts';
import { ConfigError } from '../../src/errors.ts';
import { createLog } from '../../src/log.ts';
import { memoryNotes, now } from '../tools/tool-context.ts';
import { scriptedAgents } from './scripted-agents.ts';

const open: OpenTrajectory = {
  ...{
    trajectoryId: 't',
    questionId: 'q',
    workspaceId: 'w',
    conversationId: 'c',
    text: 'What is 1 + 1?',
    askedAt: now,
  },
  ...{ policyVersion: 0, past: [], turns: [], epoch: 1 },
};

/** A journal in memory; the one of Postgres is tested with the store. */
function journal(changes: Partial<Journal> = {}) {
  const turns: Turn[] = [];
  const outcomes: FlowOutcome[] = [];
  const failures: string[] = [];
  let cancel: () => void = () => undefined;
  let listening = 0;
  const kept: Journal = {
    begin: async () => open,
    appendTurn: async (_, turn) => {
      turns.push(turn);
      return 'stored';
    },
    finish: async (_, outcome) => {
      outcomes.push(outcome);
      return 'stored';
    },
    fail: async (_, message) => void failures.push(message),
    isBegunAnew: async () => false,
    interrupted: (_, signal) => {
      listening++;
      return new Promise((resolve) => {
        cancel = resolve;
        signal.addEventListener('abort', () => {
          listening--;
          resolve();
        });
      });
    },
    ...changes,
  };
  return { ...kept, turns, outcomes, failures, cancel: () => cancel(), listening: () => listening };
}

const setting = (kept: Journal, script: readonly string[], changes: Partial<AnswerSetting> = {}): AnswerSetting => ({
  journal: kept,
  notes: memoryNotes(),
  tools,
  agentsFor: async () => scriptedAgents(script),
  worker: 'w1',
  zone: 'UTC',
  log: createLog('silent'),
  ...changes,
});
const hanging = (started: () => void) =>
  scriptedAgents([], {
    plan: () => {
      started();
      return new Promise<never>(() => undefined);
    },
  });

describe('answer job', () => {
  it('commits each turn and the answer', async () => {
    const kept = journal();
    expect(await answerQuestion(setting(kept, ['calculator: 1 + 1', 'calculator: 2!']), 'q')).toBe('answered');
    expect(kept.turns.map((turn) => turn.result)).toEqual(['2', '2']);
    expect(kept.outcomes).toEqual([{ answer: '2', stopReason: 'verified', ms: expect.any(Number) }]);
    expect(kept.listening()).toBe(0);
  });

  it.each(['wait', 'over'] as const)('leaves a question alone that is to %s', async (begun) => {
    const kept = journal({ begin: async () => begun });
    expect(await answerQuestion(setting(kept, []), 'q')).toBe(begun);
    expect(kept.outcomes).toEqual([]);
  });

  it('stops without an answer when the question is cancelled', async () => {
    const kept = journal();
    const agents = hanging(() => kept.cancel());
    expect(await answerQuestion(setting(kept, [], { agentsFor: async () => agents }), 'q')).toBe('cancelled');
    expect(kept.outcomes).toEqual([]);
    expect(kept.listening()).toBe(0);
  });

  it('says so when the text of its question was changed meanwhile', async () => {
    const kept = journal({ isBegunAnew: async () => true });
    const agents = hanging(() => kept.cancel());
    expect(await answerQuestion(setting(kept, [], { agentsFor: async () => agents }), 'q')).toBe('changed');
    const late = journal({ isBegunAnew: async () => true, finish: async () => 'lost' });
    expect(await answerQuestion(setting(late, ['calculator: 1!']), 'q')).toBe('changed');
  });

  it('hands a question back when the worker goes down', async () => {
    const kept = journal();
    const stop = new AbortController();
    const agents = hanging(() => stop.abort());
    expect(await answerQuestion(setting(kept, [], { agentsFor: async () => agents }), 'q', stop.signal)).toBe(
      'handed back',
    );
    expect(await answerQuestion(setting(kept, []), 'q', stop.signal)).toBe('handed back');
    expect(kept.outcomes).toEqual([]);
  });

  it('stops when another worker has taken over, in a turn or at the end', async () => {
    const inTurn = journal({ appendTurn: async () => 'lost' });
    expect(await answerQuestion(setting(inTurn, ['calculator: 1!']), 'q')).toBe('lost');
    expect(inTurn.outcomes).toEqual([]);
    const atEnd = journal({ finish: async () => 'lost' });
    expect(await answerQuestion(setting(atEnd, ['calculator: 1!']), 'q')).toBe('lost');
  });

  it('goes on from the turns that an earlier worker committed', async () => {
    const first = journal();
    await answerQuestion(setting(first, ['calculator: 1 + 1', 'calculator: 5!']), 'q');
    const kept = journal({ begin: async () => ({ ...open, turns: first.turns.slice(0, 1), epoch: 2 }) });
    expect(await answerQuestion(setting(kept, ['', 'calculator: 5!']), 'q')).toBe('answered');
    expect(kept.turns.map((turn) => turn.turn)).toEqual([2]);
  });

  it('lets failures out for the queue to try again, and explains the last one', async () => {
    const kept = journal();
    const broken = setting(kept, [], {
      agentsFor: () =>
        Promise.reject(new ConfigError('MODEL', 'the model folder is empty', 'Run npm run starter:make.')),
    });
    const error = await answerQuestion(broken, 'q').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect(kept.listening()).toBe(0);
    await explainFailure(broken, 'q', error);
    expect(kept.failures).toEqual(['I could not answer: the model folder is empty. Run npm run starter:make.']);
  });

  it('leaves a question open while the database is full or away, instead of failing it', async () => {
    const kept = journal();
    const full = new DatabaseError('DISK_FULL', 'the database failed: No space left on device', 'Make room.');
    await explainFailure(setting(kept, []), 'q', full);
    expect(kept.failures).toEqual([]);
  });

  it('seeds a trajectory by its id', () => {
    expect(seedOf('a')).toBe(seedOf('a'));
    expect(seedOf('a')).not.toBe(seedOf('b'));
    expect(seedOf('0b9c4b1c-0000-4000-8000-000000000000')).toBeGreaterThanOrEqual(0);
  });
});
