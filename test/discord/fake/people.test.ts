import { ChannelType, type Client, Events, MessageFlags, MessageType } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, INTENTS } from './client.ts';
import { createFakeDiscord, type FakeDiscord, type FakeDiscordOptions } from './fake-discord.ts';
import type { Channel, Json, User } from './types.ts';

let discord: FakeDiscord;
let client: Client;
let ann: User;
let general: Channel;

async function start(options: FakeDiscordOptions = {}, intents = INTENTS): Promise<void> {
  discord = await createFakeDiscord(options);
  ann = discord.addUser('ann');
  general = discord.addChannel('general');
  client = await clientOf(discord, intents);
}

beforeEach(() => start());
afterEach(async () => {
  await client.destroy();
  await discord.close();
});

/** What the gateway told, without what it says at the beginning. */
const told = (): [string, Json][] =>
  discord.journal.events.filter(({ t }) => t !== 'READY' && t !== 'GUILD_CREATE').map(({ t, d }) => [t, d]);

describe("people's acts", () => {
  it('tell of messages with their author as a member', () => {
    const message = discord.say(general, ann, '  hello ');
    expect(told()).toMatchObject([
      [
        'MESSAGE_CREATE',
        {
          id: message.id,
          content: 'hello',
          channel_id: general.id,
          guild_id: discord.guild.id,
          channel_type: ChannelType.GuildText,
          author: { id: ann.id, username: 'ann', bot: false },
          member: { roles: [] },
        },
      ],
    ]);
  });

  it('tell of replies, which notify whom they answer unless they say otherwise', () => {
    const first = discord.say(general, ann, 'hello');
    const ben = discord.addUser('ben');
    discord.say(general, ben, 'yes?', { replyTo: first });
    discord.say(general, ben, 'no', { replyTo: first, pings: false });
    const about = {
      message_reference: { message_id: first.id },
      referenced_message: { id: first.id, content: 'hello' },
    };
    expect(told().slice(1)).toMatchObject([
      ['MESSAGE_CREATE', { type: MessageType.Reply, mentions: [{ id: ann.id }], ...about }],
      ['MESSAGE_CREATE', { type: MessageType.Reply, mentions: [], ...about }],
    ]);
  });

  it('tell of edits, of previews that are none, and of deletions', () => {
    const message = discord.say(general, ann, 'https://example.org');
    discord.unfurl(message, 'https://example.org');
    discord.edit(message, 'never mind');
    discord.remove(message);
    expect(told().slice(1)).toMatchObject([
      ['MESSAGE_UPDATE', { edited_timestamp: null, embeds: [{ url: 'https://example.org' }] }],
      ['MESSAGE_UPDATE', { content: 'never mind', edited_timestamp: expect.any(String) }],
      ['MESSAGE_DELETE', { id: message.id, channel_id: general.id, guild_id: discord.guild.id }],
    ]);
    expect(discord.deletedIn(general)).toEqual([message]);
  });

  it('tell of reactions, and of a moderator who takes them away', () => {
    const message = discord.say(general, ann, 'vote');
    discord.react(message, ann, '👍');
    discord.react(message, ann, '👍');
    discord.unreact(message, ann, '👍');
    discord.react(message, ann, '👎');
    expect(discord.reactorsOf(message, '👎')).toEqual([ann]);
    discord.clearReactions(message, '👎');
    discord.clearReactions(message);
    const where = { message_id: message.id, channel_id: general.id, guild_id: discord.guild.id };
    expect(told().slice(1)).toMatchObject([
      [
        'MESSAGE_REACTION_ADD',
        { ...where, user_id: ann.id, emoji: { id: null, name: '👍' }, message_author_id: ann.id },
      ],
      ['MESSAGE_REACTION_REMOVE', { ...where, user_id: ann.id }],
      ['MESSAGE_REACTION_ADD', { ...where, emoji: { name: '👎' } }],
      ['MESSAGE_REACTION_REMOVE_EMOJI', { ...where, emoji: { name: '👎' } }],
      ['MESSAGE_REACTION_REMOVE_ALL', where],
    ]);
    expect(() => discord.unreact(message, ann, '👍')).toThrow('has no 👍');
  });

  it('tell of super reactions as of others beside the ordinary ones', () => {
    const message = discord.say(general, ann, 'super');
    discord.react(message, ann, '👍');
    discord.react(message, ann, '👍', 'supers');
    discord.unreact(message, ann, '👍');
    expect(() => discord.unreact(message, ann, '👍')).toThrow('has no 👍');
    discord.unreact(message, ann, '👍', 'supers');
    expect(told().slice(1)).toMatchObject([
      ['MESSAGE_REACTION_ADD', { burst: false, type: 0 }],
      ['MESSAGE_REACTION_ADD', { burst: true, type: 1 }],
      ['MESSAGE_REACTION_REMOVE', { burst: false, type: 0 }],
      ['MESSAGE_REACTION_REMOVE', { burst: true, type: 1 }],
    ]);
  });

  it('tell of a thread that a message began', () => {
    const message = discord.say(general, ann, 'let us talk');
    const thread = discord.startThread(message, ann, 'talk');
    discord.say(thread, ann, 'so');
    expect(told().slice(1)).toMatchObject([
      ['THREAD_CREATE', { id: message.id, parent_id: general.id, name: 'talk', newly_created: true, owner_id: ann.id }],
      ['MESSAGE_UPDATE', { id: message.id, flags: MessageFlags.HasThread, thread: { id: message.id } }],
      [
        'MESSAGE_CREATE',
        { type: MessageType.ThreadStarterMessage, content: '', referenced_message: { id: message.id } },
      ],
      ['MESSAGE_CREATE', { channel_id: thread.id, channel_type: ChannelType.PublicThread, content: 'so' }],
    ]);
  });

  it('tell of a post in a forum, which has the id of its first message', async () => {
    const forum = discord.addChannel('help', { type: ChannelType.GuildForum, tags: ['open'] });
    const message = discord.createPost(forum, ann, 'How?', `${discord.mention()} tell me`);
    expect(message.id).toBe(message.channel.id);
    expect(told().slice(1)).toMatchObject([
      ['THREAD_CREATE', { id: message.id, parent_id: forum.id, name: 'How?' }],
      ['MESSAGE_CREATE', { id: message.id, channel_id: message.id, mentions: [{ id: discord.bot.id }] }],
    ]);
    expect(() => discord.say(forum, ann, 'hello')).toThrow('posts only');
  });

  it('reach a client as direct messages, though nobody told it of the channel', async () => {
    const direct = discord.directMessages(ann);
    const heard: string[] = [];
    client.on(Events.MessageCreate, ({ content, guildId }) => heard.push(`${content} ${guildId}`));
    discord.say(direct, ann, 'psst');
    await discord.heard();
    expect(heard).toEqual(['psst null']);
    expect(told()).toMatchObject([['MESSAGE_CREATE', { channel_type: ChannelType.DM, content: 'psst' }]]);
    expect(told()[0]?.[1]).not.toHaveProperty('guild_id');
  });

  it('let a client know of channels, roles and threads that it could not see before', async () => {
    const secret = discord.addChannel('secret');
    discord.setPermissions(secret, 'everyone', { deny: ['ViewChannel'] });
    discord.setPermissions(secret, ann, { allow: ['ViewChannel'] });
    const thread = discord.startThread(secret, ann, 'hidden');
    await discord.heard();
    expect(client.channels.cache.has(secret.id)).toBe(true);
    expect(client.channels.cache.has(thread.id)).toBe(false);
    const guests = discord.addRole('guests', ['ViewChannel']);
    discord.giveRole(discord.guild, discord.bot, guests);
    discord.setPermissions(secret, guests, { allow: ['ViewChannel'] });
    await discord.heard();
    expect(client.channels.cache.has(thread.id)).toBe(true);
    expect(client.guilds.cache.get(discord.guild.id)?.members.me?.roles.cache.map(({ name }) => name)).toContain(
      'guests',
    );
  });

  it('are those that they have permission for', () => {
    discord.setPermissions(general, ann, { deny: ['SendMessages'] });
    expect(() => discord.say(general, ann, 'hello')).toThrow('no permission SendMessages');
    const stranger = discord.addUser('stranger', { of: null });
    expect(() => discord.say(general, stranger, 'hello')).toThrow('stranger has no permission');
    discord.join(discord.guild, stranger);
    expect(discord.say(general, stranger, 'hello').content).toBe('hello');
  });
});

