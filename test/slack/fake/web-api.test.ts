import { webApi } from '@slack/bolt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeSlack, startFakeSlack } from './fake-slack.ts';
import { isJson } from './messages.ts';
import type { Channel, Json, Message, User } from './types.ts';

let slack: FakeSlack;
let ann: User;
let general: Channel;
let question: Message;
let own: Message;

/** A call with a JSON body; the answer's body. */
async function call(method: string, args: Json, token = slack.team.botToken): Promise<Json> {
  const response = await fetch(`${slack.apiUrl}${method}`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(args),
  });
  const body: unknown = await response.json();
  if (!isJson(body)) throw new Error(`${method} answered ${JSON.stringify(body)}`);
  return { status: response.status, scopes: response.headers.get('x-oauth-scopes'), ...body };
}

const post = (blocks: readonly Json[], more: Json = {}) =>
  call('chat.postMessage', { channel: general.id, text: 'fallback', blocks, ...more });

const chars = (count: number) => 'x'.repeat(count);
const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
const button = (more: Json = {}) => ({ type: 'button', action_id: 'b', text: plain('Go'), ...more });
const actions = (...elements: readonly Json[]) => ({ type: 'actions', elements });
const many = <Value>(count: number, value: (index: number) => Value) =>
  Array.from({ length: count }, (_, i) => value(i));
const modal = (more: Json = {}) => ({ type: 'modal', title: plain('Why?'), blocks: [section('x')], ...more });
const feedback = { text: plain('Good'), value: 'up' };
const feedbackButtons = {
  type: 'feedback_buttons',
  action_id: 'f',
  positive_button: feedback,
  negative_button: feedback,
};
const input = { type: 'input', label: plain('Reason'), element: { type: 'plain_text_input', action_id: 't' } };

beforeAll(async () => {
  slack = await startFakeSlack({ rateLimits: { mode: 'off' } });
  ann = slack.addUser('ann');
  general = slack.addChannel('general', { members: [ann] });
  question = slack.say(general, ann, 'a question');
  const { ts } = await call('chat.postMessage', { channel: general.id, text: 'an answer' });
  const posted = general.messages.get(String(ts));
  if (posted === undefined) throw new Error('nothing was posted');
  own = posted;
});
afterAll(() => slack.close());

