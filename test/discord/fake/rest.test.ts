import { ChannelType, MessageFlags } from 'discord.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, callerOf, chars, many } from './caller.ts';
import { createFakeDiscord, type FakeDiscord } from './fake-discord.ts';
import type { Channel, Json, Message, User } from './types.ts';

let discord: FakeDiscord;
let call: Caller;
let ann: User;
let general: Channel;
let forum: Channel;
let question: Message;
let own: Message;

beforeAll(async () => {
  discord = await createFakeDiscord({ rateLimits: { mode: 'off' } });
  call = callerOf(discord);
  ann = discord.addUser('ann');
  general = discord.addChannel('general');
  forum = discord.addChannel('forum', { type: ChannelType.GuildForum });
  question = discord.say(general, ann, 'a question');
  await call('POST', `/channels/${general.id}/messages`, { content: 'an answer' });
  [own] = discord.saidIn(general) as [Message];
});
afterAll(() => discord.close());

const messages = (channel = general) => `/channels/${channel.id}/messages`;
const button = (fields: Json = {}) => ({ type: 2, style: 1, label: 'x', custom_id: 'x', ...fields });
const row = (...components: readonly Json[]) => ({ type: 1, components });

describe("what the fake's messages may hold", () => {
  it.each<[string, () => Json, string, string]>([
    ['an unknown field', () => ({ content: 'x', colour: 'red' }), 'colour', 'UNKNOWN_FIELD'],
    ['content over 2,000 code points', () => ({ content: '🦊'.repeat(2_001) }), 'content', 'BASE_TYPE_MAX_LENGTH'],
    ['content that is no text', () => ({ content: 7 }), 'content', 'STRING_TYPE_CONVERT'],
    ['eleven embeds', () => ({ embeds: many(11, () => ({ title: 'x' })) }), 'embeds', 'BASE_TYPE_MAX_LENGTH'],
    [
      'embeds over 6,000',
      () => ({ embeds: many(2, () => ({ description: chars(3_001) })) }),
      'embeds',
      'MAX_EMBED_SIZE_EXCEEDED',
    ],
    ['a long embed title', () => ({ embeds: [{ title: chars(257) }] }), 'embeds.0.title', 'BASE_TYPE_MAX_LENGTH'],
    ['a nonce over 25', () => ({ content: 'x', nonce: chars(26) }), 'nonce', 'BASE_TYPE_MAX_LENGTH'],
    ['an ephemeral flag', () => ({ content: 'x', flags: MessageFlags.Ephemeral }), 'flags', 'MESSAGE_FLAGS_INVALID'],
    ['an attachment', () => ({ content: 'x', attachments: [{ id: 0 }] }), 'attachments', 'BASE_TYPE_MAX_LENGTH'],
    [
      'six rows',
      () => ({ components: many(6, (i) => row(button({ custom_id: `x${i}` }))) }),
      'components',
      'BASE_TYPE_MAX_LENGTH',
    ],
    [
      'six buttons',
      () => ({ components: [row(...many(6, (i) => button({ custom_id: `x${i}` })))] }),
      'components.0.components',
      'BASE_TYPE_MAX_LENGTH',
    ],
    ['an empty row', () => ({ components: [row()] }), 'components.0.components', 'BASE_TYPE_BAD_LENGTH'],
    ['a button without a row', () => ({ components: [button()] }), 'components.0.type', 'UNION_TYPE_CHOICES'],
    [
      'a row in a row',
      () => ({ components: [row(row(button()))] }),
      'components.0.components.0.type',
      'UNION_TYPE_CHOICES',
    ],
    [
      'a long custom id',
      () => ({ components: [row(button({ custom_id: chars(101) }))] }),
      'components.0.components.0.custom_id',
      'BASE_TYPE_BAD_LENGTH',
    ],
    [
      'a long label',
      () => ({ components: [row(button({ label: chars(81) }))] }),
      'components.0.components.0.label',
      'BASE_TYPE_MAX_LENGTH',
    ],
    [
      'a button without a label',
      () => ({ components: [row(button({ label: '' }))] }),
      'components.0.components.0',
      'BUTTON_COMPONENT_INVALID_LABEL_EMOJI',
    ],
    [
      'a button with a url',
      () => ({ components: [row(button({ url: 'https://example.org' }))] }),
      'components.0.components.0.url',
      'BUTTON_COMPONENT_INVALID_URL',
    ],
    [
      'the same custom id twice',
      () => ({ components: [row(button(), button())] }),
      'components.0.components.1.custom_id',
      'COMPONENT_CUSTOM_ID_DUPLICATED',
    ],
    [
      'a text without its flag',
      () => ({ components: [{ type: 10, content: 'x' }] }),
      'components.0.type',
      'UNION_TYPE_CHOICES',
    ],
    [
      'content beside the new components',
      () => ({ content: 'x', flags: 32_768, components: [{ type: 10, content: 'x' }] }),
      'content',
      'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
    ],
    [
      'mentions both parsed and listed',
      () => ({ content: 'x', allowed_mentions: { parse: ['users'], users: [ann.id] } }),
      'allowed_mentions',
      'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
    ],
    [
      'a reply to nothing',
      () => ({ content: 'x', message_reference: { message_id: '1' } }),
      'message_reference',
      'REPLIES_UNKNOWN_MESSAGE',
    ],
  ])('not %s', async (_, body, path, code) => {
    const { status, body: answer } = await call('POST', messages(), body());
    expect(status).toBe(400);
    expect(answer).toMatchObject({ code: 50035, message: 'Invalid Form Body' });
    const fault = path.split('.').reduce<unknown>((at, key) => (at as Json | undefined)?.[key], answer.errors);
    expect(fault, JSON.stringify(answer.errors)).toMatchObject({ _errors: [{ code }] });
  });

  it('but 2,000 of any characters, six thousand of embeds, and five rows of five', async () => {
    const components = many(5, (i) => row(...many(5, (j) => button({ custom_id: `x${i}${j}` }))));
    const embeds = many(2, () => ({ description: chars(3_000) }));
    const { status } = await call('POST', messages(), { content: '🦊'.repeat(2_000), embeds, components });
    expect(status).toBe(200);
    const layout = { flags: 32_768, components: [{ type: 17, components: [{ type: 10, content: 'x' }] }] };
    expect((await call('POST', messages(), layout)).status).toBe(200);
  });
});