describe('what the app is not told', () => {
  it('is what happens where the bot cannot look', () => {
    const secret = discord.addChannel('secret');
    discord.setPermissions(secret, 'bot', { deny: ['ViewChannel'] });
    discord.say(secret, ann, `${discord.mention()} hello`);
    discord.startThread(general, ann, 'private', { isPrivate: true });
    expect(told().map(([t]) => t)).toEqual(['CHANNEL_CREATE', 'CHANNEL_UPDATE']);
    discord.leave(discord.guild, discord.bot);
    discord.say(general, ann, 'alone at last');
    expect(told().map(([t]) => t)).toEqual(['CHANNEL_CREATE', 'CHANNEL_UPDATE', 'GUILD_DELETE']);
  });

  it('is content without the intent, but for mentions, direct messages and its own', async () => {
    await client.destroy();
    await discord.close();
    await start({ app: { privileged: { messageContent: false } } }, INTENTS.slice(0, -1));
    const channel = await client.channels.fetch(general.id);
    if (!channel?.isSendable()) throw new Error('no channel');
    const secret = discord.say(general, ann, 'for people');
    discord.say(general, ann, `${discord.mention()} for the bot`);
    discord.say(discord.directMessages(ann), ann, 'for the bot too');
    await channel.send('its own');
    expect(told().map(([, { content }]) => content)).toEqual([
      '',
      `${discord.mention()} for the bot`,
      'for the bot too',
      'its own',
    ]);
    // Nor does the REST API give it away.
    expect((await channel.messages.fetch({ message: secret.id, force: true })).content).toBe('');
  });

  it('is content when the client did not ask for it', async () => {
    await client.destroy();
    client = await clientOf(discord, INTENTS.slice(0, -1));
    const said = discord.say(general, ann, 'for people');
    expect(told()).toMatchObject([['MESSAGE_CREATE', { content: '' }]]);
    const channel = await client.channels.fetch(general.id);
    // By REST it may be read, since the app has the intent.
    if (channel?.isTextBased())
      expect((await channel.messages.fetch({ message: said.id, force: true })).content).toBe('for people');
  });
});
