import { expect, it, vi } from 'vitest';
import { PLATFORM } from '../../adapters/slack/context.ts';
import { examineSlack } from '../../adapters/slack/examine.ts';
import { refusedPlace } from '../../adapters/slack/signatures.ts';
import { useOffice } from './office.ts';

const WRONG = '0123456789abcdef0123456789abcdef';
const office = useOffice();

it('a signing secret that is wrong lets nothing in, and doctor says so until a request fits', async () => {
  const { slack, general, ann } = office;
  const { desk } = office.store;
  const listen = { host: '127.0.0.1', port: 0 };
  const botToken = slack.team.botToken ?? '';
  await office.openAdapter({ connection: { mode: 'http', botToken, signingSecret: WRONG, listen } });
  const examined = async (signingSecret: string): Promise<string | undefined> => {
    const connection = { mode: 'http' as const, botToken: slack.team.botToken ?? '', signingSecret };
    const settings = { connection, apiUrl: slack.apiUrl, channels: null, workspaces: null, reportChannel: null };
    const findings = await examineSlack(settings, desk);
    return findings.find(({ state }) => state === 'problem')?.says;
  };
  expect(await examined(WRONG)).toBeUndefined();
  expect(await slack.verifyRequestUrl()).toBe(false);
  const place = [PLATFORM, slack.team.id, refusedPlace(WRONG)] as const;
  await vi.waitFor(async () => expect(await desk.readUpTo(...place)).toBeDefined(), { timeout: 10_000 });
  expect(await examined(WRONG)).toContain('does not fit SLACK_SIGNING_SECRET');
  expect(await examined(slack.app.signingSecret)).toBeUndefined();
  slack.say(general, ann, `${slack.mention()} hello?`);
  await slack.settled();
  expect(await desk.recentConversations(PLATFORM, slack.team.id, { days: 1, limit: 1 })).toEqual([]);
  await desk.setReadUpTo(PLATFORM, slack.team.id, 'events', ((Date.now() + 1_000) / 1_000).toFixed(6));
  expect(await examined(WRONG)).toBeUndefined();
});
