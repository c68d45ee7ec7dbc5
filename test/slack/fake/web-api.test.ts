import { webApi } from '@slack/bolt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, callerOf, chars, many } from './caller.ts';
import { type FakeSlack, startFakeSlack } from './fake-slack.ts';
import { isJson } from './messages.ts';
import type { Channel, Json, Message, User } from './types.ts';

let slack: FakeSlack;
let call: Caller;
let ann: User;
let general: Channel;
let question: Message;
let own: Message;

beforeAll(async () => {
  slack = await startFakeSlack({ rateLimits: { mode: 'off' } });
  call = callerOf(slack);
  ann = slack.addUser('ann');
  general = slack.addChannel('general', { members: [ann] });
  question = slack.say(general, ann, 'a question');
  await call('chat.postMessage', { channel: general.id, text: 'an answer', thread_ts: question.ts });
  const [posted] = slack.replies(question);
  if (posted === undefined) throw new Error('nothing was posted');
  own = posted;
});
afterAll(() => slack.close());

describe("the fake's methods", () => {
  it.each<[string, string, () => Json, string]>([
    ['an unknown method', 'chat.shout', () => ({}), 'unknown_method'],
    [
      'an unknown argument',
      'chat.postMessage',
      () => ({ channel: general.id, text: 'x', colour: 'red' }),
      'invalid_arguments',
    ],
    ['a missing argument', 'chat.update', () => ({ channel: general.id, text: 'x' }), 'invalid_arguments'],
    ['a wrong type', 'conversations.history', () => ({ channel: general.id, limit: 'all' }), 'invalid_arguments'],
    ['an unknown channel', 'chat.postMessage', () => ({ channel: 'C0NOWHERE', text: 'x' }), 'channel_not_found'],
    ['no text', 'chat.postMessage', () => ({ channel: general.id }), 'no_text'],
    [
      'an unknown thread',
      'chat.postMessage',
      () => ({ channel: general.id, text: 'x', thread_ts: '1700000000.000001' }),
      'thread_not_found',
    ],
    [
      'text beside markdown',
      'chat.postMessage',
      () => ({ channel: general.id, text: 'x', markdown_text: 'x' }),
      'markdown_text_conflict',
    ],
    [
      'markdown over 12,000',
      'chat.postMessage',
      () => ({ channel: general.id, markdown_text: chars(12_001) }),
      'invalid_arguments',
    ],
    [
      'a broken metadata',
      'chat.postMessage',
      () => ({ channel: general.id, text: 'x', metadata: { id: 1 } }),
      'invalid_metadata_schema',
    ],
    [
      'an update over 4,000',
      'chat.update',
      () => ({ channel: general.id, ts: own.ts, text: chars(4_001) }),
      'msg_too_long',
    ],
    [
      "an update of somebody's message",
      'chat.update',
      () => ({ channel: general.id, ts: question.ts, text: 'x' }),
      'cant_update_message',
    ],
    [
      'an update of nothing',
      'chat.update',
      () => ({ channel: general.id, ts: '1700000000.000001', text: 'x' }),
      'message_not_found',
    ],
    [
      "somebody's message deleted",
      'chat.delete',
      () => ({ channel: general.id, ts: question.ts }),
      'cant_delete_message',
    ],
    [
      'no reaction to remove',
      'reactions.remove',
      () => ({ channel: general.id, timestamp: own.ts, name: 'eyes' }),
      'no_reaction',
    ],
    [
      'an emoji with colons',
      'reactions.add',
      () => ({ channel: general.id, timestamp: own.ts, name: ':eyes:' }),
      'invalid_name',
    ],
    [
      'a stream in a channel for nobody',
      'chat.startStream',
      () => ({ channel: general.id, thread_ts: question.ts }),
      'missing_recipient_team_id',
    ],
    ['a stream without a thread', 'chat.startStream', () => ({ channel: general.id }), 'invalid_arguments'],
    [
      'five prompts',
      'assistant.threads.setSuggestedPrompts',
      () => ({ channel_id: general.id, prompts: many(5, () => ({ title: 'x', message: 'x' })) }),
      'invalid_arguments',
    ],
    [
      'a status nowhere',
      'assistant.threads.setStatus',
      () => ({ channel_id: general.id, thread_ts: '1700000000.000001', status: 'x' }),
      'invalid_thread_ts',
    ],
    [
      'an ephemeral for a stranger',
      'chat.postEphemeral',
      () => ({ channel: general.id, user: slack.addUser('zoe').id, text: 'x' }),
      'user_not_in_channel',
    ],
  ])('refuse %s', async (_name, method, args, error) => {
    expect(await call(method, args())).toMatchObject({ ok: false, error });
    expect(slack.journal.refusals().at(-1)).toMatchObject({ method, outcome: error });
  });

  it('know tokens: none, unknown, revoked, of the wrong kind', async () => {
    const { team } = slack;
    expect(await call('auth.test', {}, '')).toMatchObject({ error: 'invalid_auth' });
    expect(await call('auth.test', {}, 'xoxb-no')).toMatchObject({ error: 'invalid_auth' });
    expect(await call('apps.connections.open', {})).toMatchObject({ error: 'not_allowed_token_type' });
    expect(await call('auth.test', {})).toMatchObject({ ok: true, team_id: team.id, user_id: team.bot.userId });
    const other = slack.addTeam('Other');
    const token = slack.install(other);
    slack.revoke(other);
    expect(await call('auth.test', {}, token)).toMatchObject({ error: 'token_revoked' });
    slack.uninstall(other);
    expect(await call('auth.test', {}, token)).toMatchObject({ error: 'account_inactive' });
  });

  it('name the scope that is missing, and give those that there are', async () => {
    const other = slack.addTeam('Scopes');
    const token = slack.install(other, ['chat:write']);
    const channel = slack.addChannel('private', { of: other, kind: 'private' });
    const refused = await call('conversations.history', { channel: channel.id }, token);
    expect(refused).toMatchObject({ error: 'missing_scope', needed: 'groups:history', provided: 'chat:write' });
    expect(refused.scopes).toBe('chat:write');
  });

  it('know channels: archived, not joined, private', async () => {
    const hidden = slack.addChannel('hidden', { kind: 'private', withBot: false });
    const foreign = slack.addChannel('foreign', { withBot: false });
    const old = slack.addChannel('old');
    slack.archive(old);
    const errors = [hidden, foreign, old].map(
      async ({ id }) => (await call('chat.postMessage', { channel: id, text: 'x' })).error,
    );
    expect(await Promise.all(errors)).toEqual(['channel_not_found', 'not_in_channel', 'is_archived']);
  });

  it('keep blocks, metadata and threads, and page through them', async () => {
    const metadata = { event_type: 'answer', event_payload: { id: 'a1', part: 0 } };
    const root = slack.say(general, ann, 'a long thread');
    for (const text of ['one', 'two', 'three'])
      await call('chat.postMessage', { channel: general.id, thread_ts: root.ts, text, metadata });
    const args = { channel: general.id, ts: root.ts, limit: 2, include_all_metadata: true };
    const first = await call('conversations.replies', args);
    expect(first).toMatchObject({
      has_more: true,
      messages: [
        { text: 'a long thread', reply_count: 3 },
        { text: 'one', metadata },
      ],
    });
    const cursor = isJson(first.response_metadata) ? first.response_metadata.next_cursor : '';
    expect(await call('conversations.replies', { ...args, cursor })).toMatchObject({
      has_more: false,
      messages: [{ text: 'a long thread' }, { text: 'two' }, { text: 'three', thread_ts: root.ts }],
    });
    const history = await call('conversations.history', { channel: general.id, oldest: root.ts, inclusive: true });
    expect(history.messages).toMatchObject([{ text: 'a long thread', latest_reply: slack.replies(root).at(-1)?.ts }]);
  });

  it('lose a text that is too long only with a word about it', async () => {
    const cut = await call('chat.postMessage', { channel: general.id, text: chars(40_001) });
    expect(cut).toMatchObject({ ok: true, response_metadata: { warnings: ['message_truncated'] } });
  });

  it("stream as Bolt's own streamer does, until the stream is stopped", async () => {
    const client = new webApi.WebClient(slack.team.botToken, { slackApiUrl: slack.apiUrl });
    const streamer = client.chatStream({
      channel: general.id,
      thread_ts: question.ts,
      recipient_team_id: slack.team.id,
      recipient_user_id: ann.id,
      buffer_size: 1,
    });
    await streamer.append({ markdown_text: 'it is ' });
    const { ts = '' } = streamer;
    expect(await call('chat.update', { channel: general.id, ts, text: 'x' })).toMatchObject({
      error: 'streaming_state_conflict',
    });
    expect(await call('chat.appendStream', { channel: general.id, ts, markdown_text: 'x' })).toMatchObject({
      error: 'streaming_mode_mismatch',
    });
    await streamer.append({ chunks: [{ type: 'task_update', id: 't', title: 'Adding', status: 'in_progress' }] });
    await streamer.append({ chunks: [{ type: 'task_update', id: 't', title: 'Adding', status: 'complete' }] });
    await streamer.stop({ markdown_text: 'four' });
    const message = general.messages.get(ts);
    expect(message?.text).toBe('it is four');
    expect(message?.blocks).toMatchObject([
      { type: 'task_card', task_id: 't', status: 'complete' },
      { type: 'markdown' },
    ]);
    expect(await call('chat.appendStream', { channel: general.id, ts, markdown_text: 'x' })).toMatchObject({
      error: 'message_not_in_streaming_state',
    });
    expect(await call('chat.update', { channel: general.id, ts, text: 'it is five' })).toMatchObject({ ok: true });
  });

  it('react once as a person and know the names of thumbs', async () => {
    const reaction = { channel: general.id, timestamp: own.ts };
    expect(await call('reactions.add', { ...reaction, name: 'thumbsup' })).toMatchObject({ ok: true });
    expect(await call('reactions.add', { ...reaction, name: '+1' })).toMatchObject({ error: 'already_reacted' });
    slack.react(own, ann, '+1::skin-tone-3');
    expect([...own.reactions]).toEqual([
      ['+1', [slack.team.bot.userId]],
      ['+1::skin-tone-3', [ann.id]],
    ]);
  });
});
