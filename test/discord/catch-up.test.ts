import { ChannelType } from 'discord.js';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { EVENTS_PLACE } from '../../adapters/delivery/read-position.ts';
import { timeOf } from './fake/world.ts';
import { useOffice } from './office.ts';

const office = useOffice();

describe('what Discord did not tell', { timeout: 60_000 }, () => {
  beforeEach(async () => {
    await office.openAdapter();
  });

  it('is asked, edited, withdrawn and counted after the service was away', async () => {
    const { discord, worker, ann, general } = office;
    const first = office.ask('before');
    const answer = await office.said(first, 'answer to before');
    const direct = discord.directMessages(ann);
    await office.said(discord.say(direct, ann, 'directly before'), 'answer to directly before');
    await office.idle();
    worker.rest();
    const edited = office.ask('to be edited');
    const deleted = office.ask('to be deleted');
    await discord.waitFor(() => edited.thread !== undefined && deleted.thread !== undefined, 'threads');
    await office.closeAdapter();

    const missed = office.ask('missed?');
    const { thread } = first;
    if (thread === undefined) throw new Error('no thread');
    const inThread = discord.say(thread, ann, 'missed in the thread?');
    const inDirect = discord.say(direct, ann, 'missed directly?');
    discord.say(general, ann, 'not for the bot');
    discord.react(answer, ann, '👍');
    discord.edit(edited, `${discord.mention()} was edited`);
    discord.remove(deleted);
    discord.forgetSessions();
    // What has been written within the last seconds is not taken for deleted, since it may not be shown yet.
    await expect.poll(() => Date.now() - Date.parse(timeOf(deleted.id)), { timeout: 10_000 }).toBeGreaterThan(5_500);
    worker.letGo();
    await office.openAdapter();

    await office.said(missed, 'answer to missed?');
    await office.said(inThread, 'answer to missed in the thread?');
    await office.said(inDirect, 'answer to missed directly?');
    await expect.poll(() => office.votes(answer), { timeout: 10_000 }).toEqual({ up: 1, down: 0 });
    await office.idle();
    expect(office.sayings(missed)).toHaveLength(1);
    expect(discord.complaints().filter((complaint) => !complaint.includes('10008'))).toEqual([]);
  });

  it('is not taken for deleted where the bot may only not read', async () => {
    const { discord, worker, general } = office;
    worker.rest();
    const question = office.ask('still there?');
    await discord.waitFor(() => question.thread, 'a thread');
    await office.closeAdapter();
    await expect.poll(() => Date.now() - Date.parse(timeOf(question.id)), { timeout: 10_000 }).toBeGreaterThan(5_500);
    discord.setPermissions(general, 'bot', { deny: ['ReadMessageHistory'] });
    const said: unknown[] = [];
    const log = pino({ base: {} }, { write: (line: string) => said.push(JSON.parse(line)) });
    await office.openAdapter({ log });
    const caughtUp = expect.objectContaining({ msg: 'caught up' });
    await expect.poll(() => said, { timeout: 20_000 }).toContainEqual(caughtUp);
    discord.setPermissions(general, 'bot', { allow: ['ReadMessageHistory'] });
    worker.letGo();
    await office.said(question, 'answer to still there?');
  });

  it('is asked once after connections were lost, sessions forgotten, and the gateway asked for new ones', async () => {
    const { discord } = office;
    await office.said(office.ask('before'), 'answer to before');
    const questions = [];
    for (const disturb of [
      () => discord.dropSockets(),
      () => discord.invalidateSessions(false),
      () => discord.requestReconnect(),
      () => discord.closeSockets(4000),
    ]) {
      disturb();
      discord.forgetSessions();
      questions.push(office.ask(`number ${questions.length}?`));
    }
    for (const [number, question] of questions.entries()) {
      await office.said(question, `answer to number ${number}?`);
      expect(office.sayings(question)).toHaveLength(1);
    }
    expect((await office.store.loop.status()).questions).toMatchObject({ answered: 5, open: 0 });
  });

  it('is asked before what comes after it, also in direct messages that nobody has written before', async () => {
    const { discord, ann, store } = office;
    const readUpTo = () => store.desk.readUpTo('discord', discord.guild.id, EVENTS_PLACE);
    await expect.poll(readUpTo, { timeout: 5_000 }).toBeDefined();
    await office.closeAdapter();
    discord.forgetSessions();
    const direct = discord.directMessages(ann);
    discord.say(direct, ann, 'first');
    discord.say(direct, ann, 'second');
    await office.openAdapter();
    await office.said(discord.say(direct, ann, 'third'), 'answer to third');
    await office.idle();
    const told = discord
      .saidIn(direct)
      .flatMap((message) => /answer to (\w+)/.exec(discord.textOf(message))?.[1] ?? []);
    expect(told).toEqual(['first', 'second', 'third']);
  });

  it('counts a vote that was taken back while nobody was told', async () => {
    const { discord, ann } = office;
    const answer = await office.said(office.ask('rate me'), 'answer to rate me');
    await office.idle();
    discord.react(answer, ann, '👍');
    await expect.poll(() => office.votes(answer), { timeout: 10_000 }).toEqual({ up: 1, down: 0 });
    await office.closeAdapter();
    discord.clearReactions(answer);
    discord.forgetSessions();
    await office.openAdapter();
    await expect.poll(() => office.votes(answer), { timeout: 10_000 }).toEqual({ up: 0, down: 0 });
  });

  it('is looked for only where it can be read', async () => {
    const { discord, ann } = office;
    await office.said(office.ask('before'), 'answer to before');
    await office.idle();
    const hidden = discord.addChannel('hidden');
    const mute = discord.addChannel('mute');
    const voice = discord.addChannel('voice', { type: ChannelType.GuildVoice });
    const open = discord.addChannel('open', { type: ChannelType.GuildVoice });
    discord.setPermissions(hidden, 'bot', { deny: ['ViewChannel'] });
    discord.setPermissions(mute, 'everyone', { deny: ['ReadMessageHistory'] });
    discord.setPermissions(voice, 'bot', { deny: ['Connect'] });
    await office.closeAdapter();
    discord.forgetSessions();
    for (const channel of [hidden, mute, voice]) discord.say(channel, ann, 'not for the bot');
    const question = office.ask('missed?', { channel: open });
    await office.openAdapter();
    await office.said(question, 'answer to missed?');
    await office.idle();
    const read = new Set(
      discord.journal.callsOf('GET /channels/:channel/messages').map(({ params }) => params.channel),
    );
    for (const { id } of [hidden, mute, voice]) expect(read).not.toContain(id);
    expect(discord.complaints()).toEqual([]);
  });
});
