import { describe, expect, it } from 'vitest';
import { discordChat } from './chat/discord-chat.ts';
import { chatRun } from './chat/run.ts';
import { slackChat } from './chat/slack-chat.ts';

// Processes are killed by what Linux tells of them; `npm run soak -- slack` and `… discord` are the long versions.
describe.skipIf(process.platform !== 'linux')('a team is answered, each question once and in order', () => {
  const settings = { questions: 30, threads: 6, people: 6, channels: 2, kills: 2, seconds: 20 };
  const speed = 10;

  it.each([
    ['in Slack over Socket Mode, by one service', 4, (seed: number) => slackChat('socket', { seed, speed })],
    ['in Slack over HTTP, by a chat and two workers', 5, (seed: number) => slackChat('http', { seed, speed })],
    ['in Discord, by one service', 6, (seed: number) => discordChat({ seed, speed })],
  ] as const)('%s, while it fails and everything is killed', { timeout: 400_000 }, async (_, seed, open) => {
    const report = await chatRun(async () => open(seed), { ...settings, seed });
    expect(report.problems).toEqual([]);
    expect(report.figures.votes).toBeGreaterThan(0);
    expect(report.figures.faults).toBeGreaterThan(0);
  });
});
