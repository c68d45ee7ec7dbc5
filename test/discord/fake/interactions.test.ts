import {
  ActionRowBuilder,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ButtonBuilder,
  ButtonStyle,
  type ChatInputCommandInteraction,
  type Client,
  Events,
  type Interaction,
  MessageFlags,
  ModalBuilder,
  PermissionFlagsBits,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf } from './client.ts';
import { createFakeDiscord, type FakeDiscord, type FakeDiscordOptions } from './fake-discord.ts';
import type { Channel, Message, User } from './types.ts';

let discord: FakeDiscord;
let client: Client<true>;
let ann: User;
let general: Channel;
let last: Interaction | undefined;
/** What the app does with an interaction. */
let handle: (interaction: Interaction) => Promise<unknown>;

const button = (id: string, label: string) =>
  new ButtonBuilder().setCustomId(id).setLabel(label).setStyle(ButtonStyle.Secondary);
const row = (...buttons: ButtonBuilder[]) => new ActionRowBuilder<ButtonBuilder>().addComponents(...buttons);
const modal = () =>
  new ModalBuilder()
    .setCustomId('why')
    .setTitle('Why?')
    .addComponents(
      new ActionRowBuilder<TextInputBuilder>().addComponents(
        new TextInputBuilder()
          .setCustomId('reason')
          .setLabel('Reason')
          .setStyle(TextInputStyle.Paragraph)
          .setMinLength(3),
      ),
    );

async function start(options: FakeDiscordOptions = {}): Promise<void> {
  discord = await createFakeDiscord({ rateLimits: { speed: 20 }, ...options });
  ann = discord.addUser('ann');
  general = discord.addChannel('general');
  client = await clientOf(discord);
  last = undefined;
  handle = async () => undefined;
  client.on(Events.InteractionCreate, (interaction) => {
    last = interaction;
    void handle(interaction);
  });
}

/** Another fake, with one command that asks for nothing. */
async function restart(options: FakeDiscordOptions): Promise<void> {
  await client.destroy();
  await discord.close();
  await start(options);
  await client.application.commands.set([{ name: 'ask', description: 'Ask' }]);
}

function kept(): ChatInputCommandInteraction {
  if (!last?.isChatInputCommand()) throw new Error('no command came');
  return last;
}

beforeEach(async () => {
  await start();
  await client.application.commands.set([
    {
      name: 'ask',
      description: 'Ask a question',
      options: [
        {
          name: 'question',
          description: 'What?',
          type: ApplicationCommandOptionType.String,
          required: true,
          maxLength: 20,
        },
      ],
    },
    {
      name: 'foursight',
      description: 'Administration',
      defaultMemberPermissions: PermissionFlagsBits.ManageGuild,
      options: [{ name: 'retrain', description: 'Train', type: ApplicationCommandOptionType.Subcommand }],
    },
    { name: 'Ask about this', type: ApplicationCommandType.Message },
  ]);
});
afterEach(async () => {
  await client.destroy();
  await discord.close();
});

