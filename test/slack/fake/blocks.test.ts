import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, callerOf, chars, many, mrkdwn, plain, section } from './caller.ts';
import { type FakeSlack, startFakeSlack } from './fake-slack.ts';
import { isJson } from './messages.ts';
import type { Channel, Json, User } from './types.ts';

let slack: FakeSlack;
let call: Caller;
let ann: User;
let general: Channel;

beforeAll(async () => {
  slack = await startFakeSlack({ rateLimits: { mode: 'off' } });
  call = callerOf(slack);
  ann = slack.addUser('ann');
  general = slack.addChannel('general', { members: [ann] });
});
afterAll(() => slack.close());

const post = (blocks: readonly Json[]) => call('chat.postMessage', { channel: general.id, text: 'fallback', blocks });
const button = (more: Json = {}) => ({ type: 'button', action_id: 'b', text: plain('Go'), ...more });
const actions = (...elements: readonly Json[]) => ({ type: 'actions', elements });
const feedback = { text: plain('Good'), value: 'up' };
const feedbackButtons = {
  type: 'feedback_buttons',
  action_id: 'f',
  positive_button: feedback,
  negative_button: feedback,
};
const modal = (more: Json = {}) => ({ type: 'modal', title: plain('Why?'), blocks: [section('x')], ...more });
const input = { type: 'input', label: plain('Reason'), element: { type: 'plain_text_input', action_id: 't' } };

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
