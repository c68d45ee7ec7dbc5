import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SlackAdapter } from '../../adapters/slack/slack-adapter.ts';
import { openTestStore, startTestServer, type TestServer, type TestStore } from '../db/test-store.ts';
import type { FakeSlack } from './fake/fake-slack.ts';
import type { Channel, Message, User } from './fake/types.ts';
import { openAdapter, openSlack, openWorker, type Worker } from './office.ts';

let server: TestServer;
let store: TestStore;
let slack: FakeSlack;
let adapter: SlackAdapter;
let worker: Worker;
let ann: User;
let general: Channel;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  store = await openTestStore(await server.fresh());
  slack = await openSlack();
  ann = slack.addUser('ann');
  general = slack.addChannel('general', { members: [ann] });
  worker = openWorker(store, slack);
  adapter = await openAdapter(slack, store);
  return async () => {
    await worker.close();
    await adapter.close();
    await slack.close();
    await store.close();
  };
});

const eventually = <T>(look: () => T | Promise<T>) => vi.waitFor(look, { timeout: 15_000, interval: 20 });
const ask = (text: string, thread?: string) => slack.say(general, ann, `${slack.mention()} ${text}`, { thread });
const answerTo = (question: Message, text: string) =>
  slack.waitFor(() => slack.replies(question).find((reply) => slack.textOf(reply).includes(text)), `"${text}"`);

describe('asking in Slack', { timeout: 60_000 }, () => {
  it('answers a mention in its thread, after a status and with progress in the same message', async () => {
    worker.hold();
    const question = ask('what is 2+2?');
    await slack.waitFor(() => slack.journal.callsOf('assistant.threads.setStatus').length > 0, 'a status');
    const progress = await slack.waitFor(
      () => slack.replies(question).find((reply) => slack.textOf(reply).includes('calculator')),
      'progress',
    );
    expect(progress.stream?.state).toBe('in_progress');
    worker.letGo();
    const answer = await answerTo(question, 'answer to what is 2+2?');
    expect(answer.ts).toBe(progress.ts);
    expect(slack.replies(question)).toHaveLength(1);
    await slack.waitFor(() => ['+1', '-1'].every((name) => answer.reactions.has(name)), 'reactions');
    expect(slack.statusOf(question)).toBe('');
    expect(slack.journal.refusals()).toEqual([]);
  });

  it('answers what goes on in a thread without a mention, and a direct message, but not what is not for it', async () => {
    const question = ask('one');
    await answerTo(question, 'answer to one');
    slack.say(general, ann, 'not for you');
    slack.say(general, ann, 'and two', { thread: question.ts });
    await answerTo(question, 'answer to and two');
    const direct = slack.say(slack.directMessages(ann), ann, 'three');
    await answerTo(direct, 'answer to three');
    expect((await store.loop.status()).questions).toMatchObject({ answered: 3, open: 0 });
    expect(slack.journal.refusals()).toEqual([]);
  });

  it('answers a message once, however often it comes', async () => {
    slack.setFaults({ duplicateEvery: 1 });
    const question = ask('once?');
    await answerTo(question, 'answer to once?');
    await slack.settled();
    await eventually(async () => expect((await store.loop.status()).outbox.waiting).toBe(0));
    expect(slack.replies(question)).toHaveLength(1);
    expect((await store.loop.status()).questions.answered).toBe(1);
  });

  it('takes an edit before the answer for the question, and a deletion for a withdrawal', async () => {
    await worker.close();
    const question = ask('first wording');
    await slack.settled();
    slack.edit(question, `${slack.mention()} second wording`);
    await slack.settled();
    const other = ask('to be deleted');
    await slack.waitFor(() => slack.statusOf(other) !== '', 'a status');
    slack.remove(other);
    await slack.settled();
    worker = openWorker(store, slack);
    await answerTo(question, 'answer to second wording');
    await eventually(async () =>
      expect((await store.loop.status()).questions).toMatchObject({ open: 0, answered: 1, failed: 0 }),
    );
  });
});
