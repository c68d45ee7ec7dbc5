import type { AddressInfo } from 'node:net';
import { App, ExpressReceiver, type Installation, LogLevel } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeSlack, startFakeSlack } from './fake-slack.ts';
import type { Team, User } from './types.ts';

let slack: FakeSlack;
let app: App;
let origin: string;
let other: Team;
let bea: User;
const installations = new Map<string, Installation>();

const stored = (id: string): Installation => {
  const installation = installations.get(id);
  if (installation === undefined) throw new Error(`${id} is not installed`);
  return installation;
};

beforeEach(async () => {
  slack = await startFakeSlack();
  other = slack.addTeam('Other');
  bea = slack.addUser('bea', { of: other });
  installations.clear();
  const { clientId, clientSecret, signingSecret } = slack.app;
  const clientOptions = { slackApiUrl: slack.apiUrl };
  const receiver = new ExpressReceiver({
    signingSecret,
    clientId,
    clientSecret,
    stateSecret: 'a state secret',
    scopes: ['chat:write', 'im:history'],
    logLevel: LogLevel.ERROR,
    installerOptions: { clientOptions, authorizationUrl: slack.authorizeUrl, directInstall: true },
    installationStore: {
      storeInstallation: async (installation) => {
        installations.set(installation.team?.id ?? installation.enterprise?.id ?? '', installation);
      },
      fetchInstallation: async ({ teamId, enterpriseId, isEnterpriseInstall }) =>
        stored((isEnterpriseInstall ? enterpriseId : teamId) ?? ''),
      deleteInstallation: async ({ teamId = '' }) => {
        installations.delete(teamId);
      },
    },
  });
  app = new App({ receiver, logLevel: LogLevel.ERROR, clientOptions });
  const server = await app.start({ port: 0, host: '127.0.0.1' });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  slack.useHttp(`${origin}/slack/events`);
  slack.app.redirectUrls.push(`${origin}/slack/oauth_redirect`, `${origin}/back`);
});
afterEach(async () => {
  await app.stop();
  await slack.close();
});

/** What a browser does: follows each redirect with the cookies of the app. */
async function visitInstall(): Promise<Response> {
  const start = await fetch(`${origin}/slack/install`, { redirect: 'manual' });
  const cookie = start.headers
    .getSetCookie()
    .map((value) => value.split(';')[0])
    .join('; ');
  const consent = await fetch(start.headers.get('location') ?? '', { redirect: 'manual' });
  return fetch(consent.headers.get('location') ?? '', { headers: { cookie }, redirect: 'manual' });
}

describe("the fake's OAuth", () => {
  it('installs the app for another workspace, which then talks to it', async () => {
    slack.setInstaller({ team: other, user: bea, consents: true });
    app.message(async ({ say }) => {
      await say('hello');
    });
    expect(await visitInstall()).toMatchObject({ status: 200 });
    expect(stored(other.id)).toMatchObject({
      bot: { token: other.botToken, userId: other.bot.userId, scopes: ['chat:write', 'im:history'] },
      user: { id: bea.id },
    });
    const question = slack.say(slack.directMessages(bea), bea, 'anybody?');
    const answer = await slack.waitFor(
      () => slack.messagesOf(question.channel).find(({ user }) => user === other.bot.userId),
      'an answer',
    );
    expect(answer.text).toBe('hello');
  });

  it('tells the app of a refusal', async () => {
    slack.setInstaller({ team: other, user: bea, consents: false });
    const page = await visitInstall();
    expect(page.status).toBe(500);
    expect(installations.size).toBe(0);
  });

  it('takes a code once', async () => {
    slack.setInstaller({ team: other, user: bea, consents: true });
    const { clientId: client_id, clientSecret: client_secret } = slack.app;
    const query = new URLSearchParams({ client_id, scope: 'chat:write', redirect_uri: `${origin}/back`, state: 's' });
    const consent = await fetch(`${slack.authorizeUrl}?${query}`, { redirect: 'manual' });
    const back = new URL(consent.headers.get('location') ?? '');
    expect(back.searchParams.get('state')).toBe('s');
    const exchange = (more: Record<string, string> = {}) =>
      app.client.oauth.v2
        .access({
          client_id,
          client_secret,
          code: back.searchParams.get('code') ?? '',
          redirect_uri: `${origin}/back`,
          ...more,
        })
        .catch((error: Error) => ({ ok: false, error: error.message }));
    expect(await exchange({ client_secret: 'no' })).toMatchObject({
      error: expect.stringContaining('bad_client_secret'),
    });
    expect(await exchange({ redirect_uri: 'x' })).toMatchObject({ error: expect.stringContaining('bad_redirect_uri') });
    expect(await exchange()).toMatchObject({ ok: true, team: { id: other.id }, token_type: 'bot' });
    expect(await exchange()).toMatchObject({ error: expect.stringContaining('invalid_code') });
  });

  it('tells the app that a workspace has removed it', async () => {
    slack.setInstaller({ team: other, user: bea, consents: true });
    await visitInstall();
    const told: string[] = [];
    app.event('app_uninstalled', async () => {
      told.push('app_uninstalled');
    });
    app.event('tokens_revoked', async ({ event }) => {
      told.push(`tokens_revoked ${event.tokens.bot}`);
    });
    slack.uninstall(other);
    await slack.settled();
    expect(told.sort()).toEqual(['app_uninstalled', `tokens_revoked ${other.bot.userId}`]);
    await expect(app.client.auth.test({ token: stored(other.id).bot?.token ?? '' })).rejects.toThrow(
      'account_inactive',
    );
  });

  it('installs the app for all workspaces of an organisation', async () => {
    const org = { id: 'E0ORG', name: 'Org' };
    const [north, south] = [slack.addTeam('North', org), slack.addTeam('South', org)];
    const cem = slack.addUser('cem', { of: south });
    slack.setInstaller({ team: north, user: slack.addUser('dan', { of: north }), consents: true, isOrgWide: true });
    app.message(async ({ say }) => {
      await say('hello');
    });
    expect(await visitInstall()).toMatchObject({ status: 200 });
    expect(stored(org.id)).toMatchObject({ isEnterpriseInstall: true, enterprise: org, team: undefined });
    const question = slack.say(slack.directMessages(cem), cem, 'anybody?');
    await slack.waitFor(() => slack.messagesOf(question.channel).find(({ text }) => text === 'hello'), 'an answer');
  });

  it('verifies the request URL of the app', async () => {
    expect(await slack.verifyRequestUrl()).toBe(true);
  });
});
