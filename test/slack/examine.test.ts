import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ExaminedSlack, examineSlack } from '../../adapters/slack/examine.ts';
import { botScopes } from '../../adapters/slack/scopes.ts';
import { refusedPlace } from '../../adapters/slack/signatures.ts';
import type { Finding } from '../../src/domain/finding.ts';
import { type FakeSlack, startFakeSlack } from './fake/fake-slack.ts';

const scopes = botScopes.map(({ scope }) => scope);
const SIGNING_SECRET = '0123456789abcdef0123456789abcdef';
let slack: FakeSlack;
beforeEach(async () => {
  slack = await startFakeSlack();
});
afterEach(() => slack.close());

const socket = (more: { botToken?: string; appToken?: string } = {}) => ({
  mode: 'socket' as const,
  botToken: slack.team.botToken ?? '',
  appToken: slack.app.appToken,
  ...more,
});

const defaults = (): ExaminedSlack => ({
  ...{ connection: socket(), apiUrl: slack.apiUrl, channels: null, workspaces: null, reportChannel: null },
});
const examined = (settings: Partial<ExaminedSlack> = {}): Promise<Finding[]> =>
  examineSlack({ ...defaults(), ...settings });

const oauthOf = (more: { clientId?: string; clientSecret?: string; signingSecret?: string } = {}) => ({
  ...{ mode: 'oauth' as const, clientId: slack.app.clientId, clientSecret: slack.app.clientSecret },
  ...{ signingSecret: SIGNING_SECRET, ...more },
});
const oauth = (more: Parameters<typeof oauthOf>[0] = {}) => examined({ connection: oauthOf(more) });

const http = (signingSecret: string) =>
  examined({ connection: { mode: 'http', botToken: slack.team.botToken ?? '', signingSecret } });

const problems = (findings: readonly Finding[]): Finding[] => findings.filter(({ state }) => state === 'problem');
const statesOf = (findings: readonly Finding[]) => findings.map(({ check, state }) => `${check} ${state}`);

async function theProblem(finding: Promise<Finding[]>): Promise<string> {
  const [one, ...more] = problems(await finding);
  expect(more).toEqual([]);
  expect(one?.remedy).toMatch(/\w/);
  return `${one?.check}: ${one?.says}. ${one?.remedy}`;
}

