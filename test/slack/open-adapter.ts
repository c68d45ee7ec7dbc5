import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { SlackSettings } from '../../adapters/slack/context.ts';
import { SlackAdapter, type SlackOptions } from '../../adapters/slack/slack-adapter.ts';
import type { ChatDesk } from '../../src/domain/chat.ts';
import type { Loop } from '../../src/domain/ports.ts';
import { createLog } from '../../src/log.ts';
import type { TestStore } from '../db/test-store.ts';
import type { FakeSlack } from './fake/fake-slack.ts';

type Sections = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
export const manifest: Sections = JSON.parse(
  await readFile(new URL('../../adapters/slack/manifest.json', import.meta.url), 'utf8'),
);

/** The app's manifest with more in some of its sections. */
export const manifestWith = (more: Sections): Sections => ({
  ...manifest,
  ...Object.fromEntries(Object.entries(more).map(([name, section]) => [name, { ...manifest[name], ...section }])),
});

export const settings: SlackSettings = {
  channels: null,
  workspaces: null,
  admins: [],
  reportChannel: null,
  followUps: true,
  strangers: false,
  limits: { person: 1_000, workspace: 1_000 },
};

export type AdapterOptions = Partial<SlackOptions>;

/** What happens between the adapter and the store; may change while it is open. */
export interface AdapterHooks {
  /** How long after a message was posted it is noted what it is. */
  noteLateMs: number;
  /** What comes before a vote is stored; when it rejects, it is not. */
  beforeVote: () => Promise<void>;
}

/** The adapter on a fake Slack, as the service has it; over HTTP the fake is told where. */
export async function openAdapter(
  slack: FakeSlack,
  { loop, desk }: Pick<TestStore, 'loop' | 'desk'>,
  hooks: AdapterHooks,
  more: AdapterOptions = {},
): Promise<SlackAdapter> {
  const rate: Loop['rate'] = async (vote) => {
    await hooks.beforeVote();
    return loop.rate(vote);
  };
  const posted: ChatDesk['posted'] = async (where, post) => {
    if (hooks.noteLateMs > 0) await delay(hooks.noteLateMs);
    await desk.posted(where, post);
  };
  const adapter = new SlackAdapter({
    loop: { ...loop, rate },
    desk: { ...desk, posted },
    log: createLog(process.env.FOURSIGHT_LOG ?? 'silent'),
    connection: { mode: 'socket', botToken: slack.team.botToken ?? '', appToken: slack.app.appToken },
    apiUrl: slack.apiUrl,
    settings,
    reactions: { up: [], down: [] },
    ...more,
  });
  await adapter.start();
  if (adapter.address !== null) slack.useHttp(`${adapter.address}/slack/events`);
  return adapter;
}
