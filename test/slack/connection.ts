import { readFile } from 'node:fs/promises';
import { freePort } from '../queue/redis-server.ts';
import { until } from '../soak/processes.ts';
import type { FakeSlack } from './fake/fake-slack.ts';

/** How events come in. */
export type Mode = 'socket' | 'http';

const MANIFEST = new URL('../../adapters/slack/manifest.json', import.meta.url);
const PATIENCE_MS = 60_000;

/** The manifest that comes with the program. */
export const readManifest = async (): Promise<unknown> => JSON.parse(await readFile(MANIFEST, 'utf8'));

/** The variables by which a service reaches the fake; for HTTP the fake is told where the service will listen. */
export async function connectionOf(slack: FakeSlack, mode: Mode): Promise<Record<string, string>> {
  const common = { SLACK_API_URL: slack.apiUrl, SLACK_BOT_TOKEN: slack.team.botToken ?? '' };
  if (mode === 'socket') return { ...common, SLACK_APP_TOKEN: slack.app.appToken };
  const port = String(await freePort());
  slack.useHttp(`http://127.0.0.1:${port}/slack/events`);
  return { ...common, SLACK_SIGNING_SECRET: slack.app.signingSecret, SLACK_PORT: port };
}

/** Resolves once the service can be told something. */
export const connected = (slack: FakeSlack, mode: Mode): Promise<unknown> =>
  mode === 'socket'
    ? slack.waitFor(() => slack.connections > 0, 'a connection', PATIENCE_MS)
    : until(PATIENCE_MS, 'the request URL', async () => (await slack.verifyRequestUrl()) || undefined);
