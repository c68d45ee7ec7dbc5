import { type App, webApi } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { socketApp } from './bolt-app.ts';
import { type FakeSlack, type FakeSlackOptions, startFakeSlack } from './fake-slack.ts';
import type { Channel, User } from './types.ts';

let slack: FakeSlack;
let ann: User;
let chat: Channel;
const apps: App[] = [];

async function start(options: FakeSlackOptions = {}): Promise<void> {
  slack = await startFakeSlack(options);
  ann = slack.addUser('ann');
  chat = slack.directMessages(ann);
}

/** A Bolt app that keeps the ts of every message it is told of. */
async function listener(): Promise<string[]> {
  const seen: string[] = [];
  const app = socketApp(slack);
  app.message(async ({ message }) => {
    seen.push(message.ts);
  });
  await app.start();
  apps.push(app);
  return seen;
}

beforeEach(() => start());
afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop();
  await slack.close();
});

/** A client that leaves it to the caller to try again. */
const client = (retries = 0) =>
  new webApi.WebClient(slack.team.botToken, { slackApiUrl: slack.apiUrl, retryConfig: { retries, minTimeout: 1 } });
const post = (text: string, retries = 0) => client(retries).chat.postMessage({ channel: chat.id, text });
const texts = () => slack.messagesOf(chat).map(({ text }) => text);

describe('faults of the fake', () => {
  it('lose events while no socket is open', async () => {
    slack.say(chat, ann, 'too early');
    await slack.settled();
    expect(slack.journal.events[0]).toMatchObject({ outcome: 'lost', reason: 'not_connected' });
    const seen = await listener();
    const { ts } = slack.say(chat, ann, 'in time');
    await slack.settled();
    expect(seen).toEqual([ts]);
  });

  it('deliver each event to one of several connections', async () => {
    const [first, second] = [await listener(), await listener()];
    const sent = Array.from({ length: 6 }, (_, i) => slack.say(chat, ann, `message ${i}`).ts);
    await slack.settled();
    expect([...first, ...second].sort()).toEqual(sent);
    expect([first.length, second.length]).toEqual([3, 3]);
  });

  it('deliver every nth event twice under one id', async () => {
    const seen = await listener();
    slack.setFaults({ duplicateEvery: 3 });
    const sent = Array.from({ length: 6 }, (_, i) => slack.say(chat, ann, `message ${i}`).ts);
    await slack.settled();
    expect(seen.length).toBe(8);
    expect([...new Set(seen)].sort()).toEqual(sent);
    expect(new Set(slack.journal.events.map(({ id }) => id)).size).toBe(6);
  });

  it('break a socket, and the client comes back', async () => {
    const seen = await listener();
    expect(slack.connections).toBe(1);
    slack.dropSockets();
    await slack.waitFor(() => slack.connections === 0, 'the end of the connection');
    await slack.waitFor(() => slack.connections === 1, 'a new connection');
    const { ts } = slack.say(chat, ann, 'hello again');
    await slack.settled();
    expect(seen).toEqual([ts]);
    expect(slack.journal.callsOf('apps.connections.open').length).toBe(2);
  });

  it('send an event that a broken connection left unacknowledged to another one', async () => {
    const [first, second] = [await listener(), await listener()];
    slack.setFaults({ dropSocketEvery: 1 });
    slack.say(chat, ann, 'hello');
    // Both connections break in turn.
    await slack.settled();
    expect(slack.journal.events[0]).toMatchObject({ outcome: 'lost', attempts: 3, reason: 'not_connected' });
    expect(first.length + second.length).toBeLessThanOrEqual(2);
  });

  it('ask for a reconnect as Slack does some times a day', async () => {
    const seen = await listener();
    slack.refreshSockets();
    await slack.waitFor(
      () => slack.connections === 1 && slack.journal.callsOf('apps.connections.open').length === 2,
      'the new connection',
      15_000,
    );
    const { ts } = slack.say(chat, ann, 'still there?');
    await slack.settled();
    expect(seen).toEqual([ts]);
  });

  it('fail a call before or after it was done', async () => {
    slack.failNext('chat.postMessage', { status: 503 });
    await expect(post('before')).rejects.toThrow();
    slack.failNext('chat.postMessage', { status: 502, afterwards: true });
    await expect(post('after')).rejects.toThrow();
    slack.failNext('chat.postMessage', { error: 'is_archived' });
    await expect(post('refused')).rejects.toThrow('is_archived');
    expect(texts()).not.toContain('before');
    expect(texts()).toContain('after');
    expect(slack.journal.refusals()).toEqual([]);
  });

  it("answer 429, which Bolt's client waits out", async () => {
    slack.failNext('chat.postMessage', { retryAfterSeconds: 0 }, 2);
    await post('at last', 2);
    expect(texts()).toEqual(['at last']);
    expect(slack.journal.callsOf('chat.postMessage').map(({ isInjected }) => isInjected)).toEqual([true, true, false]);
  });

  it('are the same for the same seed', async () => {
    const outcomes = async () => {
      slack.setFaults({ errorBefore: 0.3, errorAfter: 0.2, methods: { 'auth.test': { errorBefore: 1 } } });
      await expect(client().auth.test()).rejects.toThrow('503');
      for (let i = 0; i < 12; i += 1) await post(`m${i}`).catch(() => undefined);
      return slack.journal.callsOf('chat.postMessage').map(({ outcome }) => outcome);
    };
    const first = await outcomes();
    await slack.close();
    await start();
    expect(await outcomes()).toEqual(first);
    expect(new Set(first).size).toBe(3);
  });
});

describe("the fake's rate limits", () => {
  it('note what Slack would refuse, or refuse it', async () => {
    for (let i = 0; i < 12; i += 1) await post(`m${i}`);
    expect(slack.violations.length).toBe(2);
    await slack.close();
    await start({ rateLimits: { mode: 'enforce', factor: 0.1 } });
    const answers = [];
    for (let i = 0; i < 3; i += 1)
      answers.push(
        await fetch(`${slack.apiUrl}chat.update?token=${slack.team.botToken}&channel=${chat.id}`, { method: 'POST' }),
      );
    // A tenth of fifty a minute is five.
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const posts = [];
    for (let i = 0; i < 2; i += 1)
      posts.push(await fetch(`${slack.apiUrl}chat.postMessage?token=${slack.team.botToken}&channel=${chat.id}&text=x`));
    expect(posts.map(({ status }) => status)).toEqual([200, 429]);
    expect(Number(posts[1]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
