import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { SlackSettings } from '../../adapters/slack/context.ts';
import { SlackAdapter, type SlackOptions } from '../../adapters/slack/slack-adapter.ts';
import { createLog } from '../../src/log.ts';
import { outcome, type TestStore, turnOf } from '../db/test-store.ts';
import { type FakeSlack, type FakeSlackOptions, startFakeSlack } from './fake/fake-slack.ts';

export const manifest: unknown = JSON.parse(
  await readFile(new URL('../../adapters/slack/manifest.json', import.meta.url), 'utf8'),
);

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

/** Answers what is asked, in turn, as a worker would; `hold` keeps it from ending. */
export function openWorker({ desk, journal }: TestStore, slack: FakeSlack) {
  const stop = new AbortController();
  let isHeld = false;
  let turns = 1;
  let answer = (text: string) => `answer to ${text}`;
  async function work(): Promise<void> {
    while (!stop.signal.aborted) {
      for (const { questionId } of await desk.openQuestions('slack', slack.team.id)) {
        if (stop.signal.aborted) return;
        const held = await journal.begin(questionId, 'worker');
        if (typeof held === 'string') continue;
        for (let turn = held.turns.length + 1; turn <= turns; turn += 1) await journal.appendTurn(held, turnOf(turn));
        if (!isHeld) await journal.finish(held, { ...outcome, answer: answer(held.text) });
      }
      await delay(20);
    }
  }
  const done = work();
  return {
    hold(): void {
      isHeld = true;
    },
    letGo(): void {
      isHeld = false;
    },
    takeTurns(count: number): void {
      turns = count;
    },
    answerWith(next: (text: string) => string): void {
      answer = next;
    },
    async close(): Promise<void> {
      stop.abort();
      await done;
    },
  };
}
export type Worker = ReturnType<typeof openWorker>;