describe('commands', () => {
  it('are answered at once, for all to see', async () => {
    handle = async (interaction) =>
      interaction.isChatInputCommand() &&
      interaction.reply(`you asked ${interaction.options.getString('question', true)}`);
    const { isAcked, message } = await discord.command(general, ann, 'ask', { question: 'why?' });
    expect(isAcked).toBe(true);
    expect(message?.content).toBe('you asked why?');
    expect(discord.saidIn(general)).toEqual([message]);
    expect(discord.complaints()).toEqual([]);
  });

  it('are answered later, for one person alone, and the first later answer takes the place of the deferred one', async () => {
    handle = async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.deferReply({ flags: MessageFlags.Ephemeral });
      await interaction.followUp('here');
      await interaction.followUp({ content: 'and there', flags: MessageFlags.Ephemeral });
    };
    await discord.command(general, ann, 'ask', { question: 'why?' });
    await discord.waitFor(() => discord.ephemeralsOf(ann).length === 2, 'two answers');
    expect(discord.ephemeralsOf(ann).map(({ content, flags }) => [content, flags])).toEqual([
      ['here', MessageFlags.Ephemeral],
      ['and there', MessageFlags.Ephemeral],
    ]);
    expect(discord.messagesIn(general)).toEqual([]);
    expect(discord.seenBy(ann, general).length).toBe(2);
    expect(discord.complaints()).toEqual([]);
  });

  it('are too late after the deadline', async () => {
    await restart({ ackMs: 50 });
    const { isAcked } = await discord.command(general, ann, 'ask');
    expect(isAcked).toBe(false);
    await expect(kept().reply('too late')).rejects.toMatchObject({ code: 10062, status: 404 });
    expect(discord.saidIn(general)).toEqual([]);
  });

  it('are answered once', async () => {
    handle = async (interaction) => interaction.isChatInputCommand() && interaction.reply('once');
    const { interaction } = await discord.command(general, ann, 'ask', { question: 'why?' });
    const path = `/interactions/${interaction.id}/${interaction.token}/callback` as const;
    const again = client.rest.post(path, { body: { type: 4, data: { content: 'again' } }, auth: false });
    await expect(again).rejects.toMatchObject({ code: 40060, status: 400 });
    expect(discord.saidIn(general).map(({ content }) => content)).toEqual(['once']);
  });

  it('are offered to those who may use them, with the options that they have', async () => {
    handle = async (interaction) =>
      interaction.isChatInputCommand() && interaction.reply(interaction.options.getSubcommand());
    expect(() => discord.command(general, ann, 'foursight retrain')).toThrow('may not use');
    expect(() => discord.command(general, ann, 'forsight')).toThrow('no command');
    expect(() => discord.command(general, ann, 'ask')).toThrow('required');
    expect(() => discord.command(general, ann, 'ask', { question: 'x'.repeat(21) })).toThrow('wrong length');
    const boss = discord.addUser('boss', { roles: [discord.addRole('admins', ['ManageGuild'])] });
    const { message } = await discord.command(general, boss, 'foursight retrain');
    expect(message?.content).toBe('retrain');
  });

  it('are typed in direct messages too', async () => {
    handle = async (interaction) =>
      interaction.isChatInputCommand() && interaction.reply(`${interaction.user.username} ${interaction.guildId}`);
    const direct = discord.directMessages(ann);
    expect((await discord.command(direct, ann, 'ask', { question: 'why?' })).message?.content).toBe('ann null');
    expect(discord.saidIn(direct).length).toBe(1);
  });

  it('come from the menu of a message, with the message', async () => {
    handle = async (interaction) =>
      interaction.isMessageContextMenuCommand() && interaction.reply(interaction.targetMessage.content.toUpperCase());
    const target = discord.say(general, ann, 'hello');
    const { message } = await discord.messageCommand(target, ann, 'Ask about this');
    expect(message).toMatchObject({ content: 'HELLO', reference: target });
  });

  it('cannot be answered any more when their token has run out', async () => {
    await restart({ tokenMs: -1 });
    handle = async (interaction) => interaction.isChatInputCommand() && interaction.deferReply();
    const { message } = await discord.command(general, ann, 'ask');
    await expect.poll(() => kept().deferred, { timeout: 5_000 }).toBe(true);
    await expect(kept().editReply('late')).rejects.toMatchObject({ code: 50027, status: 401 });
    // With the bot's token the answer can be changed for ever.
    const channel = await client.channels.fetch(general.id);
    if (channel?.isTextBased()) await channel.messages.edit(message?.id ?? '', 'in time');
    expect(message?.content).toBe('in time');
  });
});

describe('buttons and modals', () => {
  let answer: Message;
  beforeEach(async () => {
    const channel = await client.channels.fetch(general.id);
    if (!channel?.isSendable()) throw new Error('no channel');
    await channel.send({ content: 'an answer', components: [row(button('up', '👍'), button('down', '👎'))] });
    [answer] = discord.saidIn(general) as [Message];
  });

  it('update the message on which they are', async () => {
    handle = async (interaction) =>
      interaction.isButton() && interaction.update({ components: [row(button('done', 'Thanks').setDisabled(true))] });
    expect(discord.buttonsOf(answer).map(({ customId }) => customId)).toEqual(['up', 'down']);
    const { message } = await discord.press(answer, ann, 'up');
    expect(message).toBe(answer);
    expect(answer.content).toBe('an answer');
    expect(() => discord.press(answer, ann, 'done')).toThrow('disabled');
    expect(() => discord.press(answer, ann, 'up')).toThrow('only done');
  });

  it('open a modal, whose submission is answered privately', async () => {
    handle = async (interaction) => {
      if (interaction.isButton()) await interaction.showModal(modal());
      if (interaction.isModalSubmit()) {
        const content = `noted: ${interaction.fields.getTextInputValue('reason')}`;
        await interaction.reply({ content, flags: MessageFlags.Ephemeral });
      }
    };
    const { modal: open } = await discord.press(answer, ann, 'down');
    if (open === undefined) throw new Error('no modal');
    expect(discord.openModalOf(ann)).toBe(open);
    expect(() => discord.submit(open, { reason: 'x' })).toThrow('wrong length');
    expect(() => discord.submit(open, { other: 'x' })).toThrow('required');
    await discord.submit(open, { reason: 'too short' });
    expect(discord.ephemeralsOf(ann).map(({ content }) => content)).toEqual(['noted: too short']);
    expect(discord.openModalOf(ann)).toBeUndefined();
    expect(discord.complaints()).toEqual([]);
  });

  it('say that nobody answered when the app is away', async () => {
    await client.destroy();
    await discord.waitFor(() => discord.connections === 0, 'the end of the connection');
    expect(await discord.press(answer, ann, 'up')).toMatchObject({ isAcked: false });
    expect(discord.complaints()).toEqual(['an interaction of ann was not answered in time']);
  });
});
