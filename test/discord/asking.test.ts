import { ChannelType } from 'discord.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { settings, useOffice } from './office.ts';

const office = useOffice();

describe('asking in Discord', { timeout: 60_000 }, () => {
  beforeEach(async () => {
    await office.openAdapter({ settings: { ...settings, limits: { person: 4, workspace: 100 } } });
  });

  it('answers a mention in a thread, with progress in the same message, and counts a reaction as a vote', async () => {
    const { discord, worker, ann } = office;
    worker.hold();
    const question = office.ask('what is 2+2?');
    const progress = await office.said(question, 'calculator');
    expect(question.thread?.name).toBe('what is 2+2?');
    expect(discord.buttonsOf(progress).map(({ label }) => label)).toEqual(['Stop']);
    worker.letGo();
    const answer = await office.said(question, 'answer to what is 2+2?');
    expect(answer.id).toBe(progress.id);
    expect(office.sayings(question)).toHaveLength(1);
    await discord.waitFor(
      () => ['👍', '👎'].every((emoji) => discord.reactorsOf(answer, emoji).includes(discord.bot)),
      'reactions',
    );
    expect(await office.votes(answer)).toEqual({ up: 0, down: 0 });
    discord.react(answer, ann, '👍');
    await expect.poll(() => office.votes(answer), { timeout: 5_000 }).toEqual({ up: 1, down: 0 });
    discord.unreact(answer, ann, '👍');
    await expect.poll(() => office.votes(answer), { timeout: 5_000 }).toEqual({ up: 0, down: 0 });
    expect(discord.complaints()).toEqual([]);
  });

  it('answers what goes on in a thread without a mention, and a direct message, but not what is not for it', async () => {
    const { discord, store, general, ann } = office;
    const question = office.ask('one');
    await office.said(question, 'answer to one');
    discord.say(general, ann, 'not for you');
    const { thread } = question;
    if (thread === undefined) throw new Error('no thread');
    await office.said(discord.say(thread, ann, 'and two'), 'answer to and two');
    await office.said(discord.say(discord.directMessages(ann), ann, 'three'), 'answer to three');
    expect((await store.loop.status()).questions).toMatchObject({ answered: 3, open: 0 });
    expect(discord.complaints()).toEqual([]);
  });

  it('answers in posts of a forum, and by replies where there can be no thread', async () => {
    const { discord, ann } = office;
    const forum = discord.addChannel('help', { type: ChannelType.GuildForum });
    const asked = discord.createPost(forum, ann, 'A riddle', `${discord.mention()} what is it?`);
    await office.said(asked, 'answer to what is it?');
    const voice = discord.addChannel('voice', { type: ChannelType.GuildVoice });
    const question = office.ask('can you hear me?', { channel: voice });
    const answer = await office.said(question, 'answer to can you hear me?');
    expect(answer.reference).toBe(question);
    await office.idle();
    const next = discord.say(voice, ann, 'and now?', { replyTo: answer, pings: false });
    await office.said(next, 'answer to and now?');
    expect(discord.complaints()).toEqual([]);
  });

  it('answers a message once, however often it comes', async () => {
    const { discord, store } = office;
    discord.setFaults({ duplicateEvery: 1 });
    const question = office.ask('once?');
    await office.said(question, 'answer to once?');
    await office.idle();
    expect(office.sayings(question)).toHaveLength(1);
    expect((await store.loop.status()).questions.answered).toBe(1);
  });

  it('takes an edit before the answer for the question, and a deletion for a withdrawal', async () => {
    const { discord, store, worker } = office;
    worker.rest();
    const question = office.ask('first wording');
    await discord.heard();
    discord.edit(question, `${discord.mention()} second wording`);
    const other = office.ask('to be deleted');
    await discord.waitFor(() => other.thread !== undefined, 'a thread');
    discord.remove(other);
    await discord.heard();
    worker.letGo();
    await office.said(question, 'answer to second wording');
    await office.idle();
    expect((await store.loop.status()).questions).toMatchObject({ answered: 1, failed: 0 });
  });

  it('tells whoever changes a question too late, once and directly, that its first wording counts', async () => {
    const { discord, worker, ann } = office;
    const told = () => discord.saidIn(discord.directMessages(ann)).map(discord.textOf);
    worker.hold();
    const question = office.ask('first wording');
    await office.said(question, 'calculator');
    discord.edit(question, `${discord.mention()} second wording`);
    await discord.waitFor(() => told().length > 0, 'a word');
    expect(told()[0]).toContain('I am at work on what you wrote first');
    discord.edit(question, `${discord.mention()} third wording`);
    worker.letGo();
    await office.said(question, 'answer to first wording');
    await office.idle();
    discord.unfurl(question, 'https://example.org');
    await discord.heard();
    const other = office.ask('other');
    await office.said(other, 'answer to other');
    await office.idle();
    discord.edit(other, `${discord.mention()} other wording`);
    await discord.waitFor(() => told().length > 1, 'another word');
    expect(told()).toEqual([told()[0], expect.stringContaining('this question is over')]);
  });

  it('takes the progress of a deleted question away, and says who stopped one', async () => {
    const { discord, worker, ann } = office;
    worker.hold();
    const deleted = office.ask('to be deleted');
    const gone = await office.said(deleted, 'calculator');
    discord.remove(deleted);
    await discord.waitFor(() => gone.isDeleted, 'no progress');
    const stopped = office.ask('to be stopped');
    const progress = await office.said(stopped, 'calculator');
    await office.press(progress, 'Stop');
    await office.said(stopped, `Stopped by <@${ann.id}>`);
    await office.idle();
    expect(office.sayings(stopped)).toHaveLength(1);
    expect(discord.buttonsOf(progress)).toEqual([]);
    expect(discord.complaints()).toEqual([]);
  });

  it('divides a long answer, keeps to the order of a thread, and calls nobody', async () => {
    const { discord, worker, ann } = office;
    const lines = Array.from({ length: 400 }, (_, line) => `line ${line} @everyone`);
    worker.answerWith((text) => (text === 'long' ? lines.join('\n') : `answer to ${text}`));
    const question = office.ask('long');
    await office.said(question, 'line 399 ');
    const { thread } = question;
    if (thread === undefined) throw new Error('no thread');
    await office.said(discord.say(thread, ann, 'short'), 'answer to short');
    const texts = office.sayings(question).map(discord.textOf);
    expect(texts.length).toBeGreaterThan(3);
    expect(texts.at(-1)).toContain('answer to short');
    const whole = texts.slice(0, -1).join('\n');
    for (const line of lines) expect(whole).toContain(line);
    expect(office.sayings(question).filter(({ mentionsEveryone }) => mentionsEveryone)).toEqual([]);
    const buttons = office.sayings(question).map((message) => discord.buttonsOf(message).length);
    expect(buttons.slice(0, -2).every((count) => count === 0)).toBe(true);
    expect(buttons.at(-2)).toBe(3);
    expect(discord.complaints()).toEqual([]);
  });

  it('tells directly what is more than one may ask, and how it is used', async () => {
    const { discord, ann } = office;
    for (const text of ['a', 'b', 'c', 'd', 'e']) office.ask(text);
    const direct = discord.directMessages(ann);
    const told = (text: string) => discord.saidIn(direct).some((message) => discord.textOf(message).includes(text));
    await discord.waitFor(() => told('Please ask again'), 'a refusal');
    office.ask('');
    await discord.waitFor(() => told('How to use me'), 'help');
    await office.idle();
    expect(discord.complaints()).toEqual([]);
  });

  it('tells openly whoever takes no direct messages', async () => {
    const { discord, ann } = office;
    ann.takesDirectMessages = false;
    const empty = office.ask('');
    await discord.waitFor(
      () => discord.answersTo(empty).find((message) => discord.textOf(message).includes('How to use me')),
      'help',
    );
  });

  it('is not called by bots, and not by another server than those that are served', async () => {
    const { discord, store } = office;
    await office.closeAdapter();
    await office.openAdapter({ settings: { ...settings, workspaces: [discord.guild.id] } });
    const elsewhere = discord.addGuild('Elsewhere');
    const far = discord.addChannel('far', { of: elsewhere });
    office.ask('from afar', { channel: far, by: discord.addUser('eve', { of: elsewhere }) });
    office.ask('by a bot', { by: discord.addUser('robot', { isBot: true }) });
    await office.said(office.ask('by ann'), 'answer to by ann');
    expect((await store.loop.status()).questions).toMatchObject({ answered: 1, open: 0 });
  });
});