describe('the examination of Slack', () => {
  it('finds a good set-up good, in each of the three ways to connect, and opens no connection', async () => {
    expect(statesOf(await examined())).toEqual([
      'slack api ok',
      'slack token ok',
      'slack scopes ok',
      'slack app token ok',
    ]);
    expect(statesOf(await http(SIGNING_SECRET)).at(-1)).toBe('slack secret ok');
    expect(statesOf(await oauth())).toEqual([
      'slack api ok',
      'slack secret ok',
      'slack client ok',
      'slack installs warning',
    ]);
    expect(slack.connections).toBe(0);
  });

  it.each(scopes)('names %s when it is missing, and what would not work', async (missing) => {
    const botToken = slack.install(
      slack.team,
      scopes.filter((scope) => scope !== missing),
    );
    const said = await theProblem(examined({ connection: socket({ botToken }) }));
    const purpose = botScopes.find(({ scope }) => scope === missing)?.purpose;
    expect(said).toContain(`slack scopes: missing: ${missing} (to ${purpose}).`);
    expect(said).toContain('install the app again');
  });

  it('names all scopes that are missing', async () => {
    const botToken = slack.install(slack.team, ['chat:write']);
    const said = await theProblem(examined({ connection: socket({ botToken }) }));
    for (const scope of scopes) expect(said.includes(`${scope} (`), scope).toBe(scope !== 'chat:write');
  });

  it.each([
    ['unknown', () => 'xoxb-no-such-token', 'does not know the token in SLACK_BOT_TOKEN'],
    ['of another kind', () => slack.app.appToken, 'another kind'],
    [
      'revoked',
      () => {
        const token = slack.team.botToken ?? '';
        slack.revoke();
        return token;
      },
      'was revoked',
    ],
    [
      'of an app that was uninstalled',
      () => {
        const token = slack.team.botToken ?? '';
        slack.uninstall();
        return token;
      },
      'was uninstalled',
    ],
  ])('says that a bot token is %s', async (_, make, says) => {
    const said = await theProblem(examined({ connection: socket({ botToken: make() }) }));
    expect(said).toContain('slack token: ');
    expect(said).toContain(says);
    expect(said).toContain('OAuth & Permissions');
  });

  it('says that an app token lacks its scope, or is none', async () => {
    const { app, world } = slack;
    const without = { token: 'xapp-2', kind: 'app', team: null, isOrgWide: false, scopes: [], state: 'live' } as const;
    world.grants.set('xapp-2', { ...without });
    for (const [appToken, says] of [
      ['xapp-2', 'lacks the scope connections:write'],
      ['xapp-3', 'does not know the token in SLACK_APP_TOKEN'],
    ] as const) {
      const said = await theProblem(examined({ connection: socket({ appToken }) }));
      expect(said).toContain(says);
      expect(said).toContain('App-Level Tokens');
    }
    expect(app.appToken).not.toBe('xapp-2');
  });

  it('says that the two tokens are of two apps, whose events would never come', async () => {
    const { world } = slack;
    const token = 'xapp-1-A0OTHERAPP-1-fake';
    world.grants.set(token, {
      ...{ token, kind: 'app', team: null, isOrgWide: false, scopes: ['connections:write'], state: 'live' },
    });
    const said = await theProblem(examined({ connection: socket({ appToken: token }) }));
    expect(said).toContain(`SLACK_APP_TOKEN is of the app A0OTHERAPP, SLACK_BOT_TOKEN of the app ${slack.app.id}`);
    const botToken = slack.install(
      slack.team,
      scopes.filter((scope) => scope !== 'users:read'),
    );
    expect(await theProblem(examined({ connection: socket({ appToken: token, botToken }) }))).toContain('users:read');
  });

  it('says what is wrong with a signing secret as far as it can be told', async () => {
    expect(await theProblem(http('xoxb-1-2-3'))).toContain('holds a token');
    expect(await http('secret-secret')).toMatchObject([
      ...[{}, {}, {}],
      { check: 'slack secret', state: 'warning', remedy: expect.stringContaining('Signing Secret') },
    ]);
    expect(await theProblem(oauth({ signingSecret: slack.app.clientSecret }))).toContain('are the same');
  });

  it('looks at the installations of many workspaces, and says where none is', async () => {
    const { team } = slack;
    const other = slack.addTeam('Other');
    const held = new Map<string, unknown>([
      [team.id, { bot: { token: slack.install(team, ['chat:write']), id: 'B1', userId: team.bot.userId } }],
      [other.id, { bot: { token: slack.install(other), id: 'B2', userId: other.bot.userId } }],
      ['T404', { bot: null }],
    ]);
    const desk = {
      readUpTo: async () => undefined,
      installations: async () => [...held.keys()],
      installation: async (_: string, key: string) => held.get(key),
    };
    const settings = { ...defaults(), connection: oauthOf() };
    expect(JSON.stringify(await examineSlack(settings, desk))).toContain(
      'then open /slack/install and install the app',
    );
    const found = problems(await examineSlack(settings, desk)).map(({ check, says }) => `${check} ${says}`);
    expect(found).toEqual([
      expect.stringMatching(/^slack scopes missing: app_mentions:read/),
      'slack installs the installation in T404 cannot be used: it holds no bot token',
    ]);
    slack.uninstall(other);
    const said = problems(await examineSlack(settings, desk)).map(({ says, remedy }) => `${says}. ${remedy}`);
    expect(said.join()).toContain(
      `the app whose token is in the installation in ${other.id} was uninstalled, or its workspace is gone. Open /slack/install of the running service and install the app in ${other.id} again.`,
    );
    held.clear();
    expect(await examineSlack(settings, desk)).toContainEqual(
      expect.objectContaining({ check: 'slack installs', state: 'warning' }),
    );
  });

  it('looks only at the installations: they stay under the key that has sealed them', async () => {
    const looks: unknown[] = [];
    const installation = async (...asked: unknown[]) => {
      looks.push(asked[2]);
      return { bot: { token: slack.team.botToken, id: 'B1', userId: slack.team.bot.userId } };
    };
    const desk = { readUpTo: async () => undefined, installations: async () => [slack.team.id], installation };
    expect(problems(await examineSlack({ ...defaults(), connection: oauthOf() }, desk))).toEqual([]);
    expect(looks).toEqual([{ isLook: true }]);
  });

  it('says of many workspaces as well that a request did not fit the signing secret, until one did', async () => {
    const positions = new Map([[`T1 ${refusedPlace(SIGNING_SECRET)}`, '1700000002.000000']]);
    const desk = {
      readUpTo: async (_: string, key: string, place: string) => positions.get(`${key} ${place}`),
      installations: async () => ['T1', 'T2'],
      installation: async () => ({ bot: { token: slack.team.botToken, id: 'B1', userId: slack.team.bot.userId } }),
    };
    const settings = { ...defaults(), connection: oauthOf() };
    expect(await theProblem(examineSlack(settings, desk))).toContain('does not fit SLACK_SIGNING_SECRET');
    positions.set('T2 events', '1700000003.000000');
    expect(problems(await examineSlack(settings, desk))).toEqual([]);
  });

  it('looks at the channel of reports in the workspace that it is of', async () => {
    const { team } = slack;
    const reports = slack.addChannel('reports');
    const elsewhere = slack.addChannel('elsewhere', { withBot: false });
    const desk = {
      readUpTo: async () => undefined,
      installations: async () => [team.id],
      installation: async () => ({ bot: { token: team.botToken, id: 'B1', userId: team.bot.userId } }),
    };
    const many = (reportChannel: string) => examineSlack({ ...defaults(), connection: oauthOf(), reportChannel }, desk);
    expect(problems(await many(`${team.id}:${reports.id}`))).toEqual([]);
    expect(await theProblem(many(`${team.id}:${elsewhere.id}`))).toContain('/invite @foursight in #elsewhere');
    expect(await theProblem(many(`T404:${reports.id}`))).toContain(`is of T404, which does not have the app`);
    expect(await theProblem(examined({ reportChannel: `T404:${reports.id}` }))).toContain('nobody gets the reports');
    expect(problems(await examined({ reportChannel: `${team.id}:${reports.id}` }))).toEqual([]);
  });

  it('looks for the channels that are served in all of many workspaces', async () => {
    const other = slack.addTeam('Other');
    const held = new Map<string, unknown>([
      [slack.team.id, { bot: { token: slack.team.botToken, id: 'B1', userId: slack.team.bot.userId } }],
      [other.id, { bot: { token: slack.install(other), id: 'B2', userId: other.bot.userId } }],
    ]);
    const desk = {
      readUpTo: async () => undefined,
      installations: async () => [...held.keys()],
      installation: async (_: string, key: string) => held.get(key),
    };
    const here = slack.addChannel('here');
    const there = slack.addChannel('there', { of: other });
    const without = slack.addChannel('without', { of: other, withBot: false });
    const many = (...channels: string[]) =>
      examineSlack({ ...defaults(), connection: oauthOf(), channels: [here.id, there.id, ...channels] }, desk);
    const states = statesOf(await many()).filter((one) => one.startsWith('slack channel'));
    expect(states).toEqual(['slack channel ok', 'slack channel ok']);
    expect(await theProblem(many(without.id))).toContain('/invite @foursight in #without');
    expect(await theProblem(many('C0AAAAAAA'))).toContain('sees no channel C0AAAAAAA, which SLACK_CHANNELS names');
    held.set('T404', { bot: null });
    expect(await theProblem(many('C0AAAAAAA'))).toContain('the installation in T404');
  });

  it('tells a wrong client id from a wrong client secret', async () => {
    expect(await theProblem(oauth({ clientId: '9.9' }))).toContain('SLACK_CLIENT_ID');
    expect(await theProblem(oauth({ clientSecret: 'another-secret' }))).toContain('SLACK_CLIENT_SECRET is wrong');
  });

  it('says that nothing answers, or another program', async () => {
    expect(await theProblem(examined({ apiUrl: 'http://127.0.0.1:9/api/' }))).toMatch(
      /cannot be reached.*SLACK_API_URL/,
    );
    const other = createServer((request, response) => {
      response.statusCode = request.url?.startsWith('/none') ? 404 : 200;
      response.end('<h1>Welcome</h1>');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
    expect(await theProblem(examined({ apiUrl: address }))).toContain("is not Slack's Web API");
    expect(await theProblem(examined({ apiUrl: `${address}none/` }))).toContain('HTTP status 404');
    other.close();
  });

  it('says of channels that are named that the app is not in them, or cannot see them, or that they are archived', async () => {
    const open = slack.addChannel('open');
    const elsewhere = slack.addChannel('elsewhere', { withBot: false });
    const old = slack.addChannel('old');
    slack.archive(old);
    const findings = await examined({ reportChannel: elsewhere.id, channels: [open.id, old.id, 'C404'] });
    expect(statesOf(findings).filter((one) => one.startsWith('slack channel'))).toEqual([
      'slack channel problem',
      'slack channel ok',
      'slack channel problem',
      'slack channel problem',
    ]);
    const said = problems(findings).map(({ says, remedy }) => `${says} ${remedy}`);
    expect(said[0]).toContain('/invite @foursight in #elsewhere');
    expect(said[1]).toContain('is archived');
    expect(said[2]).toContain('sees no channel C404');
  });

  it('says that the workspace of the token is not served', async () => {
    expect(await theProblem(examined({ workspaces: ['T404'] }))).toContain(`Add ${slack.team.id} to SLACK_WORKSPACES`);
    expect(problems(await examined({ workspaces: [slack.team.id] }))).toEqual([]);
  });

  it('makes no call that Slack would not take from any app', async () => {
    await examined();
    await oauth();
    expect(slack.journal.refusals().map(({ outcome }) => outcome)).toEqual(
      slack.journal.refusals().map(({ method }) => (method === 'auth.test' ? 'not_authed' : 'invalid_code')),
    );
  });
});
