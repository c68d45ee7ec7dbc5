import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import type { SlackSettings } from '../../adapters/slack/context.ts';
import { SlackAdapter, type SlackOptions } from '../../adapters/slack/slack-adapter.ts';
import { createLog } from '../../src/log.ts';
import { openWorker, type Worker } from '../db/answering-worker.ts';
import { openTestStore, startTestServer, type TestServer, type TestStore } from '../db/test-store.ts';
import { type FakeSlack, type FakeSlackOptions, startFakeSlack } from './fake/fake-slack.ts';
import type { Channel, Message, User } from './fake/types.ts';

type Sections = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
const manifest: Sections = JSON.parse(
  await readFile(new URL('../../adapters/slack/manifest.json', import.meta.url), 'utf8'),
);

/** The app's manifest with more in some of its sections. */
export const manifestWith = (more: Sections): Sections => ({
  ...manifest,
  ...Object.fromEntries(Object.entries(more).map(([name, section]) => [name, { ...manifest[name], ...section }])),
});

/** A Slack that knows the app as its manifest has it. */
export const openSlack = (options: FakeSlackOptions = {}): Promise<FakeSlack> =>
  startFakeSlack({ manifest, ...options });

export const settings: SlackSettings = {
  channels: null,
  workspaces: null,
  admins: [],
  reportChannel: null,
  followUps: true,
  strangers: false,
  limits: { person: 1_000, workspace: 1_000 },
};

/** The adapter on a fake Slack, as the service has it. */
export async function openAdapter(
  slack: FakeSlack,
  { loop, desk }: TestStore,
  more: Partial<SlackOptions> & { readonly settings?: SlackSettings } = {},
): Promise<SlackAdapter> {
  const { appToken } = slack.app;
  const adapter = new SlackAdapter({
    loop,
    desk,
    log: createLog(process.env.FOURSIGHT_LOG ?? 'silent'),
    connection: { mode: 'socket', botToken: slack.team.botToken ?? '', appToken },
    apiUrl: slack.apiUrl,
    settings,
    reactions: { up: [], down: [] },
    ...more,
  });
  await adapter.start();
  return adapter;
}

export const eventually = <T>(look: () => T | Promise<T>) => vi.waitFor(look, { timeout: 20_000, interval: 20 });

type AdapterOptions = Parameters<typeof openAdapter>[2];

/** A store, a fake Slack with a person in a channel, and a worker: for each test anew. The adapter is opened by the test. */
export class Office {
  #closers: (() => Promise<void>)[] = [];
  #parts: { store: TestStore; slack: FakeSlack; worker: Worker; ann: User; general: Channel } | undefined;
  adapter: SlackAdapter | undefined;

  get #open() {
    if (this.#parts === undefined) throw new Error('the office is not open');
    return this.#parts;
  }
  get store(): TestStore {
    return this.#open.store;
  }
  get slack(): FakeSlack {
    return this.#open.slack;
  }
  get worker(): Worker {
    return this.#open.worker;
  }
  get ann(): User {
    return this.#open.ann;
  }
  get general(): Channel {
    return this.#open.general;
  }

  async open(server: TestServer, options?: FakeSlackOptions): Promise<void> {
    const store = await openTestStore(await server.fresh());
    const slack = await openSlack(options);
    const ann = slack.addUser('ann');
    const general = slack.addChannel('general', { members: [ann] });
    const worker = openWorker(store, { platform: 'slack', workspace: slack.team.id });
    this.#parts = { store, slack, worker, ann, general };
    this.#closers = [() => worker.close(), () => this.closeAdapter(), () => slack.close(), () => store.close()];
  }

  async openAdapter(more?: AdapterOptions): Promise<SlackAdapter> {
    this.adapter = await openAdapter(this.slack, this.store, more);
    return this.adapter;
  }
  async closeAdapter(): Promise<void> {
    const { adapter } = this;
    this.adapter = undefined;
    await adapter?.close();
  }
  async close(): Promise<void> {
    for (const close of this.#closers) await close();
  }

  ask(text: string, { thread, by = this.ann, channel = this.general }: Asking = {}): Message {
    return this.slack.say(channel, by, `${this.slack.mention()} ${text}`, { thread });
  }
  /** The message of the bot in a thread that says something. */
  said(question: Message, text: string): Promise<Message> {
    const { slack } = this;
    const look = () => slack.replies(question).find((reply) => slack.textOf(reply).includes(text));
    return slack.waitFor(look, `"${text}"`, 20_000);
  }
  /** Resolves when everything that was asked is answered and posted. */
  async idle(): Promise<void> {
    await this.slack.settled();
    await eventually(async () => {
      const { questions, outbox } = await this.store.loop.status();
      if (questions.open > 0 || outbox.waiting > 0)
        throw new Error(`${questions.open} open, ${outbox.waiting} to post`);
    });
  }
}

interface Asking {
  readonly thread?: string;
  readonly by?: User;
  readonly channel?: Channel;
}

/** An office that is opened before each test and closed after it. */
export function useOffice(options?: FakeSlackOptions): Office {
  const office = new Office();
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    await office.open(server, options);
    return () => office.close();
  });
  return office;
}
