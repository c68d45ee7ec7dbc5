import { ChannelType } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { EVENTS_PLACE } from '../../adapters/delivery/read-position.ts';
import { idAt } from '../../adapters/discord/keys.ts';
import { useOffice } from './office.ts';

const office = useOffice();

describe('what Discord did not tell, in threads that were archived meanwhile', { timeout: 60_000 }, () => {
  it('is asked in every channel after more than an hour, before that where something was asked lately', async () => {
    const { discord, ann, general, store } = office;
    const forum = discord.addChannel('help', { type: ChannelType.GuildForum });
    const listed = () =>
      discord.journal.callsOf('GET /channels/:channel/threads/archived/public').map(({ params }) => params.channel);
    const twoHoursAgo = idAt(Date.now() - 2 * 3_600_000);
    await store.desk.setReadUpTo('discord', discord.guild.id, EVENTS_PLACE, twoHoursAgo);
    const post = discord.createPost(forum, ann, 'How?', `${discord.mention()} how?`);
    discord.archive(post.channel);
    await office.openAdapter();
    await office.said(post, 'answer to how?');
    expect(new Set(listed())).toEqual(new Set([general.id, forum.id]));
    await office.idle();
    await office.closeAdapter();
    discord.forgetSessions();
    const before = listed().length;
    const again = office.ask('and now?', { channel: post.channel });
    discord.archive(post.channel);
    await office.openAdapter();
    await office.said(again, 'answer to and now?');
    expect(listed().slice(before)).toEqual([forum.id]);
  });

  it('is asked there, private ones included', async () => {
    await office.openAdapter();
    const { discord, ann, general } = office;
    const first = office.ask('before');
    await office.said(first, 'answer to before');
    const { thread } = first;
    if (thread === undefined) throw new Error('no thread');
    const inside = discord.startThread(general, ann, 'inside', { isPrivate: true });
    discord.invite(inside, discord.bot);
    const old = discord.startThread(general, ann, 'old');
    discord.archive(old);
    await office.idle();
    await office.closeAdapter();
    discord.forgetSessions();
    const questions = [thread, inside].map((channel) => office.ask(`in ${channel.id}?`, { channel }));
    for (const archived of [thread, inside]) discord.archive(archived);
    await office.openAdapter();
    for (const question of questions) await office.said(question, `answer to in ${question.channel.id}?`);
    expect([thread, inside, old].map((one) => one.thread?.isArchived)).toEqual([false, false, true]);
    expect(discord.complaints().filter((complaint) => !complaint.includes('50083'))).toEqual([]);
  });

  it('is asked in all private ones where the bot may manage threads, however many there are', async () => {
    await office.openAdapter();
    const { discord, ann, general } = office;
    await office.said(office.ask('before'), 'answer to before');
    await office.idle();
    discord.setPermissions(general, 'bot', { allow: ['ManageThreads'] });
    await office.closeAdapter();
    discord.forgetSessions();
    const outside = discord.startThread(general, ann, 'outside', { isPrivate: true });
    const question = office.ask('from outside?', { channel: outside });
    discord.archive(outside);
    const archivedAt = Date.now();
    await expect.poll(() => Date.now(), { interval: 1 }).toBeGreaterThan(archivedAt);
    for (let index = 0; index < 105; index += 1)
      discord.archive(discord.startThread(general, ann, `idle ${index}`, { isPrivate: true }));
    await office.openAdapter();
    await office.said(question, 'answer to from outside?');
  });
});
