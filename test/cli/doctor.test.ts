import { afterAll, beforeAll, expect, it } from 'vitest';
import { startFakeSlack } from '../slack/fake/fake-slack.ts';
import { foursight, makeHome } from './foursight-process.ts';

let home: Awaited<ReturnType<typeof makeHome>>;
beforeAll(async () => {
  home = await makeHome();
});
afterAll(() => home.remove());

it('doctor looks at Slack where it is set up, and says what to do about what is wrong there', async () => {
  await using slack = await startFakeSlack();
  const token = slack.install(slack.team, ['app_mentions:read']);
  const bad = await foursight(['doctor'], {
    FOURSIGHT_HOME: home.home,
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: token,
    SLACK_APP_TOKEN: slack.app.appToken,
  });
  expect(bad.code).toBe(1);
  expect(bad.stdout).toMatch(
    /✓ database .*\n✓ slack api .*\n✓ slack token .*\n✗ slack scopes .*\n.*\n✓ slack app token /,
  );
  expect(bad.stdout).toMatch(/✗ slack scopes .*reactions:read \(to count 👍 and 👎 as ratings\)/);
  expect(bad.stdout).toMatch(/→ Add .*reactions:read.*manifest\.json/);
  expect(bad.stderr).toContain('1 of 11 checks found a problem');
  expect(`${bad.stdout}${bad.stderr}`).not.toContain(token);
}, 60_000);