describe("the fake's refusals", () => {
  const nowhere = '/channels/1/messages';
  it.each<[string, () => [string, string, Json?], number, number]>([
    ['an unknown channel', () => ['POST', nowhere, { content: 'x' }], 404, 10003],
    ['an unknown message', () => ['GET', `${messages()}/1`], 404, 10008],
    ['nothing to say', () => ['POST', messages(), { content: ' \n ' }], 400, 50006],
    ["an edit of somebody's message", () => ['PATCH', `${messages()}/${question.id}`, { content: 'x' }], 403, 50005],
    ['an edit that leaves nothing', () => ['PATCH', `${messages()}/${own.id}`, { content: '' }], 400, 50006],
    ["somebody's message deleted", () => ['DELETE', `${messages()}/${question.id}`], 403, 50013],
    ['a message in a forum', () => ['POST', messages(forum), { content: 'x' }], 400, 50008],
    ['an unknown emoji', () => ['PUT', `${messages()}/${own.id}/reactions/thumbsup/@me`], 400, 10014],
    [
      "somebody's reaction removed",
      () => ['DELETE', `${messages()}/${own.id}/reactions/%F0%9F%91%8D/${ann.id}`],
      403,
      50013,
    ],
    ['all reactions removed', () => ['DELETE', `${messages()}/${own.id}/reactions`], 403, 50013],
    ['an unknown interaction', () => ['POST', '/interactions/1/token/callback', { type: 5 }], 404, 10062],
    ['an unknown webhook', () => ['POST', `/webhooks/${discord.app.id}/token`, { content: 'x' }], 404, 10015],
    ["another app's commands", () => ['PUT', '/applications/1/commands'], 404, 10002],
    ['all members without the intent', () => ['GET', `/guilds/${discord.guild.id}/members?limit=5`], 403, 50001],
    ['a thread from no message', () => ['POST', `${messages()}/1/threads`, { name: 'x' }], 404, 10008],
    ['a post without a message', () => ['POST', `/channels/${forum.id}/threads`, { name: 'x' }], 400, 50035],
    ['an unknown route', () => ['GET', '/nothing'], 404, 0],
  ])('%s', async (_, request, status, code) => {
    const [method, path, body = {}] = request();
    expect(await call(method, path, path.endsWith('/commands') ? [] : body)).toMatchObject({ status, body: { code } });
  });

  it('of a wrong token, of no client, of what is not JSON', async () => {
    const path = `${discord.apiUrl}/v10${messages()}`;
    const headers = { authorization: `Bot ${discord.token}`, 'user-agent': 'DiscordBot (https://example.org, 1)' };
    const json = { 'content-type': 'application/json' };
    const status = async (extra: Record<string, string>, body = '{"content":"x"}') =>
      (await fetch(path, { method: 'POST', headers: { ...headers, ...json, ...extra }, body })).status;
    expect(await status({})).toBe(200);
    expect(await status({ authorization: 'Bot wrong' })).toBe(401);
    expect(await status({ 'user-agent': 'curl' })).toBe(403);
    expect(await status({}, '{')).toBe(400);
  });

  it('of what the bot has no permission for, channel by channel', async () => {
    const secret = discord.addChannel('secret');
    const said = discord.say(secret, ann, 'hello');
    discord.setPermissions(secret, 'bot', { deny: ['SendMessages', 'AddReactions', 'CreatePublicThreads'] });
    const missing = { status: 403, body: { code: 50013 } };
    expect(await call('POST', messages(secret), { content: 'x' })).toMatchObject(missing);
    expect(await call('POST', `/channels/${secret.id}/typing`)).toMatchObject(missing);
    expect(await call('PUT', `${messages(secret)}/${said.id}/reactions/👍/@me`)).toMatchObject(missing);
    expect(await call('POST', `${messages(secret)}/${said.id}/threads`, { name: 'x' })).toMatchObject(missing);
    discord.react(said, ann, '👍');
    expect(await call('PUT', `${messages(secret)}/${said.id}/reactions/👍/@me`)).toMatchObject({ status: 204 });
    discord.setPermissions(secret, 'bot', { deny: ['ReadMessageHistory'] });
    expect(await call('GET', messages(secret))).toMatchObject({ status: 200, body: [] });
    expect(
      await call('POST', messages(secret), { content: 'x', message_reference: { message_id: said.id } }),
    ).toMatchObject({
      body: { code: 160002 },
    });
    discord.setPermissions(secret, 'bot', { deny: ['ViewChannel'] });
    expect(await call('GET', `/channels/${secret.id}`)).toMatchObject({ status: 403, body: { code: 50001 } });
    discord.setPermissions(secret, 'bot', {});
    discord.setPermissions(secret, 'everyone', { deny: ['SendMessages'] });
    expect((await call('POST', messages(secret), { content: 'x' })).status).toBe(403);
  });
});

