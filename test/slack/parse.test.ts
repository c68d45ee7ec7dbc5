import { describe, expect, it } from 'vitest';
import { reactionVotes } from '../../adapters/delivery/reaction-votes.ts';
import { parseEvent, type SlackInput } from '../../adapters/slack/parse.ts';
import { plainWords } from '../../adapters/slack/words.ts';
import { newQuestionSchema } from '../../src/domain/question.ts';
import {
  ADA,
  CHANNEL,
  DIRECT,
  eventOf,
  mentionOf,
  messageOf,
  OWN_BOT,
  OWN_USER,
  reactionOf,
  TEAM,
  THREAD,
  TS,
} from './payloads.ts';

type Fields = Readonly<Record<string, unknown>>;

const context = { own: { user: OWN_USER, bot: OWN_BOT }, voteOf: reactionVotes() };
const parse = (event: Fields, envelope?: Fields): SlackInput => parseEvent(eventOf(event, envelope), context);
const because = (event: Fields, envelope?: Fields) => {
  const input = parse(event, envelope);
  return input.type === 'ignored' ? input.why : input.type;
};

describe('messages', () => {
  it('that mention the bot are questions, in a thread of their own', () => {
    expect(parse(mentionOf())).toEqual({
      type: 'question',
      workspace: TEAM,
      channel: CHANNEL,
      conversation: `${CHANNEL}:${TS}`,
      message: `${CHANNEL}:${TS}`,
      person: { key: ADA, name: '' },
      text: 'What is 6 * 7?',
      isDirect: false,
      isMention: true,
      isReply: false,
      hasFiles: false,
      isStranger: false,
    });
  });

  it('that arrive as app_mention and as message are one question', () => {
    const text = `<@${OWN_USER}> What is 6 * 7?`;
    expect(parse(messageOf({ text }))).toEqual(parse(mentionOf({ text })));
  });

  it('in a thread belong to its conversation', () => {
    const reply = parse(messageOf({ thread_ts: THREAD, text: 'and minus 2?' }));
    expect(reply).toMatchObject({
      type: 'question',
      conversation: `${CHANNEL}:${THREAD}`,
      isMention: false,
      isReply: true,
    });
    const broadcast = parse(messageOf({ thread_ts: THREAD, subtype: 'thread_broadcast' }));
    expect(broadcast).toMatchObject({ type: 'question', isReply: true });
  });

  it('to the bot alone need no mention', () => {
    expect(parse(messageOf({ channel: DIRECT, channel_type: 'im' }))).toMatchObject({
      type: 'question',
      isDirect: true,
      isMention: false,
      conversation: `${DIRECT}:${TS}`,
    });
    expect(parse(messageOf({ channel: DIRECT, channel_type: 'im', subtype: 'file_share', files: [{}] }))).toMatchObject(
      { hasFiles: true },
    );
  });

  it('with nothing but the mention are questions without words', () => {
    expect(parse(mentionOf({ text: `<@${OWN_USER}>` }))).toMatchObject({ type: 'question', text: '' });
  });

  it.each([
    ['own message', messageOf({ user: OWN_USER, bot_id: OWN_BOT })],
    ['own message', messageOf({ user: undefined, bot_id: OWN_BOT, subtype: 'bot_message' })],
    ['message of a bot', messageOf({ bot_id: 'B0OTHER01', text: `<@${OWN_USER}> hi` })],
    ['message of a bot', mentionOf({ subtype: 'bot_message', user: undefined })],
    ['message of a bot', messageOf({ user: 'USLACKBOT', channel: DIRECT, channel_type: 'im' })],
    ['hidden message', messageOf({ hidden: true, channel_type: 'im' })],
    ['not written by a person', messageOf({ subtype: 'channel_join', text: `<@${OWN_USER}> has joined` })],
    ['not written by a person', messageOf({ subtype: 'assistant_app_thread', channel: DIRECT, channel_type: 'im' })],
    ['not addressed to the bot', messageOf()],
    ['addressed to somebody else', messageOf({ thread_ts: THREAD, text: '<@U0EVE0001> what do you say?' })],
    ['message without a person', messageOf({ user: null, channel_type: 'im' })],
    ['malformed message', messageOf({ ts: 'yesterday' })],
    ['malformed message_changed', messageOf({ subtype: 'message_changed' })],
    ['an event of another type', { type: 'channel_created' }],
  ])('are ignored: %s', (why, event) => {
    expect(because(event)).toBe(why);
  });

  it('that were edited are told with their new words, unless only a preview was added', () => {
    const changed = (text: string, previous: string, fields: Fields = {}) =>
      parse(
        messageOf({
          subtype: 'message_changed',
          hidden: true,
          message: messageOf({ text, ...fields }),
          previous_message: messageOf({ text: previous }),
        }),
      );
    const words = `<@${OWN_USER}> What is 6 * 8?`;
    expect(changed(words, 'before')).toMatchObject({
      type: 'edited',
      text: 'What is 6 * 8?',
      message: `${CHANNEL}:${TS}`,
      isMention: true,
    });
    expect(changed(words, words)).toMatchObject({ type: 'ignored', why: 'a change of something else than the words' });
    expect(changed('new', 'before', { user: OWN_USER, bot_id: OWN_BOT })).toMatchObject({
      type: 'ignored',
      why: 'own message',
    });
  });

  it('that were deleted are told, gravestones and own ones too', () => {
    const gone = { type: 'deleted', workspace: TEAM, channel: CHANNEL, message: `${CHANNEL}:${TS}`, isOwn: false };
    const deleted = (previous: unknown) =>
      parse(messageOf({ subtype: 'message_deleted', hidden: true, deleted_ts: TS, previous_message: previous }));
    expect(deleted(messageOf())).toEqual(gone);
    expect(deleted(undefined)).toEqual(gone);
    expect(deleted(messageOf({ user: OWN_USER, bot_id: OWN_BOT }))).toEqual({ ...gone, isOwn: true });
    expect(deleted(messageOf({ bot_id: 'B0OTHER01' }))).toMatchObject({ type: 'ignored' });
    const gravestone = messageOf({ subtype: 'tombstone', text: 'This message was deleted.', user: 'USLACKBOT' });
    expect(
      parse(
        messageOf({ subtype: 'message_changed', hidden: true, message: gravestone, previous_message: messageOf() }),
      ),
    ).toEqual(gone);
  });
});

