import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foursight, makeHome } from './foursight-process.ts';

// Processes on a busy machine take their time; nothing here is measured.
describe('commands without a running service', { timeout: 180_000 }, () => {
  let env: Record<string, string>;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    const made = await makeHome();
    env = { FOURSIGHT_HOME: made.home };
    remove = made.remove;
  });
  afterAll(() => remove());

  it('answer two questions that are asked together on a machine that has never run it', async () => {
    const [one, other] = await Promise.all([
      foursight(['ask', 'What is 17 * 23 + 4?', '--json'], env),
      foursight(['ask', 'What is 6 * 7?'], env),
    ]);
    expect(one).toMatchObject({ code: 0, stderr: '' });
    const answer = JSON.parse(one.stdout);
    expect(answer.answer).toContain('395');
    expect(Object.keys(answer).sort()).toEqual(
      ['answer', 'answerId', 'conversationId', 'ms', 'policyVersion', 'questionId', 'stopReason', 'turns'].sort(),
    );
    expect(answer.turns[0]).toMatchObject({ turn: 1, tool: 'calculator', result: '395', error: null, verdict: 'stop' });
    expect(Object.keys(answer.turns[0]).sort()).toEqual(
      ['turn', 'subGoal', 'tool', 'command', 'result', 'error', 'verdict', 'ms'].sort(),
    );
    expect(other.code).toBe(0);
    expect(other.stdout).toContain('42');
  });

  it('keep what was asked: a follow-up and a vote in later commands', async () => {
    const first = JSON.parse((await foursight(['ask', 'What is 5 * 8?', '--json'], env)).stdout);
    const followUp = await foursight(['ask', 'double that', '--conversation', first.conversationId, '--json'], env);
    const answer = JSON.parse(followUp.stdout);
    expect(answer.conversationId).toBe(first.conversationId);
    expect(answer.answer).toContain('80');
    const rated = await foursight(
      ['rate', answer.answerId, 'down', '--user', 'Ada', '--reason', 'test', '--json'],
      env,
    );
    expect(JSON.parse(rated.stdout)).toEqual({
      answerId: answer.answerId,
      vote: 'down',
      changed: true,
      up: 0,
      down: 1,
    });
  });

  it('list the base model as the live policy', async () => {
    const { code, stdout } = await foursight(['policy', 'list', '--json'], env);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ version: 0, status: 'live', parent: null }]);
  });

  it('fail where only a service will do, and on ids and options that mean nothing', async () => {
    const [status, vote, options] = await Promise.all([
      foursight(['status'], env),
      foursight(['rate', '00000000-0000-4000-8000-000000000000', 'up'], env),
      foursight(['ask'], env),
    ]);
    for (const failed of [status, vote, options]) {
      expect(failed.code).not.toBe(0);
      expect(failed.stderr).toMatch(/^error: .+/);
      expect(failed.stderr).toMatch(/^remedy: .+/m);
      expect(failed.stdout).toBe('');
    }
  });
});
