import { ApplicationCommandType, MessageFlags } from 'discord.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Called, type Caller, callerOf, chars, many } from './caller.ts';
import { createFakeDiscord, type FakeDiscord } from './fake-discord.ts';
import type { Channel, Interaction, Json, Message, User } from './types.ts';

let discord: FakeDiscord;
let call: Caller;
let ann: User;
let general: Channel;
let own: Message;

beforeAll(async () => {
  discord = await createFakeDiscord({ rateLimits: { mode: 'off' } });
  call = callerOf(discord);
  ann = discord.addUser('ann');
  general = discord.addChannel('general');
  await call('PUT', `/applications/${discord.app.id}/commands`, [
    { name: 'ask', description: 'Ask' },
    { name: 'Ask', type: ApplicationCommandType.User },
  ]);
  const components = [{ type: 1, components: [{ type: 2, style: 1, label: 'x', custom_id: 'x' }] }];
  await call('POST', `/channels/${general.id}/messages`, { content: 'an answer', components });
  [own] = discord.saidIn(general) as [Message];
});
afterAll(() => discord.close());

// Nobody is connected, so each act is over at once; its token is good all the same.
const asked = async () => (await discord.command(general, ann, 'ask')).interaction;
const pressed = async () => (await discord.press(own, ann, 'x')).interaction;

const respond = ({ id, token }: Interaction, body: Json): Promise<Called> =>
  call('POST', `/interactions/${id}/${token}/callback`, body);
const webhook = ({ token }: Interaction) => `/webhooks/${discord.app.id}/${token}`;

const input = (fields: Json = {}) => ({ type: 4, custom_id: 'i', style: 1, label: 'Why?', ...fields });
const row = (...components: readonly Json[]) => ({ type: 1, components });
const modal = (fields: Json = {}) => ({
  type: 9,
  data: { custom_id: 'm', title: 'Why?', components: [row(input())], ...fields },
});

describe('what an answer to an interaction may not be', () => {
  it.each<[string, Json, string, string]>([
    ['of an unknown type', { type: 3 }, 'type', 'BASE_TYPE_CHOICES'],
    ['without a type', {}, 'type', 'BASE_TYPE_REQUIRED'],
    ['too long', { type: 4, data: { content: chars(2_001) } }, 'data.content', 'BASE_TYPE_MAX_LENGTH'],
    ['of unknown fields', { type: 4, data: { content: 'x', colour: 1 } }, 'data.colour', 'UNKNOWN_FIELD'],
    [
      'of wrong components',
      { type: 4, data: { components: [row()] } },
      'data.components.0.components',
      'BASE_TYPE_BAD_LENGTH',
    ],
    ['deferred with content', { type: 5, data: { content: 'x' } }, 'data.content', 'UNKNOWN_FIELD'],
    ['deferred with other flags', { type: 5, data: { flags: 4 } }, 'data.flags', 'MESSAGE_FLAGS_INVALID'],
    ['an update of no message', { type: 7, data: { content: 'x' } }, 'type', 'INTERACTION_RESPONSE_TYPE_INVALID'],
    ['a modal with a long title', modal({ title: chars(46) }), 'data.title', 'BASE_TYPE_BAD_LENGTH'],
    ['a modal with a long custom id', modal({ custom_id: chars(101) }), 'data.custom_id', 'BASE_TYPE_BAD_LENGTH'],
    ['a modal without fields', modal({ components: [] }), 'data.components', 'BASE_TYPE_BAD_LENGTH'],
    [
      'a modal of six fields',
      modal({ components: many(6, (i) => row(input({ custom_id: `${i}` }))) }),
      'data.components',
      'BASE_TYPE_MAX_LENGTH',
    ],
    [
      'a modal with two fields in a row',
      modal({ components: [row(input(), input({ custom_id: 'j' }))] }),
      'data.components.0.components',
      'BASE_TYPE_MAX_LENGTH',
    ],
    [
      'a modal with a button',
      modal({ components: [row({ type: 2, style: 1, label: 'x', custom_id: 'x' })] }),
      'data.components.0.components.0.type',
      'UNION_TYPE_CHOICES',
    ],
    [
      'a field with a long label',
      modal({ components: [row(input({ label: chars(46) }))] }),
      'data.components.0.components.0.label',
      'BASE_TYPE_BAD_LENGTH',
    ],
    [
      'a field with a long placeholder',
      modal({ components: [row(input({ placeholder: chars(101) }))] }),
      'data.components.0.components.0.placeholder',
      'BASE_TYPE_MAX_LENGTH',
    ],
    [
      'a field with a length over 4,000',
      modal({ components: [row(input({ max_length: 4_001 }))] }),
      'data.components.0.components.0.max_length',
      'NUMBER_TYPE_MAX',
    ],
  ])('%s', async (_, body, path, code) => {
    const interaction = await asked();
    const { status, body: answer } = await respond(interaction, body);
    expect([status, answer.code]).toEqual([400, 50035]);
    const fault = path.split('.').reduce<unknown>((at, key) => (at as Json | undefined)?.[key], answer.errors);
    expect(fault, JSON.stringify(answer.errors)).toMatchObject({ _errors: [{ code }] });
    // What was refused is no answer: a good one may follow.
    expect((await respond(interaction, { type: 4, data: { content: 'x' } })).status).toBe(204);
  });

  it('empty', async () => {
    expect(await respond(await asked(), { type: 4, data: { content: '' } })).toMatchObject({ body: { code: 50006 } });
  });

  it('a modal to a modal', async () => {
    const interaction = await asked();
    await respond(interaction, modal());
    const open = discord.openModalOf(ann);
    if (open === undefined) throw new Error('no modal');
    const { interaction: submission } = await discord.submit(open, { i: 'because' });
    expect(await respond(submission, modal())).toMatchObject({ status: 400, body: { code: 50035 } });
  });
});

