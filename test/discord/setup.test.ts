import { readFile } from 'node:fs/promises';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { EVENTS_PLACE } from '../../adapters/delivery/read-position.ts';
import { needed, neededPermissions } from '../../adapters/discord/permissions.ts';
import { callerOf } from './fake/caller.ts';
import { settings, useOffice } from './office.ts';

const PATCH = 'PATCH /channels/:channel/messages/:message';

describe('without Message Content Intent', { timeout: 60_000 }, () => {
  const office = useOffice({ app: { privileged: { messageContent: false } } });

  it('answers mentions and direct messages, and leaves alone what it cannot read', async () => {
    const { discord, ann, store } = office;
    await office.openAdapter();
    const question = office.ask('one');
    await office.said(question, 'answer to one');
    const { thread } = question;
    if (thread === undefined) throw new Error('no thread');
    discord.say(thread, ann, 'unreadable');
    await office.said(office.ask('two', { channel: thread }), 'answer to two');
    await office.said(discord.say(discord.directMessages(ann), ann, 'three'), 'answer to three');
    await office.idle();
    expect((await store.loop.status()).questions.answered).toBe(3);
    expect(discord.saidIn(discord.directMessages(ann))).toHaveLength(1);
    expect(discord.complaints()).toEqual([]);
  });
});

describe('with several shards', { timeout: 60_000 }, () => {
  const office = useOffice({ shards: 3 });

  it('answers in every server', async () => {
    const { discord, store } = office;
    const places = [1, 2, 3, 4].map((number) => {
      const of = discord.addGuild(`Server ${number}`);
      return { of, channel: discord.addChannel('general', { of }), by: discord.addUser(`user ${number}`, { of }) };
    });
    await office.openAdapter();
    const isReady = ({ t }: { readonly t: string }) => t === 'READY';
    await discord.waitFor(() => discord.journal.events.filter(isReady).length === 3, 'three sessions', 20_000);
    await discord.heard();
    for (const { channel, by } of places) office.ask('here?', { channel, by });
    await expect.poll(async () => (await store.loop.status()).questions.open, { timeout: 10_000 }).toBe(places.length);
  });
});

describe('with interactions that soon end', { timeout: 60_000 }, () => {
  const office = useOffice({ tokenMs: 300 });

  it('answers a command after its token has ended', async () => {
    const { discord, general, ann, worker } = office;
    await office.openAdapter();
    worker.hold();
    const { message } = await discord.command(general, ann, 'ask', { question: 'slowly?' });
    if (message === undefined) throw new Error('not asked');
    await office.said(message, 'calculator');
    await expect
      .poll(() => Date.now() - (message.interaction?.at ?? Number.POSITIVE_INFINITY), { timeout: 5_000 })
      .toBeGreaterThan(400);
    worker.letGo();
    await office.said(message, 'answer to slowly?');
    expect(discord.complaints()).toEqual([]);
  });
});