describe("the fake's blocks", () => {
  // Longest or fullest that Slack takes, and one more.
  const limits: readonly [string, (count: number) => readonly Json[], number, string][] = [
    ['blocks of a message', (n) => many(n, () => ({ type: 'divider' })), 50, '/blocks'],
    ['section text', (n) => [section(chars(n))], 3_000, '/blocks/0/text/text'],
    ['section fields', (n) => [{ type: 'section', fields: many(n, () => mrkdwn('x')) }], 10, '/blocks/0/fields'],
    ['a section field', (n) => [{ type: 'section', fields: [mrkdwn(chars(n))] }], 2_000, '/blocks/0/fields/0/text'],
    ['header', (n) => [{ type: 'header', text: plain(chars(n)) }], 150, '/blocks/0/text/text'],
    ['markdown', (n) => [{ type: 'markdown', text: chars(n) }], 12_000, '/blocks/0/text'],
    ['context elements', (n) => [{ type: 'context', elements: many(n, () => mrkdwn('x')) }], 10, '/blocks/0/elements'],
    ['actions', (n) => [actions(...many(n, (i) => button({ action_id: `b${i}` })))], 25, '/blocks/0/elements'],
    ['button text', (n) => [actions(button({ text: plain(chars(n)) }))], 75, '/blocks/0/elements/0/text/text'],
    ['button value', (n) => [actions(button({ value: chars(n) }))], 2_000, '/blocks/0/elements/0/value'],
    ['action id', (n) => [actions(button({ action_id: chars(n) }))], 255, '/blocks/0/elements/0/action_id'],
    ['block id', (n) => [{ type: 'divider', block_id: chars(n) }], 255, '/blocks/0/block_id'],
  ];
  it.each(limits)('hold %s up to the limit', async (_name, blocksOf, most, at) => {
    expect(await post(blocksOf(most))).toMatchObject({ ok: true });
    const refused = await post(blocksOf(most + 1));
    expect(refused).toMatchObject({ ok: false, error: 'invalid_blocks' });
    expect(JSON.stringify(refused.response_metadata)).toContain(`[json-pointer:${at}]`);
  });

  it.each<[string, Json, string]>([
    ['an unknown type', { type: 'banner' }, 'unsupported type: banner [json-pointer:/blocks/0/type]'],
    ['a field that is not known', { type: 'divider', colour: 'red' }, 'invalid additional property: colour'],
    ['a missing field', { type: 'header' }, 'missing required field: text [json-pointer:/blocks/0]'],
    ['plain text for markup', { type: 'header', text: mrkdwn('x') }, '[json-pointer:/blocks/0/text/type]'],
    ['an empty text', section(''), 'must be more than 0 characters'],
    ['a section of nothing', { type: 'section' }, 'missing required field: text or fields'],
    ['an unknown element', actions({ type: 'slider' }), 'unsupported type: slider'],
    ['feedback among actions', actions(feedbackButtons), 'unsupported type: feedback_buttons'],
    [
      'half a feedback',
      { type: 'context_actions', elements: [{ ...feedbackButtons, negative_button: undefined }] },
      'negative_button',
    ],
    ['a button with a link to nowhere', actions(button({ url: 'javascript:x' })), 'invalid url'],
  ])('refuse %s', async (_name, block, message) => {
    const refused = await post([block]);
    expect(refused).toMatchObject({ ok: false, error: 'invalid_blocks' });
    expect(JSON.stringify(refused)).toContain(message);
  });

  it('take what an answer is made of', async () => {
    const answer = [
      { type: 'markdown', text: '# Four\n\n| a | b |\n|---|---|\n| 1 | 2 |' },
      { type: 'context', elements: [mrkdwn('3 turns')] },
      actions(button(), { type: 'overflow', action_id: 'o', options: [{ text: plain('x'), value: 'x' }] }),
      { type: 'context_actions', elements: [feedbackButtons] },
    ];
    expect(await post(answer)).toMatchObject({ ok: true });
  });

  it('count all markdown blocks of a message together, and all other texts', async () => {
    expect(await post(many(2, () => ({ type: 'markdown', text: chars(6_001) })))).toMatchObject({
      error: 'msg_blocks_too_long',
    });
    expect(await post(many(5, () => section(chars(2_500))))).toMatchObject({ error: 'msg_blocks_too_long' });
  });

  it('refuse blocks that are no array, and an id that is there twice', async () => {
    expect(await call('chat.postMessage', { channel: general.id, text: 'x', blocks: '[{]' })).toMatchObject({
      error: 'invalid_blocks_format',
    });
    expect(await post(many(2, () => ({ type: 'divider', block_id: 'same' })))).toMatchObject({
      error: 'invalid_blocks',
    });
  });
});

describe("the fake's views", () => {
  const trigger = () => {
    slack.world.triggers.set('1.2.t', { user: ann, at: Date.now(), isUsed: false });
    return '1.2.t';
  };
  it.each<[string, Json]>([
    ['a title over 24 characters', { title: plain(chars(25)) }],
    ['private_metadata over 3,000', { private_metadata: chars(3_001) }],
    ['a callback_id over 255', { callback_id: chars(256) }],
    ['101 blocks', { blocks: many(101, () => ({ type: 'divider' })) }],
    ['an input without submit', { blocks: [input] }],
    ['a markdown block', { blocks: [{ type: 'markdown', text: 'x' }] }],
  ])('refuse %s', async (_name, more) => {
    const refused = await call('views.open', { trigger_id: trigger(), view: modal(more) });
    expect(refused).toMatchObject({ ok: false, error: 'invalid_arguments' });
    expect(JSON.stringify(refused.response_metadata)).toContain('[json-pointer:/view');
  });

  it('open once for a trigger, and only soon after it', async () => {
    const view = modal({ submit: plain('Send'), blocks: [input] });
    const trigger_id = trigger();
    expect(await call('views.open', { trigger_id, view })).toMatchObject({ ok: true });
    expect(await call('views.open', { trigger_id, view })).toMatchObject({ error: 'exchanged_trigger_id' });
    expect(await call('views.open', { trigger_id: '9.9.z', view })).toMatchObject({ error: 'invalid_trigger_id' });
    slack.world.triggers.set('old', { user: ann, at: Date.now() - 3_001, isUsed: false });
    expect(await call('views.open', { trigger_id: 'old', view })).toMatchObject({ error: 'expired_trigger_id' });
  });

  it('are published for a person, guarded by their hash', async () => {
    const view = { type: 'home', blocks: [section('hello')] };
    const first = await call('views.publish', { user_id: ann.id, view });
    expect(slack.homeOf(ann)?.content.blocks).toMatchObject([section('hello')]);
    expect(await call('views.publish', { user_id: ann.id, view, hash: 'other' })).toMatchObject({
      error: 'hash_conflict',
    });
    expect(isJson(first.view) && first.view.id).toBe(slack.homeOf(ann)?.id);
  });
});

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
