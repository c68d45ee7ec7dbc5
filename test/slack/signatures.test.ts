import { expect, it, vi } from 'vitest';
import { PLATFORM } from '../../adapters/slack/context.ts';
import { examineSlack } from '../../adapters/slack/examine.ts';
import { refusedPlace } from '../../adapters/slack/signatures.ts';
import type { TestStore } from '../db/test-store.ts';
import { withStore } from '../db/with-store.ts';
import { startTeam } from './live-team.ts';

const WRONG = '0123456789abcdef0123456789abcdef';
let store: TestStore;
withStore((opened) => {
  store = opened;
});

it('a signing secret that is wrong lets nothing in, and doctor says so until a request fits', async () => {
  const { desk } = store;
  const team = await startTeam(store, {}, WRONG);
  const { slack } = team;
  const examined = async (signingSecret: string): Promise<string | undefined> => {
    const connection = { mode: 'http' as const, botToken: slack.team.botToken ?? '', signingSecret };
    const settings = { connection, apiUrl: slack.apiUrl, channels: null, workspaces: null, reportChannel: null };
    const findings = await examineSlack(settings, desk);
    return findings.find(({ state }) => state === 'problem')?.says;
  };
  try {
    expect(await examined(WRONG)).toBeUndefined();
    const ann = slack.addUser('ann');
    const general = slack.addChannel('general', { members: [ann] });
    expect(await slack.verifyRequestUrl()).toBe(false);
    const place = [PLATFORM, slack.team.id, refusedPlace(WRONG)] as const;
    await vi.waitFor(async () => expect(await desk.readUpTo(...place)).toBeDefined(), { timeout: 10_000 });
    expect(await examined(WRONG)).toContain('does not fit SLACK_SIGNING_SECRET');
    expect(await examined(slack.app.signingSecret)).toBeUndefined();
    slack.say(general, ann, `${slack.mention()} hello?`);
    await slack.settled();
    expect(await store.desk.recentConversations(PLATFORM, slack.team.id, { days: 1, limit: 1 })).toEqual([]);
    await desk.setReadUpTo(PLATFORM, slack.team.id, 'events', ((Date.now() + 1_000) / 1_000).toFixed(6));
    expect(await examined(WRONG)).toBeUndefined();
  } finally {
    await team.close();
  }
});
