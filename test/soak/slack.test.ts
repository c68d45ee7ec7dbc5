import { describe, expect, it } from 'vitest';
import { chatRun } from './chat/run.ts';
import { slackChat } from './chat/slack-chat.ts';

// Processes are killed by what Linux tells of them; `npm run soak -- slack` is the long version.
describe.skipIf(process.platform !== 'linux')('a team in Slack is answered, each question once and in order', () => {
  const settings = { questions: 30, threads: 6, people: 6, channels: 2, kills: 2, seconds: 20 };

  it.each([
    ['Socket Mode, by one service', 4, 'socket'],
    ['HTTP, by a chat and two workers', 5, 'http'],
  ] as const)('over %s, while Slack fails and everything is killed', { timeout: 400_000 }, async (_, seed, mode) => {
    const report = await chatRun(() => slackChat(mode, { seed, speed: 10 }), { ...settings, seed });
    expect(report.problems).toEqual([]);
    expect(report.figures.votes).toBeGreaterThan(0);
    expect(report.figures.faults).toBeGreaterThan(0);
  });
});
