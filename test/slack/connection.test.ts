import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { SlackConnection } from '../../adapters/slack/app.ts';
import { eventually } from '../db/chat-office.ts';
import { useOffice } from './office.ts';
import { manifestWith, settings } from './open-adapter.ts';

const redirect = { redirect_urls: ['https://foursight.example/slack/oauth_redirect'] };
const office = useOffice({ manifest: manifestWith({ oauth_config: redirect }) });
const listen = { host: '127.0.0.1', port: 0 } as const;

const http = (): SlackConnection => {
  const { slack } = office;
  return { mode: 'http', botToken: slack.team.botToken ?? '', signingSecret: slack.app.signingSecret, listen };
};
const oauth = (): SlackConnection => {
  const { clientId, clientSecret, signingSecret } = office.slack.app;
  return { mode: 'oauth', clientId, clientSecret, signingSecret, stateSecret: 'the secret of states', listen };
};

/** Goes through the installation as a browser does. @returns the page at its end */
async function install(address: string): Promise<Response> {
  const start = await fetch(`${address}/slack/install`, { redirect: 'manual' });
  const cookie = (start.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const consent = await fetch(start.headers.get('location') ?? '', { redirect: 'manual' });
  const back = new URL(consent.headers.get('location') ?? '');
  return fetch(`${address}/slack/oauth_redirect${back.search}`, { headers: { cookie } });
}

describe('the connection to Slack', { timeout: 60_000 }, () => {
  it('answers over HTTP, and refuses what is not signed or not fresh', async () => {
    const { slack } = office;
    const adapter = await office.openAdapter({ connection: http() });
    const url = `${adapter.address}/slack/events`;
    slack.useHttp(url);
    expect(await slack.verifyRequestUrl()).toBe(true);
    const question = office.ask('over HTTP?');
    await office.said(question, 'answer to over HTTP?');
    await office.idle();
    expect(slack.replies(question)).toHaveLength(1);
    const forged = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-slack-request-timestamp': String(Math.floor(Date.now() / 1_000)),
        'x-slack-signature': `v0=${'0'.repeat(64)}`,
      },
      body: JSON.stringify({ type: 'event_callback', event: { type: 'app_mention' } }),
    });
    expect(forged.status).toBe(401);
    expect((await fetch(`${adapter.address}/elsewhere`)).status).toBe(404);
  });

  it('is installed in several workspaces, answers each with its own token, and forgets those that remove it', async () => {
    const { slack, store } = office;
    const other = slack.addTeam('Other');
    const zoe = slack.addUser('zoe', { of: other });
    const adapter = await office.openAdapter({ connection: oauth() });
    const address = adapter.address ?? '';
    slack.useHttp(`${address}/slack/events`);
    for (const [team, user] of [
      [slack.team, office.ann],
      [other, zoe],
    ] as const) {
      slack.setInstaller({ team, user, consents: true });
      expect((await install(address)).status).toBe(200);
    }
    expect((await store.desk.installations('slack')).toSorted()).toEqual([slack.team.id, other.id].toSorted());
    const elsewhere = slack.addChannel('elsewhere', { of: other, members: [zoe] });
    const here = office.ask('here?');
    await office.said(here, 'answer to here?');
    const there = slack.say(elsewhere, zoe, `${slack.mention(other)} there?`);
    await slack.waitFor(() => slack.statusOf(there) !== '', 'a status in the other workspace');
    slack.uninstall(other);
    await eventually(async () => expect(await store.desk.installations('slack')).toEqual([slack.team.id]));
    const after = office.ask('still here?');
    await office.said(after, 'answer to still here?');
  });

  it('catches up with its workspaces also when it could not be told at first which they are', async () => {
    const { slack, store, ann } = office;
    const first = await office.openAdapter({ connection: oauth() });
    slack.useHttp(`${first.address}/slack/events`);
    slack.setInstaller({ team: slack.team, user: ann, consents: true });
    expect((await install(first.address ?? '')).status).toBe(200);
    await office.said(office.ask('before?'), 'answer to before?');
    await office.closeAdapter();
    const missed = office.ask('missed?');
    await slack.settled();
    let asked = 0;
    const installations: typeof store.desk.installations = async (platform) => {
      asked += 1;
      // It has begun to listen by then, and is told of nothing more.
      if (asked === 2) throw new Error('the database is gone');
      return store.desk.installations(platform);
    };
    await office.openAdapter({ connection: oauth(), desk: { ...store.desk, installations } });
    await office.said(missed, 'answer to missed?');
    expect(asked).toBeGreaterThan(2);
  });

  it('installs nothing where a state is not its own, nobody consents, or the workspace is not to be served', async () => {
    const { slack, store, ann } = office;
    const adapter = await office.openAdapter({
      connection: oauth(),
      settings: { ...settings, workspaces: ['T0ELSEWHERE'] },
    });
    const address = adapter.address ?? '';
    const said = async (page: Response): Promise<string> => `${page.status} ${await page.text()}`;
    const back = `${address}/slack/oauth_redirect`;
    const again = 'Open /slack/install again';
    expect(await said(await fetch(`${back}?code=x&state=forged`))).toMatch(/^400 .*not the browser.*cookies/s);
    expect(await said(await fetch(back))).toMatch(/^400 .*Open \/slack\/install instead/s);
    slack.setInstaller({ team: slack.team, user: ann, consents: false });
    expect(await said(await install(address))).toMatch(/^403 .*cancelled in Slack/s);
    slack.setInstaller({ team: slack.team, user: ann, consents: true });
    expect(await said(await install(address))).toContain(`${slack.team.id} is not to be served`);
    slack.failNext('oauth.v2.access', { error: 'bad_client_secret' });
    expect(await said(await install(address))).toMatch(/^500 .*bad_client_secret.*foursight doctor/s);
    slack.failNext('oauth.v2.access', { status: 503 });
    expect(await said(await install(address))).toMatch(new RegExp(`^500 .*${again}`, 's'));
    slack.failNext('oauth.v2.access', { error: 'invalid_code' });
    expect(await said(await install(address))).toMatch(new RegExp(`^400 .*${again}`, 's'));
    expect(await store.desk.installations('slack')).toEqual([]);
  });

  it('says at the start what a token may not do', async () => {
    const { slack } = office;
    const lesser = slack.app.scopes.filter((scope) => scope !== 'reactions:read');
    const botToken = slack.install(slack.team, lesser);
    const said: unknown[] = [];
    const log = pino({ level: 'warn', base: {} }, { write: (line: string) => said.push(JSON.parse(line)) });
    const { appToken } = slack.app;
    await office.openAdapter({ connection: { mode: 'socket', botToken, appToken }, log });
    expect(said).toContainEqual(
      expect.objectContaining({ missing: ['reactions:read'], msg: expect.stringContaining('foursight doctor') }),
    );
  });

  it('says what to do about a token that Slack refuses, and a port that is taken', async () => {
    const { slack } = office;
    const { appToken } = slack.app;
    const botToken = slack.team.botToken ?? '';
    const start = (connection: SlackConnection) => office.openAdapter({ connection });
    await expect(start({ mode: 'socket', botToken: 'xoxb-wrong', appToken })).rejects.toMatchObject({
      code: 'SLACK_TOKEN_REFUSED',
    });
    await expect(start({ mode: 'socket', botToken, appToken: 'xapp-wrong' })).rejects.toMatchObject({
      code: 'SLACK_APP_TOKEN_REFUSED',
    });
    const { address } = await start(http());
    const port = Number(new URL(address ?? '').port);
    await expect(
      start({ mode: 'http', botToken, signingSecret: slack.app.signingSecret, listen: { host: '127.0.0.1', port } }),
    ).rejects.toMatchObject({ code: 'SLACK_PORT_UNUSABLE' });
  });
});
