import {
  ChannelType,
  type Client,
  ContainerBuilder,
  EmbedBuilder,
  Events,
  type ForumChannel,
  type Message as Heard,
  type Interaction,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  type TextChannel,
  TextDisplayBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf } from './client.ts';
import { createFakeDiscord, type FakeDiscord } from './fake-discord.ts';
import type { Channel, Message, User } from './types.ts';

let discord: FakeDiscord;
let client: Client<true>;
let ann: User;
let general: Channel;
let channel: TextChannel;
let question: Message;
let heard: Heard<true>;

beforeEach(async () => {
  discord = await createFakeDiscord({ rateLimits: { speed: 50 } });
  ann = discord.addUser('ann');
  general = discord.addChannel('general');
  question = discord.say(general, ann, 'why?');
  client = await clientOf(discord);
  channel = (await client.channels.fetch(general.id)) as TextChannel;
  heard = await channel.messages.fetch(question.id);
});
afterEach(async () => {
  await client.destroy();
  // Whatever discord.js makes of a call has to be what Discord takes.
  expect(discord.complaints()).toEqual([]);
  await discord.close();
});

describe('what discord.js asks of Discord', () => {
  it('to write: replies, embeds, edits, deletions, typing', async () => {
    await channel.sendTyping();
    expect(discord.isTyping(general)).toBe(true);
    const embed = new EmbedBuilder().setTitle('Sources').addFields({ name: 'one', value: 'two' });
    const allowedMentions = { parse: [], repliedUser: false };
    const answer = await heard.reply({ content: 'because', embeds: [embed], allowedMentions });
    expect(discord.isTyping(general)).toBe(false);
    expect(discord.saidIn(general).map(discord.textOf)).toEqual(['because\nSources\none\ntwo']);
    await answer.edit({ content: 'therefore', embeds: [], components: [] });
    await answer.suppressEmbeds();
    expect(discord.saidIn(general)).toMatchObject([{ content: 'therefore', flags: MessageFlags.SuppressEmbeds }]);
    await answer.delete();
    expect(discord.saidIn(general)).toEqual([]);
  });

  it('to write with the new components', async () => {
    const text = new TextDisplayBuilder().setContent('**well**');
    const components = [new ContainerBuilder().addTextDisplayComponents(text)];
    const answer = await channel.send({ components, flags: MessageFlags.IsComponentsV2 });
    expect(discord.saidIn(general).map(discord.textOf)).toEqual(['**well**']);
    await answer.edit({ components: [new TextDisplayBuilder().setContent('good')] });
    expect(discord.saidIn(general).map(discord.textOf)).toEqual(['good']);
  });

  it('to react, and who has reacted', async () => {
    const answer = await channel.send('an answer');
    await answer.react('👍');
    await answer.react('👎');
    const [own] = discord.saidIn(general);
    if (own === undefined) throw new Error('nothing was said');
    discord.react(own, ann, '👍');
    const fresh = await channel.messages.fetch({ message: answer.id, force: true });
    const up = fresh.reactions.cache.get('👍');
    expect(up).toMatchObject({ count: 2, me: true });
    expect((await up?.users.fetch())?.map(({ id }) => id)).toEqual([client.user.id, ann.id]);
    await fresh.reactions.cache.get('👎')?.users.remove(client.user.id);
    expect(discord.reactorsOf(own, '👎')).toEqual([]);
  });

  it('to talk in threads and forums', async () => {
    const thread = await heard.startThread({ name: 'talk', autoArchiveDuration: 1_440 });
    await thread.send('so');
    expect(discord.answersTo(question).map(({ content }) => content)).toEqual(['', 'so']);
    expect((await channel.threads.fetchActive()).threads.map(({ name }) => name)).toEqual(['talk']);
    await thread.setName('talk over');
    await thread.setArchived(true);
    const archived = await channel.threads.fetchArchived();
    expect(archived.threads.map(({ name }) => name)).toEqual(['talk over']);
    await channel.threads.create({ name: 'alone', type: ChannelType.PublicThread });

    const forum = discord.addChannel('help', { type: ChannelType.GuildForum });
    const held = (await client.channels.fetch(forum.id)) as ForumChannel;
    const post = await held.threads.create({ name: 'How?', message: { content: 'tell me' } });
    expect((await post.fetchStarterMessage())?.content).toBe('tell me');
    expect(discord.threadsOf(forum).map(({ name }) => name)).toEqual(['How?']);
  });

  it('to write to people directly, and to look at them', async () => {
    const user = await client.users.fetch(ann.id);
    await user.send({ content: 'psst', nonce: '1', enforceNonce: true });
    expect(discord.saidIn(discord.directMessages(ann)).map(({ content }) => content)).toEqual(['psst']);
    const guild = await client.guilds.fetch({ guild: discord.guild.id, withCounts: true, force: true });
    expect(guild.approximateMemberCount).toBe(discord.guild.members.size);
    const admins = discord.addRole('admins', ['ManageGuild']);
    discord.giveRole(discord.guild, ann, admins);
    expect((await guild.roles.fetch()).map(({ name }) => name)).toContain('admins');
    expect((await guild.members.fetch(ann.id)).permissions.has('ManageGuild')).toBe(true);
    expect((await guild.members.fetch({ user: [ann.id] })).map(({ id }) => id)).toEqual([ann.id]);
    expect((await guild.members.fetchMe()).permissionsIn(general.id).has('SendMessages')).toBe(true);
    expect((await client.application.fetch()).flags.has('GatewayMessageContentLimited')).toBe(true);
  });

  it('to answer in all the ways there are', async () => {
    const ways: ((interaction: Interaction) => Promise<unknown>)[] = [];
    client.on(Events.InteractionCreate, (interaction) => void ways.shift()?.(interaction));
    await client.application.commands.create({ name: 'ask', description: 'Ask' });
    await client.application.commands.set([{ name: 'tell', description: 'Tell' }], discord.guild.id);
    expect((await client.application.commands.fetch({})).map(({ name }) => name)).toEqual(['ask']);
    expect(discord.commands().map(({ content }) => content.name)).toEqual(['ask', 'tell']);

    ways.push(async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      const response = await interaction.reply({ content: 'at once', withResponse: true });
      expect(response.resource?.message?.content).toBe('at once');
      await interaction.editReply({ content: 'later' });
      const more = await interaction.followUp({ content: 'more', flags: MessageFlags.Ephemeral });
      await interaction.editReply({ message: more, content: 'even more' });
      await interaction.deleteReply();
    });
    await discord.command(general, ann, 'tell');
    await discord.waitFor(() => discord.deletedIn(general).length === 1, 'the deletion');
    expect(discord.deletedIn(general)[0]?.content).toBe('later');
    expect(discord.ephemeralsOf(ann).map(({ content }) => content)).toEqual(['even more']);

    const input = new TextInputBuilder().setCustomId('reason').setStyle(TextInputStyle.Short).setRequired(false);
    const label = new LabelBuilder().setLabel('Reason').setTextInputComponent(input);
    ways.push(async (interaction) => {
      if (interaction.isChatInputCommand())
        await interaction.showModal(new ModalBuilder().setCustomId('m').setTitle('Why?').addLabelComponents(label));
    });
    const { modal } = await discord.command(general, ann, 'ask');
    if (modal === undefined) throw new Error('no modal');
    ways.push(async (interaction) => {
      if (interaction.isModalSubmit()) await interaction.reply(interaction.fields.getTextInputValue('reason'));
    });
    expect((await discord.submit(modal, { reason: 'so' })).message?.content).toBe('so');
  });
});
