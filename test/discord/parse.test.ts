import { MessageType } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { reactionVotes } from '../../adapters/delivery/reaction-votes.ts';
import { actionOf, customIdOf } from '../../adapters/discord/action-ids.ts';
import { channel } from '../../adapters/discord/parse/payloads.ts';
import {
  parseCleared,
  parseEdit,
  parseInteraction,
  parseMessage,
  parseReaction,
} from '../../adapters/discord/parse.ts';
import { askedInOpening, renderOpening } from '../../adapters/discord/render.ts';
import { damagedJson, seeded } from '../models/mutations.ts';

const OWN = '1310000000000000009';
const ANN = '1310000000000000001';
const GUILD = '1310000000000000002';
const GENERAL = '1310000000000000003';
const THREAD = '1310000000000000004';
const MESSAGE = '1310000000000000005';
const UUID = '0195f3a4-5b6c-7d8e-9f01-23456789abcd';

const general = channel.parse({ id: GENERAL, type: 0, guild_id: GUILD });
const thread = channel.parse({ id: THREAD, type: 11, guild_id: GUILD, parent_id: GENERAL });
const direct = channel.parse({ id: GENERAL, type: 1, recipients: [{ id: ANN }] });
const around = { workspace: GUILD, own: OWN, channel: general };
const voteOf = reactionVotes();

const said = (more: object = {}) => ({
  id: MESSAGE,
  channel_id: GENERAL,
  guild_id: GUILD,
  author: { id: ANN, username: 'ann', global_name: 'Ann' },
  content: `<@${OWN}> what is 2+2?`,
  mentions: [{ id: OWN, username: 'foursight', bot: true }],
  type: MessageType.Default,
  ...more,
});

describe('messages of Discord', () => {
  it('are questions in a conversation of their own, in their thread, or in direct messages', () => {
    const question = parseMessage(said(), around);
    expect(question).toMatchObject({
      type: 'question',
      text: 'what is 2+2?',
      conversation: `${GENERAL}:${MESSAGE}`,
      message: `${MESSAGE}:${GENERAL}`,
      person: { key: ANN, name: 'Ann' },
      isMention: true,
      isReply: false,
    });
    expect(parseMessage(said({ channel_id: THREAD }), { ...around, channel: thread })).toMatchObject({
      conversation: `${GENERAL}:${THREAD}`,
      isReply: true,
    });
    const alone = said({ content: 'and alone?', mentions: [], guild_id: undefined });
    expect(parseMessage(alone, { ...around, channel: direct })).toMatchObject({
      conversation: `${GENERAL}:${GENERAL}`,
      text: 'and alone?',
      isDirect: true,
    });
  });

  it('begin a conversation as the first one of a forum post', () => {
    const post = said({ id: THREAD, channel_id: THREAD });
    expect(parseMessage(post, { ...around, channel: thread })).toMatchObject({
      conversation: `${GENERAL}:${THREAD}`,
      isReply: false,
    });
  });

  it.each([
    ['of itself', { author: { id: OWN } }],
    ['of a bot', { author: { id: ANN, bot: true } }],
    ['of a webhook', { webhook_id: GUILD }],
    ['that Discord wrote', { type: MessageType.UserJoin }],
    ['for nobody', { content: 'hello', mentions: [] }],
  ])('%s are none', (_, more) => {
    expect(parseMessage(said(more), around).type).toBe('ignored');
  });

  it('in a thread are none when they begin with somebody else’s name', () => {
    const other = said({ channel_id: THREAD, content: `<@${ANN}> you?`, mentions: [{ id: ANN, username: 'ann' }] });
    expect(parseMessage(other, { ...around, channel: thread }).type).toBe('ignored');
  });

  it('are read in plain words', () => {
    const content = `<@!${OWN}>, ask <@${ANN}> in <#${GENERAL}> <:ok:${GUILD}> </ask:${GUILD}> <t:1700000000:R> <https://x.org> <@&${GUILD}>`;
    const mentions = [{ id: OWN }, { id: ANN, username: 'ann' }];
    expect(parseMessage(said({ content, mentions }), around)).toMatchObject({
      text: 'ask @ann in #channel :ok: /ask 2023-11-14T22:13:20.000Z https://x.org @role',
    });
  });

  it('are edits only where the words were changed', () => {
    expect(parseEdit(said({ edited_timestamp: null, embeds: [{}] }), around).type).toBe('ignored');
    expect(parseEdit(said({ edited_timestamp: '2026-11-27T10:00:00Z' }), around)).toMatchObject({ type: 'edited' });
    expect(parseEdit({ id: MESSAGE, channel_id: GENERAL }, around).type).toBe('ignored');
  });
});