describe('workspaces', () => {
  it('are the team, or the organisation of an installation for all of it', () => {
    const enterprise = { enterprise_id: 'E0123ORG1', team_id: null, is_enterprise_install: true };
    expect(parse(mentionOf(), { authorizations: [enterprise], enterprise_id: 'E0123ORG1' })).toMatchObject({
      workspace: 'E0123ORG1',
    });
    expect(parse(mentionOf(), { authorizations: undefined })).toMatchObject({ workspace: TEAM });
    expect(because(mentionOf(), { authorizations: undefined, team_id: null })).toBe('an event of no workspace');
  });

  it('of which an author is not are recognised in channels shared with others', () => {
    const shared = { is_ext_shared_channel: true, team_id: 'T0OTHER01' };
    const stranger = (fields: Fields, envelope: Fields) => {
      const input = parse(mentionOf(fields), envelope);
      return input.type === 'question' && input.isStranger;
    };
    expect(stranger({ user_team: 'T0OTHER01', source_team: 'T0OTHER01', team: 'T0OTHER01' }, shared)).toBe(true);
    expect(stranger({ team: 'T0OTHER01' }, shared)).toBe(true);
    expect(stranger({ user_team: TEAM, source_team: TEAM }, shared)).toBe(false);
    expect(stranger({ team: 'T0SISTER1' }, { is_ext_shared_channel: false })).toBe(false);
    expect(stranger({ team: 'T0OTHER01' }, { authorizations: undefined, is_ext_shared_channel: undefined })).toBe(true);
  });
});

