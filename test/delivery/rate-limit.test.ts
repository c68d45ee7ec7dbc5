import { describe, expect, it } from 'vitest';
import { RateLimit } from '../../adapters/delivery/rate-limit.ts';

const HOUR = 3_600_000;

function limitOf(person: number, workspace: number) {
  let now = 0;
  let keys = 0;
  const limit = new RateLimit({
    perPerson: { count: person, windowMs: HOUR },
    perWorkspace: { count: workspace, windowMs: HOUR },
    now: () => now,
  });
  return {
    ask: (who: string, key = `key ${keys++}`, team = 'team') => limit.take({ workspace: team, person: who, key }),
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe('the limit of questions', () => {
  it('refuses a person who asks too much, with a sentence that says until when', () => {
    const { ask, pass } = limitOf(2, 100);
    expect(ask('ada').isAllowed).toBe(true);
    pass(HOUR / 2);
    expect(ask('ada').isAllowed).toBe(true);
    expect(ask('ada')).toEqual({
      isAllowed: false,
      retryAfterMs: HOUR / 2,
      isRepeated: false,
      text: 'You have asked 2 questions within the last hour, which is as many as I take. Please ask again in 30 minutes.',
    });
    expect(ask('bob').isAllowed).toBe(true);
  });

  it('allows again once the window has slid on, at the very moment that it said', () => {
    const { ask, pass } = limitOf(1, 100);
    ask('ada');
    pass(HOUR - 1);
    expect(ask('ada')).toMatchObject({ isAllowed: false, retryAfterMs: 1 });
    pass(1);
    expect(ask('ada').isAllowed).toBe(true);
  });

  it('counts all people of a workspace together, and workspaces apart', () => {
    const { ask } = limitOf(100, 2);
    ask('ada');
    ask('bob');
    expect(ask('cy')).toMatchObject({
      isAllowed: false,
      text: expect.stringContaining('Your team has asked 2 questions'),
    });
    expect(ask('cy', 'key', 'other team').isAllowed).toBe(true);
  });

  it('counts a question that is delivered twice once', () => {
    const { ask } = limitOf(2, 100);
    for (let time = 0; time < 5; time += 1) expect(ask('ada', 'same').isAllowed).toBe(true);
    expect(ask('ada', 'another').isAllowed).toBe(true);
    expect(ask('ada', 'third').isAllowed).toBe(false);
  });

  it('knows a refused question again, so that it is answered once', () => {
    const { ask } = limitOf(1, 100);
    ask('ada');
    expect(ask('ada', 'refused')).toMatchObject({ isRepeated: false });
    expect(ask('ada', 'refused')).toMatchObject({ isRepeated: true });
  });

  it('does not count what it refused', () => {
    const { ask, pass } = limitOf(1, 100);
    ask('ada');
    pass(HOUR / 2);
    ask('ada');
    pass(HOUR / 2);
    expect(ask('ada').isAllowed).toBe(true);
  });

  it('takes 0 for no limit', () => {
    const { ask } = limitOf(0, 0);
    for (let time = 0; time < 1_000; time += 1) expect(ask('ada').isAllowed).toBe(true);
  });
});
