import type { App } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { socketApp } from './bolt-app.ts';
import { type FakeSlack, startFakeSlack } from './fake-slack.ts';
import type { Channel, User } from './types.ts';

let slack: FakeSlack;
let app: App;
let ann: User;
let general: Channel;

beforeEach(async () => {
  slack = await startFakeSlack();
  ann = slack.addUser('ann');
  general = slack.addChannel('general', { members: [ann] });
  app = socketApp(slack);
});
afterEach(async () => {
  await app.stop();
  await slack.close();
});

describe('the fake over Socket Mode', () => {
  it("carries a mention to Bolt and Bolt's answer to the thread", async () => {
    app.event('app_mention', async ({ event, client }) => {
      await client.assistant.threads.setStatus({ channel_id: event.channel, thread_ts: event.ts, status: 'thinks' });
      const { ts = '' } = await client.chat.postMessage({ channel: event.channel, thread_ts: event.ts, text: 'wait' });
      await client.chat.update({ channel: event.channel, ts, text: 'it is 4' });
      await client.reactions.add({ channel: event.channel, timestamp: ts, name: 'thumbsup' });
    });
    await app.start();
    const question = slack.say(general, ann, `${slack.mention()} 2+2?`);
    const answer = await slack.waitFor(
      () => slack.replies(question).find(({ text, reactions }) => text === 'it is 4' && reactions.has('+1')),
      'an answer with a reaction',
    );
    expect(answer.editedTs).toBeDefined();
    expect(slack.world.statuses.map(({ status }) => status)).toEqual(['thinks', '']);
    await slack.settled();
    const types = slack.journal.events.map(({ event }) => [event.type, event.subtype ?? ''].join(' ').trim());
    expect(types.sort()).toEqual(['app_mention', 'message', 'message', 'message message_changed', 'reaction_added']);
    expect(new Set(slack.journal.events.map(({ id }) => id)).size).toBe(5);
    expect(slack.journal.events.every(({ outcome }) => outcome === 'acked')).toBe(true);
    expect(slack.journal.refusals()).toEqual([]);
  });
});