describe('reactions of Discord', () => {
  const context = { workspace: GUILD, own: OWN, voteOf };
  const reaction = { user_id: ANN, channel_id: GENERAL, message_id: MESSAGE, guild_id: GUILD, emoji: { name: '👍🏿' } };

  it('are votes of people, whatever their skin tone', () => {
    expect(parseReaction(reaction, true, context)).toMatchObject({ type: 'vote', vote: 'up', isAdded: true });
    for (const more of [{ user_id: OWN }, { emoji: { name: '🎉' } }, { member: { user: { id: ANN, bot: true } } }])
      expect(parseReaction({ ...reaction, ...more }, true, context).type).toBe('ignored');
  });

  it('that were cleared matter only where they were votes', () => {
    const cleared = { channel_id: GENERAL, message_id: MESSAGE, guild_id: GUILD };
    expect(parseCleared(cleared, context).type).toBe('cleared');
    expect(parseCleared({ ...cleared, emoji: { name: '🎉' } }, context).type).toBe('ignored');
  });
});

describe('interactions of Discord', () => {
  const base = {
    id: MESSAGE,
    token: 'secret',
    guild_id: GUILD,
    channel_id: GENERAL,
    member: { user: { id: ANN, username: 'ann' }, roles: [GUILD], permissions: '32' },
    app_permissions: '0',
  };
  const typed = (name: string, options: unknown) =>
    parseInteraction({ ...base, type: 2, data: { name, type: 1, options } }, GUILD, OWN);

  it('are commands as they would be typed', () => {
    const promote = [
      {
        name: 'policy',
        options: [
          {
            name: 'promote',
            options: [
              { name: 'version', value: 3 },
              { name: 'force', value: true },
            ],
          },
        ],
      },
    ];
    expect(typed('foursight', promote)).toMatchObject({
      command: { type: 'policyPromote', version: 3, isForced: true },
    });
    expect(typed('foursight', [{ name: 'retrain', options: [{ name: 'dry-run', value: true }] }])).toMatchObject({
      command: { type: 'retrain', isDryRun: true },
      mayManage: true,
    });
    expect(typed('foursight', [{ name: 'training', options: [] }])).toMatchObject({
      command: { type: 'training', isOn: null },
    });
    expect(typed('ask', [{ name: 'question', value: ' why? ' }])).toMatchObject({ type: 'asked', text: 'why?' });
    expect(typed('other', []).type).toBe('ignored');
  });

  it('are what a button says, which stays as it is', () => {
    for (const action of [
      { type: 'stop', questionId: UUID },
      { type: 'trace', questionId: UUID },
      { type: 'rate', vote: 'down', answerId: UUID },
      { type: 'reason', answerId: UUID },
    ] as const) {
      expect(actionOf(customIdOf(action))).toEqual(action);
      expect(customIdOf(action).length).toBeLessThanOrEqual(100);
    }
    expect(customIdOf({ type: 'rate', vote: 'up', answerId: UUID })).toBe(`foursight:up:${UUID}`);
    for (const other of ['', 'foursight', 'foursight:up:x', `other:up:${UUID}`, `foursight:up:${UUID}:x`])
      expect(actionOf(other)).toBeUndefined();
  });
});

describe('the opening of a question by command', () => {
  it('shows the question, and gives it back', () => {
    for (const text of ['why?', 'two\n\nlines', '> quoted'])
      expect(askedInOpening(renderOpening(text, null).content)).toBe(text);
    expect(askedInOpening(renderOpening('why?', 'https://discord.com/channels/1/2/3').content)).toBe('why?');
  });

  it('is short enough, and then gives nothing back', () => {
    for (const text of ['x'.repeat(3_999), '\n'.repeat(1_990).concat('x'), '😀'.repeat(1_999)]) {
      const { content } = renderOpening(text, 'https://discord.com/channels/1/2/3');
      expect([...content].length).toBeLessThanOrEqual(2_000);
    }
    expect(askedInOpening(renderOpening('x'.repeat(3_999), null).content)).toBeUndefined();
    expect(askedInOpening('an answer')).toBeUndefined();
  });
});

it('nothing that comes is thrown at', () => {
  const random = seeded(7);
  const payloads = [
    said(),
    { user_id: ANN, channel_id: GENERAL, message_id: MESSAGE, emoji: { name: '👍' } },
    { id: MESSAGE, type: 2, token: 'x', data: { name: 'ask', options: [{ name: 'question', value: 'x' }] } },
    {
      id: MESSAGE,
      type: 5,
      token: 'x',
      data: { custom_id: `foursight:reason:${UUID}`, components: [{ component: {} }] },
    },
  ];
  for (let at = 0; at < 4_000; at += 1) {
    const damaged = damagedJson(payloads[at % payloads.length], random);
    const context = { workspace: GUILD, own: OWN, voteOf };
    parseMessage(damaged, around);
    parseEdit(damaged, around);
    parseReaction(damaged, true, context);
    parseCleared(damaged, context);
    parseInteraction(damaged, GUILD, OWN);
  }
});