describe('in Discord', { timeout: 60_000 }, () => {
  const office = useOffice();

  it('shows the person that a vote by button failed that could not be stored', async () => {
    const { discord, ann, store } = office;
    const rate = () => Promise.reject(new Error('the database is gone'));
    await office.openAdapter({ loop: { ...store.loop, rate } });
    const answer = await office.said(office.ask('rate me'), 'answer to rate me');
    await office.press(answer, '👍');
    await discord.waitFor(
      () => discord.ephemeralsOf(ann).find((message) => discord.textOf(message).includes('That did not work')),
      'a failure',
    );
    expect(await office.votes(answer)).toEqual({ up: 0, down: 0 });
  });

  it('edits a message no oftener than every 1.2 s', async () => {
    const { discord, worker } = office;
    await office.openAdapter();
    worker.hold();
    const question = office.ask('many turns');
    await office.said(question, 'calculator');
    for (let turns = 2; turns <= 9; turns += 1) {
      worker.takeTurns(turns);
      await discord.heard();
    }
    await office.said(question, 'Turn 9');
    worker.takeTurns(10);
    await office.said(question, 'Turn 10');
    worker.letGo();
    await office.said(question, 'answer to many turns');
    const edits = discord.journal.callsOf(PATCH);
    expect(edits.length).toBeGreaterThan(2);
    const gaps = edits.slice(1).map(({ at }, index) => at - (edits[index]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_150);
  });

  it('shows no progress over an answer that another process has posted meanwhile', async () => {
    const { discord, worker, store } = office;
    const told: string[] = [];
    const log = pino({ level: 'debug' }, { write: (line: string) => void told.push(line) });
    const deliver: typeof store.desk.deliver = (_platform, _post, { signal }) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
    await office.openAdapter({ desk: { ...store.desk, deliver }, log });
    worker.hold();
    const question = office.ask('who is quicker?');
    const shown = await office.said(question, 'calculator');
    const refused = () => discord.journal.callsOf(PATCH).filter(({ status }) => status === 429).length;
    discord.failNext(PATCH, { retryAfterSeconds: 4 });
    worker.takeTurns(2);
    await discord.waitFor(() => refused() > 0, 'an edit that has to wait');
    worker.letGo();
    await callerOf(discord)('PATCH', `/channels/${shown.channel.id}/messages/${shown.id}`, { content: 'the answer' });
    const isOver = () => told.some((line) => line.includes('could not be shown'));
    await expect.poll(() => isOver() || discord.textOf(shown) !== 'the answer', { timeout: 10_000 }).toBe(true);
    expect(discord.textOf(shown)).toBe('the answer');
  });

  it('answers whoever left a server directly as one of another, and nobody who is in none', async () => {
    const { discord, ann, store } = office;
    const other = discord.addGuild('Other');
    await office.openAdapter();
    const direct = discord.directMessages(ann);
    await office.said(discord.say(direct, ann, 'at home?'), 'answer to at home?');
    await office.idle();
    discord.join(other, ann);
    discord.leave(discord.guild, ann);
    await office.restart();
    discord.say(direct, ann, 'elsewhere?');
    await expect.poll(() => store.desk.openQuestions('discord', other.id), { timeout: 10_000 }).toHaveLength(1);
    discord.leave(other, ann);
    await office.restart();
    const { message } = await discord.command(direct, ann, 'ask', { question: 'nowhere?' });
    if (message === undefined) throw new Error('nothing was told');
    await expect.poll(() => discord.textOf(message)).toContain('You are in no server in which I work');
    expect((await store.loop.status()).questions).toMatchObject({ answered: 1, open: 1 });
  });

  it('asks what was shown by command when a process was lost before it asked', async () => {
    const { discord, general, ann, store } = office;
    const lost = () => new Promise<never>(() => undefined);
    const adapter = await office.openAdapter({ loop: { ...store.loop, ask: lost } });
    const readUpTo = () => store.desk.readUpTo('discord', discord.guild.id, EVENTS_PLACE);
    await expect.poll(readUpTo, { timeout: 5_000 }).toBeDefined();
    const { message } = await discord.command(general, ann, 'ask', { question: 'lost?' });
    if (message === undefined) throw new Error('not shown');
    void adapter.close();
    office.adapter = undefined;
    discord.forgetSessions();
    await office.openAdapter();
    await office.said(message, 'answer to lost?');
  });

  it('answers only channels that are served, with their threads', async () => {
    const { discord, general, ann, store } = office;
    const other = discord.addChannel('other');
    await office.openAdapter({ settings: { ...settings, channels: [general.id] } });
    office.ask('not here', { channel: other });
    const question = office.ask('here');
    await office.said(question, 'answer to here');
    if (question.thread === undefined) throw new Error('no thread');
    await office.said(discord.say(question.thread, ann, 'and here'), 'answer to and here');
    expect((await store.loop.status()).questions).toMatchObject({ answered: 2, open: 0 });
  });

  it('counts votes in threads of channels that are served, also in one that it was not told of', async () => {
    const { discord, general, ann } = office;
    const served = { settings: { ...settings, channels: [general.id] } };
    await office.openAdapter(served);
    const question = office.ask('rated later?');
    const answer = await office.said(question, 'answer to rated later?');
    await office.idle();
    await office.closeAdapter();
    if (question.thread === undefined) throw new Error('no thread');
    discord.archive(question.thread);
    discord.forgetSessions();
    await office.openAdapter(served);
    discord.react(answer, ann, '👎');
    await expect.poll(() => office.votes(answer), { timeout: 10_000 }).toEqual({ up: 0, down: 1 });
  });
});

it('the invitation in the docs asks for what is needed, and each permission is explained', async () => {
  const docs = await readFile(new URL('../../docs/discord.md', import.meta.url), 'utf8');
  expect(docs).toContain(`permissions=${neededPermissions}\``);
  for (const { name, bit } of needed) expect(docs).toContain(`| ${name} | ${bit} |`);
});