describe("the fake's commands", () => {
  const ask = { name: 'ask', description: 'x' };
  it.each<[string, Json, string]>([
    ['capitals in a name', { name: 'Ask', description: 'x' }, '0.name'],
    ['no description', { name: 'ask' }, '0.description'],
    ['an unknown field', { ...ask, colour: 1 }, '0.colour'],
    ['a description in a menu', { name: 'Ask', type: 3, description: 'x' }, '0.description'],
    [
      'a required option after one that is not',
      {
        ...ask,
        options: [
          { type: 3, name: 'a', description: 'x' },
          { type: 3, name: 'b', description: 'x', required: true },
        ],
      },
      '0.options',
    ],
  ])('have not %s', async (_, command, path) => {
    const { status, body } = await call('PUT', `/applications/${discord.app.id}/commands`, [command]);
    expect([status, body.code]).toEqual([400, 50035]);
    const fault = path.split('.').reduce<unknown>((at, key) => (at as Json | undefined)?.[key], body.errors);
    expect(fault, JSON.stringify(body.errors)).toHaveProperty('_errors');
  });

  it('keep their ids when they are set again', async () => {
    const path = `/applications/${discord.app.id}/commands`;
    const first = await call('PUT', path, [ask]);
    const again = await call('PUT', path, [
      { ...ask, description: 'y' },
      { name: 'Ask', type: 3 },
    ]);
    const ids = ({ body }: { body: unknown }) => (body as Json[]).map(({ id }) => id);
    expect(ids(again)[0]).toBe(ids(first)[0]);
    expect(await call('GET', path)).toMatchObject({ body: [{ description: 'y' }, { name: 'Ask', type: 3 }] });
  });
});

describe("the fake's pages", () => {
  it('of messages, from both ends and around one', async () => {
    const channel = discord.addChannel('long');
    const ids = many(7, (i) => discord.say(channel, ann, `message ${i}`).id);
    const page = async (query: string) => {
      const { body } = await call('GET', `${messages(channel)}?${query}`);
      return (body as unknown as Json[]).map(({ id }) => ids.indexOf(String(id)));
    };
    expect(await page('limit=3')).toEqual([6, 5, 4]);
    expect(await page(`limit=2&before=${ids[4]}`)).toEqual([3, 2]);
    expect(await page(`limit=2&after=${ids[1]}`)).toEqual([3, 2]);
    expect(await page(`limit=3&around=${ids[3]}`)).toEqual([4, 3, 2]);
    expect((await call('GET', `${messages(channel)}?limit=101`)).body).toMatchObject({ code: 50035 });
  });

  it('of those who reacted, by id', async () => {
    const message = discord.say(general, ann, 'vote');
    const users = many(3, (i) => discord.addUser(`user ${i}`));
    for (const user of [...users].reverse()) discord.react(message, user, '👍');
    const page = async (query: string) => {
      const { body } = await call('GET', `${messages()}/${message.id}/reactions/👍?${query}`);
      return (body as unknown as Json[]).map(({ id }) => users.findIndex((user) => user.id === id));
    };
    expect(await page('limit=2')).toEqual([0, 1]);
    expect(await page(`limit=2&after=${users[1]?.id}`)).toEqual([2]);
    for (const user of users.slice(1)) discord.react(message, user, '👍', 'supers');
    expect(await page('type=0')).toEqual([0, 1, 2]);
    expect(await page('type=1')).toEqual([1, 2]);
    const { body } = await call('GET', `${messages()}/${message.id}`);
    expect(body).toMatchObject({ reactions: [{ count: 5, count_details: { normal: 3, burst: 2 }, me: false }] });
  });
});

