import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callerOf, section } from './caller.ts';
import { type FakeSlack, type FakeSlackOptions, startFakeSlack } from './fake-slack.ts';
import type { Channel, Json, User } from './types.ts';

let slack: FakeSlack;
let server: Server;
let ann: User;
let general: Channel;
let bodies: Json[];

/** A fake whose events are kept as they arrive. */
async function start(options: FakeSlackOptions = {}): Promise<void> {
  slack = await startFakeSlack(options);
  ann = slack.addUser('ann');
  general = slack.addChannel('general', { members: [ann] });
  slack.useHttp(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

beforeEach(async () => {
  bodies = [];
  server = createServer(async (request, response) => {
    bodies.push(JSON.parse(await text(request)));
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await start();
});
afterEach(async () => {
  await slack.close();
  server.closeAllConnections();
  server.close();
});

/** The events so far, in the order in which they were sent. */
async function events(): Promise<unknown[]> {
  await slack.settled();
  return bodies.sort((a, b) => String(a.event_id).localeCompare(String(b.event_id))).map(({ event }) => event);
}

describe("people's acts", () => {
  it('tell of a mention twice, as a message and as a mention', async () => {
    const { ts } = slack.say(general, ann, `${slack.mention()} hello`);
    const common = { ts, channel: general.id, user: ann.id, text: `${slack.mention()} hello`, event_ts: ts };
    expect(await events()).toMatchObject([
      { type: 'message', channel_type: 'channel', ...common },
      { type: 'app_mention', ...common },
    ]);
    expect(bodies[0]).toMatchObject({
      type: 'event_callback',
      team_id: slack.team.id,
      authorizations: [{ user_id: slack.team.bot.userId, is_bot: true }],
    });
  });

  it('tell of an edit that adds a mention, with what was there before', async () => {
    const message = slack.say(general, ann, 'hello');
    slack.edit(message, `${slack.mention()} hello`);
    expect((await events()).slice(1)).toMatchObject([
      {
        subtype: 'message_changed',
        message: { text: `${slack.mention()} hello`, ts: message.ts, edited: { user: ann.id } },
        previous_message: { text: 'hello' },
      },
      { type: 'app_mention', ts: message.ts },
    ]);
  });

  it('tell of a deletion, and of a thread whose beginning was deleted as of a change', async () => {
    const lone = slack.say(general, ann, 'lone');
    slack.remove(lone);
    const root = slack.say(general, ann, 'root');
    slack.say(general, ann, 'reply', { thread: root.ts });
    slack.remove(root);
    const sent = await events();
    expect(sent[1]).toMatchObject({ subtype: 'message_deleted', deleted_ts: lone.ts });
    expect(sent[3]).toMatchObject({ thread_ts: root.ts, parent_user_id: ann.id });
    expect(sent[4]).toMatchObject({
      subtype: 'message_changed',
      message: { subtype: 'tombstone', ts: root.ts, user: 'USLACKBOT' },
      previous_message: { text: 'root' },
    });
    expect(slack.thread(root).map(({ text: said }) => said)).toEqual(['This message was deleted.', 'reply']);
  });

  it('tell of reactions with the author of the message', async () => {
    const message = slack.say(general, ann, 'hello');
    const ben = slack.addUser('ben');
    slack.react(message, ben, 'thumbsup');
    slack.unreact(message, ben, '+1');
    const item = { type: 'message', channel: general.id, ts: message.ts };
    expect((await events()).slice(1)).toMatchObject([
      { type: 'reaction_added', user: ben.id, reaction: '+1', item, item_user: ann.id },
      { type: 'reaction_removed', user: ben.id, reaction: '+1', item, item_user: ann.id },
    ]);
  });

  it('tell of App Home and of the assistant, whose thread begins in the direct messages', async () => {
    slack.openHome(ann, 'messages');
    const root = slack.openAssistant(ann, general);
    const direct = slack.directMessages(ann);
    expect(await events()).toMatchObject([
      { type: 'app_home_opened', user: ann.id, channel: direct.id, tab: 'messages' },
      { type: 'message', subtype: 'assistant_app_thread', channel_type: 'im', ts: root.ts },
      {
        type: 'assistant_thread_started',
        assistant_thread: {
          user_id: ann.id,
          channel_id: direct.id,
          thread_ts: root.ts,
          context: { channel_id: general.id },
        },
      },
    ]);
  });

  it('tell nothing of channels in which the bot is not', async () => {
    slack.say(slack.addChannel('elsewhere', { withBot: false }), ann, `${slack.mention()} hello`);
    slack.kick(general, 'bot');
    slack.say(general, ann, 'nobody hears');
    expect(await events()).toEqual([]);
  });

  it('show people of other workspaces as strangers', async () => {
    const zoe = slack.addUser('zoe', { of: slack.addTeam('Elsewhere') });
    const shared = slack.addChannel('shared', { members: [ann, zoe], isShared: true });
    slack.say(shared, zoe, 'hello');
    expect(await events()).toMatchObject([{ user: zoe.id, user_team: zoe.team.id, source_team: zoe.team.id }]);
    expect(bodies[0]).toMatchObject({ is_ext_shared_channel: true, team_id: slack.team.id });
    const { user } = await callerOf(slack)('users.info', { user: zoe.id });
    expect(user).toMatchObject({ is_stranger: true, team_id: zoe.team.id });
    expect(user).not.toHaveProperty('is_admin');
  });

  it('stop a stream, which then takes no more', async () => {
    const call = callerOf(slack);
    const direct = slack.directMessages(ann);
    const question = slack.say(direct, ann, 'hello');
    const { ts } = await call('chat.startStream', {
      channel: direct.id,
      thread_ts: question.ts,
      markdown_text: 'well',
    });
    const [stream] = slack.replies(question);
    if (stream === undefined) throw new Error('nothing is streamed');
    slack.stopStream(stream, ann);
    expect((await events()).at(-1)).toMatchObject({ type: 'agent_session_stopped', streaming_message_ts: [ts] });
    expect(await call('chat.appendStream', { channel: direct.id, ts, markdown_text: '…' })).toMatchObject({
      error: 'stopped_by_user',
    });
  });
});

describe("the manifest's app", () => {
  const manifest = {
    display_information: { name: 'Helper' },
    features: { slash_commands: [{ command: '/help-me' }] },
    oauth_config: { scopes: { bot: ['chat:write', 'channels:history'] } },
    settings: { event_subscriptions: { bot_events: ['message.channels', 'message.im', 'app_mention'] } },
  };
  beforeEach(async () => {
    await slack.close();
    await start({ manifest });
  });

  it('hears only what it is subscribed to and has the scopes for', async () => {
    const message = slack.say(general, ann, `${slack.mention()} hello`);
    slack.say(slack.directMessages(ann), ann, 'hello');
    slack.react(message, ann, 'eyes');
    expect(await events()).toMatchObject([{ type: 'message', channel: general.id }]);
  });

  it('has its commands, scopes and features and no others', async () => {
    const call = callerOf(slack);
    await expect(slack.command(general, ann, '/other')).rejects.toThrow('no command /other');
    expect(await call('users.info', { user: ann.id })).toMatchObject({ error: 'missing_scope', needed: 'users:read' });
    slack.install(slack.team, ['assistant:write']);
    expect(
      await call('assistant.threads.setSuggestedPrompts', {
        channel_id: general.id,
        prompts: [{ title: 'x', message: 'x' }],
      }),
    ).toMatchObject({ error: 'not_agent_app' });
  });
});

describe('looking at the fake', () => {
  it('waits for what is not there yet, and says what it waited for', async () => {
    const waiting = slack.waitFor(() => slack.messagesOf(general)[0], 'a message');
    slack.say(general, ann, 'here');
    expect((await waiting).text).toBe('here');
    await expect(slack.waitFor(() => false, 'a miracle', 20)).rejects.toThrow('waited 20 ms for a miracle');
  });

  it('reads a message as people do', async () => {
    const blocks = [section('*Plan*'), { type: 'markdown', text: 'It is **four**.' }];
    await callerOf(slack)('chat.postMessage', { channel: general.id, text: 'fallback', blocks });
    expect(slack.messagesOf(general).map(slack.textOf)).toEqual(['*Plan*\nIt is **four**.']);
  });
});