describe('reactions', () => {
  it('are votes, given and taken back', () => {
    const vote = {
      type: 'vote',
      workspace: TEAM,
      channel: CHANNEL,
      message: `${CHANNEL}:${TS}`,
      person: { key: ADA, name: '' },
      vote: 'up',
      isAdded: true,
      at: expect.any(String),
      isShared: false,
    };
    expect(parse(reactionOf())).toEqual(vote);
    expect(parse(reactionOf({ type: 'reaction_removed', reaction: '-1::skin-tone-2' }))).toEqual({
      ...vote,
      vote: 'down',
      isAdded: false,
    });
    expect(parse(reactionOf(), { is_ext_shared_channel: true })).toMatchObject({ isShared: true });
  });

  it.each([
    ['own reaction', reactionOf({ user: OWN_USER })],
    ['a reaction to a message of somebody else', reactionOf({ item_user: ADA })],
    ['a reaction that is no vote', reactionOf({ reaction: 'eyes' })],
    ['malformed reaction, or on something else than a message', reactionOf({ item: { type: 'file', file: 'F1' } })],
  ])('are ignored: %s', (why, event) => {
    expect(because(event)).toBe(why);
  });
});

describe('other events', () => {
  it('are understood', () => {
    expect(parse({ type: 'app_home_opened', user: ADA, channel: DIRECT })).toMatchObject({
      type: 'homeOpened',
      tab: 'home',
    });
    expect(parse({ type: 'app_home_opened', user: ADA, channel: DIRECT, tab: 'messages' })).toMatchObject({
      tab: 'messages',
    });
    const assistant_thread = { user_id: ADA, channel_id: DIRECT, thread_ts: THREAD, context: {} };
    const thread = { workspace: TEAM, person: { key: ADA, name: '' }, channel: DIRECT, threadTs: THREAD };
    expect(parse({ type: 'assistant_thread_started', assistant_thread })).toEqual({
      type: 'assistantOpened',
      ...thread,
    });
    expect(parse({ type: 'assistant_thread_context_changed', assistant_thread })).toEqual({
      type: 'assistantMoved',
      ...thread,
    });
    expect(parse({ type: 'app_uninstalled' })).toEqual({ type: 'uninstalled', workspace: TEAM });
    expect(parse({ type: 'tokens_revoked', tokens: { bot: [OWN_USER] } })).toEqual({
      type: 'tokensRevoked',
      workspace: TEAM,
      bots: [OWN_USER],
    });
  });
});

describe('what a person wrote', () => {
  it.each([
    [`<@${OWN_USER}> hi`, 'hi'],
    [`<@${OWN_USER}|foursight>: hi`, 'hi'],
    [`<@${OWN_USER}>, hi`, 'hi'],
    [`<@${OWN_USER}> -3 + 5`, '-3 + 5'],
    [`hey <@${OWN_USER}>, how are you?`, 'hey, how are you?'],
    [`hey <@${OWN_USER}> how are you <@${OWN_USER}>?`, 'hey how are you?'],
    [`<@${OWN_USER}>\n1. one\n2. two`, '1. one\n2. two'],
    ['<@U0EVE0001|eve> and <@U0MAX0001>', '@eve and @U0MAX0001'],
    ['<#C0123GENE|general> <#C0123GENE> <#C0123GENE|>', '#general #C0123GENE #C0123GENE'],
    [
      '<https://x.org/a?b=1&amp;c=2|the page> <https://x.org|x.org> <https://x.org/a>',
      'the page (https://x.org/a?b=1&c=2) https://x.org https://x.org/a',
    ],
    ['<mailto:ada@x.org|ada@x.org> <mailto:ada@x.org> <tel:+431|+43 1>', 'ada@x.org ada@x.org +43 1'],
    ['<!here> <!channel|@channel> <!subteam^S1|@team> <!subteam^S1>', '@here @channel @team @group'],
    ['<!date^1392734382^{date_short}|Feb 18, 2014> <!date^1392734382^{date}>', 'Feb 18, 2014 2014-02-18T14:39:42.000Z'],
    ['<!date^x^y> <>', 'a date'],
    ['5 &lt; 6 &amp;&amp; 7 &gt; 6, &amp;lt;', '5 < 6 && 7 > 6, &lt;'],
  ])('%j is %j in plain words', (text, words) => {
    expect(plainWords(text, OWN_USER)).toBe(words);
  });

  it('fits what may be asked', () => {
    const input = parse(mentionOf());
    if (input.type !== 'question') throw new Error('no question');
    const { workspace, conversation, message: key, person, text } = input;
    expect(newQuestionSchema.parse({ platform: 'slack', workspace, conversation, key, person, text })).toMatchObject({
      text: 'What is 6 * 7?',
    });
  });
});