describe('what comes after an answer', () => {
  it('is nothing before it', async () => {
    const path = webhook(await asked());
    expect(await call('POST', path, { content: 'x' })).toMatchObject({ status: 404, body: { code: 10015 } });
    expect(await call('PATCH', `${path}/messages/@original`, { content: 'x' })).toMatchObject({
      body: { code: 10015 },
    });
  });

  it('changes the message with the button, whose answer is deferred', async () => {
    const interaction = await pressed();
    expect((await respond(interaction, { type: 6 })).status).toBe(204);
    await call('PATCH', `${webhook(interaction)}/messages/@original`, { content: 'changed' });
    expect(own.content).toBe('changed');
    expect(own.components.length).toBe(1);
  });

  it('is for all to see, or for one, as it says itself', async () => {
    const interaction = await asked();
    await respond(interaction, { type: 4, data: { content: 'first' } });
    await call('POST', webhook(interaction), { content: 'for ann', flags: MessageFlags.Ephemeral });
    const { body } = await call('POST', webhook(interaction), { content: 'for all' });
    expect(discord.ephemeralsOf(ann).at(-1)?.content).toBe('for ann');
    const other = discord.addUser('other');
    const contents = (user: User) =>
      discord
        .seenBy(user, general)
        .slice(-3)
        .map(({ content }) => content);
    expect(contents(ann)).toEqual(['first', 'for ann', 'for all']);
    expect(contents(other).slice(-2)).toEqual(['first', 'for all']);
    // The bot's own token does not reach what only one person sees.
    const alone = discord.ephemeralsOf(ann).at(-1);
    expect((await call('GET', `/channels/${general.id}/messages/${alone?.id}`)).status).toBe(404);
    expect((await call('GET', `/channels/${general.id}/messages/${body.id}`)).status).toBe(200);
  });

  it('goes where the bot may not write, as answers do', async () => {
    const silent = discord.addChannel('silent');
    discord.setPermissions(silent, 'bot', { deny: ['SendMessages', 'ViewChannel'] });
    const { interaction } = await discord.command(silent, ann, 'ask');
    expect((await respond(interaction, { type: 4, data: { content: 'all the same' } })).status).toBe(204);
    expect(discord.saidIn(silent).map(({ content }) => content)).toEqual(['all the same']);
  });

  it('notifies people, but no roles unless it says so', async () => {
    const role = discord.addRole('testers');
    const content = `<@${ann.id}> <@&${role.id}>`;
    const notified = async (data: Json) => {
      const interaction = await asked();
      await respond(interaction, { type: 4, data: { content, ...data } });
      const { mentions, mentionedRoles } = discord.saidIn(general).at(-1) ?? {};
      return [mentions?.length, mentionedRoles?.length];
    };
    expect(await notified({})).toEqual([1, 0]);
    expect(await notified({ allowed_mentions: { parse: ['roles'] } })).toEqual([0, 1]);
  });

  it('tells when it is asked to', async () => {
    const interaction = await asked();
    const { id, token } = interaction;
    const path = `/interactions/${id}/${token}/callback?with_response=true`;
    const { body } = await call('POST', path, { type: 5, data: { flags: MessageFlags.Ephemeral } });
    expect(body).toMatchObject({
      interaction: { id, type: 2, response_message_loading: true, response_message_ephemeral: true },
      resource: { type: 5, message: { flags: MessageFlags.Ephemeral | MessageFlags.Loading } },
    });
  });

  it('comes of a command on a person too', async () => {
    const { interaction } = await discord.userCommand(general, discord.addUser('ben'), ann, 'Ask');
    expect((await respond(interaction, { type: 4, data: { content: 'who?' } })).status).toBe(204);
    expect(discord.saidIn(general).at(-1)?.content).toBe('who?');
  });
});