describe("the fake's messages", () => {
  it('are posted once under one nonce that is enforced', async () => {
    const channel = discord.addChannel('nonces');
    const body = { content: 'x', nonce: 'one', enforce_nonce: true };
    const first = await call('POST', messages(channel), body);
    const second = await call('POST', messages(channel), body);
    expect(second.body.id).toBe(first.body.id);
    expect(first.body.nonce).toBe('one');
    await call('POST', messages(channel), { content: 'x', nonce: 'one' });
    expect(discord.saidIn(channel).length).toBe(2);
    // Nobody is told the nonce again.
    expect((await call('GET', `${messages(channel)}/${first.body.id}`)).body).not.toHaveProperty('nonce');
  });

  it('notify only whom they may', async () => {
    const content = `${discord.mention()} <@${ann.id}> @everyone`;
    const mentions = async (body: Json) => {
      const { body: message } = await call('POST', messages(), { content, ...body });
      return (message.mentions as Json[]).map(({ id }) => id);
    };
    expect(await mentions({})).toEqual([discord.bot.id, ann.id]);
    expect(await mentions({ allowed_mentions: { parse: [] } })).toEqual([]);
    expect(await mentions({ allowed_mentions: { users: [ann.id] } })).toEqual([ann.id]);
    const reply = { content: 'x', message_reference: { message_id: question.id } };
    expect(await mentions(reply)).toEqual([ann.id]);
    expect(await mentions({ ...reply, allowed_mentions: { parse: [] } })).toEqual([]);
    expect(await mentions({ ...reply, allowed_mentions: { parse: [], replied_user: true } })).toEqual([ann.id]);
  });

  it('go to people directly who take them', async () => {
    const { body } = await call('POST', '/users/@me/channels', { recipient_id: ann.id });
    const path = `/channels/${body.id}/messages`;
    expect((await call('POST', path, { content: 'hello' })).status).toBe(200);
    expect(discord.saidIn(discord.directMessages(ann)).map(({ content }) => content)).toEqual(['hello']);
    ann.takesDirectMessages = false;
    expect(await call('POST', path, { content: 'hello' })).toMatchObject({ status: 403, body: { code: 50007 } });
    ann.takesDirectMessages = true;
  });
});

describe("the fake's threads", () => {
  it('begin at a message, once, under its id', async () => {
    const message = discord.say(general, ann, 'let us talk');
    const path = `${messages()}/${message.id}/threads`;
    const { body } = await call('POST', path, { name: 'talk' });
    expect(body).toMatchObject({ id: message.id, type: 11, parent_id: general.id, name: 'talk' });
    expect(await call('POST', path, { name: 'talk' })).toMatchObject({ status: 400, body: { code: 160004 } });
    expect((await call('POST', `/channels/${message.id}/messages`, { content: 'gladly' })).status).toBe(200);
    expect(discord.answersTo(message).map(({ content, type }) => [content, type])).toEqual([
      ['', 21],
      ['gladly', 0],
    ]);
    const { body: active } = await call('GET', `/guilds/${discord.guild.id}/threads/active`);
    expect(active).toMatchObject({ threads: [{ id: message.id }], members: [{ id: message.id }] });
  });

  it('wake up when somebody writes, but not when they are locked', async () => {
    const thread = discord.startThread(general, ann, 'quiet');
    const say = () => call('POST', `/channels/${thread.id}/messages`, { content: 'x' });
    const { body: first } = await say();
    discord.archive(thread);
    const edit = await call('PATCH', `/channels/${thread.id}/messages/${first.id}`, { content: 'y' });
    expect(edit.body).toMatchObject({ code: 50083 });
    expect((await say()).status).toBe(200);
    expect(thread.thread?.isArchived).toBe(false);
    discord.lock(thread);
    expect(await say()).toMatchObject({ status: 403, body: { code: 160005 } });
  });

  it('are posts in a forum', async () => {
    const body = { name: 'a post', message: { content: 'its beginning' } };
    const { body: post } = await call('POST', `/channels/${forum.id}/threads`, body);
    expect(post).toMatchObject({ name: 'a post', message: { id: post.id, channel_id: post.id } });
  });
});
