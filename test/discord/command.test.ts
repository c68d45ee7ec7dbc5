import { ChannelType, MessageFlags } from 'discord.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { commandNames } from '../../adapters/discord/commands.ts';
import { claimRun, endRun } from '../../src/db/run-queries.ts';
import type { User } from './fake/types.ts';
import { settings, useOffice } from './office.ts';

const office = useOffice();

const told = (user: User, text: string) =>
  office.discord.waitFor(
    () => office.discord.ephemeralsOf(user).find((message) => office.discord.textOf(message).includes(text)),
    `"${text}"`,
  );

describe('commands in Discord', { timeout: 60_000 }, () => {
  let boss: User;

  beforeEach(async () => {
    const { discord } = office;
    await office.openAdapter();
    boss = discord.addUser('boss', { roles: [discord.addRole('bosses', ['ManageGuild'])] });
  });

  it('are registered, the same ones once more after a restart', async () => {
    const { discord } = office;
    const names = () => discord.commands().map(({ content }) => content.name);
    expect(names()).toEqual(['foursight', 'ask', commandNames.about]);
    await office.closeAdapter();
    await office.openAdapter();
    expect(names()).toEqual(['foursight', 'ask', commandNames.about]);
    expect(discord.complaints()).toEqual([]);
  });

  it('ask in a thread under what was asked, in direct messages, and within a thread', async () => {
    const { discord, general, ann } = office;
    const { message } = await discord.command(general, ann, 'ask', { question: 'what is 2+2?' });
    if (message === undefined) throw new Error('not asked');
    expect(discord.textOf(message)).toBe('> what is 2+2?');
    await office.said(message, 'answer to what is 2+2?');
    const { thread } = message;
    if (thread === undefined) throw new Error('no thread');
    const within = await discord.command(thread, ann, 'ask', { question: 'and here?' });
    await office.said(within.message ?? message, 'answer to and here?');
    const direct = await discord.command(discord.directMessages(ann), ann, 'ask', { question: 'alone?' });
    await office.said(direct.message ?? message, 'answer to alone?');
    expect(discord.complaints()).toEqual([]);
  });

  it('ask about a message that somebody else wrote', async () => {
    const { discord, general, ann } = office;
    const said = discord.say(general, discord.addUser('ben'), 'the train leaves at nine');
    const { message } = await discord.messageCommand(said, ann, commandNames.about);
    if (message === undefined) throw new Error('not asked');
    expect(discord.textOf(message)).toContain('> the train leaves at nine');
    await office.said(message, 'answer to the train leaves at nine');
    expect(discord.complaints()).toEqual([]);
  });

  it.each([true, false])(
    'are answered when Discord fails at first, whether it took the answer (%s) or not',
    async (afterwards) => {
      const { discord, general, ann } = office;
      discord.failNext('POST /interactions/:interaction/:token/callback', { status: 503, afterwards });
      await discord.command(general, ann, 'ask', { question: 'in spite of it?' });
      const opening = await discord.waitFor(() => discord.saidIn(general)[0], 'the question');
      await office.said(opening, 'answer to in spite of it?');
      expect(discord.ephemeralsOf(ann)).toEqual([]);
      expect(discord.saidIn(general)).toHaveLength(1);
    },
  );

  it('say which permission is missing where there is nowhere to answer', async () => {
    const { discord, ann } = office;
    const mute = discord.addChannel('mute');
    discord.setPermissions(mute, discord.bot, { deny: ['SendMessages'] });
    await discord.command(mute, ann, 'ask', { question: 'anybody?' });
    await told(ann, '**Send Messages**');
    const flat = discord.addChannel('flat');
    discord.setPermissions(flat, discord.bot, { deny: ['SendMessagesInThreads'] });
    await discord.command(flat, ann, 'ask', { question: 'in a thread?' });
    await told(ann, '**Send Messages in Threads**');
    discord.setPermissions(flat, discord.bot, { deny: ['SendMessagesInThreads', 'CreatePublicThreads'] });
    const { message } = await discord.command(flat, ann, 'ask', { question: 'by a reply?' });
    if (message === undefined) throw new Error('not asked');
    await office.said(message, 'answer to by a reply?');
  });

  it('tell the owner of a server that the report of a night could not be posted', async () => {
    const { discord, store } = office;
    const news = discord.addChannel('news');
    discord.setPermissions(news, discord.bot, { deny: ['SendMessages'] });
    await office.restart({ settings: { ...settings, reportChannel: news.id } });
    const workspaceId = await store.desk.workspaceId('discord', discord.guild.id);
    const { runId } = await store.loop.retrain(workspaceId, { by: 'schedule', seed: 1 });
    const held = await claimRun(store.db, runId, 'test');
    if (held === undefined) throw new Error('no run to be had');
    await store.db.transaction((tx) => endRun(tx, held, { status: 'no update', reason: 'too few votes' }));
    const direct = discord.directMessages(discord.app.owner);
    const warning = await discord.waitFor(() => discord.saidIn(direct)[0], 'a warning');
    expect(discord.textOf(warning)).toContain(`**Send Messages** (to answer) in <#${news.id}>`);
  });

  it('show what there is to show, to the person alone', async () => {
    const { discord, general } = office;
    await discord.command(general, boss, 'foursight status');
    await told(boss, 'Live policy');
    await discord.command(general, boss, 'foursight policy list');
    await told(boss, '**Policies**');
    await discord.command(general, boss, 'foursight retrain', { 'dry-run': true });
    await told(boss, 'What I would be trained on');
    await discord.command(general, boss, 'foursight policy promote', { version: 7 });
    await told(boss, '⚠️');
    await discord.command(general, boss, 'foursight report');
    await told(boss, 'There has been no training yet');
    await discord.command(general, boss, 'foursight help');
    await told(boss, 'How to use me');
    expect(discord.saidIn(general)).toEqual([]);
    expect(discord.complaints()).toEqual([]);
  });

  it('let a person say whether their direct messages may be learnt from', async () => {
    const { discord, ann } = office;
    const direct = discord.directMessages(ann);
    await discord.command(direct, ann, 'foursight training', { choice: 'on' });
    await told(ann, 'I may learn from your direct messages');
    await discord.command(direct, ann, 'foursight retrain');
    await told(ann, 'Only those may do that');
    expect(discord.complaints()).toEqual([]);
  });

  it('retrain for those who manage the server, and for listed roles, and report directly', async () => {
    const { discord, general } = office;
    await discord.command(general, boss, 'foursight retrain');
    await told(boss, 'Training has begun');
    await discord.waitFor(() => discord.saidIn(discord.directMessages(boss))[0], 'a report');
    const role = discord.addRole('helpers', []);
    const carl = discord.addUser('carl', { roles: [role] });
    await office.closeAdapter();
    await office.openAdapter({ settings: { ...settings, admins: [role.id] } });
    await discord.command(discord.directMessages(carl), carl, 'foursight retrain');
    await told(carl, 'going on already');
    expect(discord.complaints()).toEqual([]);
  });

  it('begin no training of which its admin cannot be told, and say so; what is shown directly says it once', async () => {
    const { discord, general, store } = office;
    const workspaceId = await store.desk.workspaceId('discord', discord.guild.id);
    boss.takesDirectMessages = false;
    await discord.command(general, boss, 'foursight retrain');
    await told(boss, 'It was not begun: allow direct messages from me');
    expect(await store.loop.runs(workspaceId, 5)).toEqual([]);
    boss.takesDirectMessages = true;
    const direct = discord.directMessages(boss);
    await discord.command(direct, boss, 'foursight retrain');
    await expect.poll(() => store.loop.runs(workspaceId, 5), { timeout: 5_000 }).toHaveLength(1);
    const isLoading = ({ flags }: { readonly flags: number }) => (flags & MessageFlags.Loading) !== 0;
    await discord.waitFor(() => !discord.ephemeralsOf(boss).some(isLoading), 'nothing to come');
    expect(discord.saidIn(direct)).toHaveLength(1);
  });

  it('tell the owner of a server once which permission is missing', async () => {
    const { discord, ann } = office;
    const shy = discord.addChannel('shy', { type: ChannelType.GuildText });
    discord.setPermissions(shy, discord.bot, { deny: ['CreatePublicThreads', 'AddReactions'] });
    const question = office.ask('no thread?', { channel: shy });
    expect((await office.said(question, 'answer to no thread?')).reference).toBe(question);
    const direct = discord.directMessages(discord.app.owner);
    const warning = await discord.waitFor(() => discord.saidIn(direct)[0], 'a warning');
    expect(discord.textOf(warning)).toContain('**Create Public Threads**');
    expect(discord.textOf(warning)).toContain('**Add Reactions**');
    await office.idle();
    expect(discord.saidIn(direct)).toHaveLength(1);
    expect(discord.saidIn(discord.directMessages(ann))).toEqual([]);
  });
});
