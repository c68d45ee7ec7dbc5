import { InteractionResponseType as Response } from 'discord.js';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Channel, User } from './fake/types.ts';
import { useOffice } from './office.ts';

const office = useOffice();

/** What waits at it goes on once it is opened. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, through: <T>(work: () => Promise<T>) => opened.then(work) };
}

const told = (user: User, text: string) =>
  office.discord.waitFor(
    () => office.discord.ephemeralsOf(user).find((message) => office.discord.textOf(message).includes(text)),
    `"${text}"`,
  );

describe('while the database is slow, in Discord', { timeout: 60_000 }, () => {
  let direct: Channel;
  let slow: ReturnType<typeof gate>;

  beforeEach(() => {
    direct = office.discord.directMessages(office.ann);
    slow = gate();
  });

  /** An adapter that does not learn whose direct messages they are. */
  function openLost() {
    const { desk } = office.store;
    const workspacesWith: typeof desk.workspacesWith = (...given) => slow.through(() => desk.workspacesWith(...given));
    return office.openAdapter({ desk: { ...desk, workspacesWith } });
  }

  it('a command is answered in time, and what comes of it is shown in the same place', async () => {
    const { discord, ann } = office;
    await openLost();
    const { message, type, isAcked } = await discord.command(direct, ann, 'foursight status');
    expect({ isAcked, type }).toEqual({ isAcked: true, type: Response.DeferredChannelMessageWithSource });
    slow.open();
    expect(await told(ann, 'Live policy')).toBe(message);
    expect(discord.saidIn(direct)).toEqual([]);
    expect(discord.complaints()).toEqual([]);
  });

  it('a question by command is shown where its place was kept, and answered there', async () => {
    const { discord, ann } = office;
    await openLost();
    const { message } = await discord.command(direct, ann, 'ask', { question: 'are you slow?' });
    if (message === undefined) throw new Error('not deferred');
    expect(discord.textOf(message)).toBe('');
    slow.open();
    await office.said(message, 'answer to are you slow?');
    expect(discord.textOf(message)).toBe('> are you slow?');
    expect(discord.ephemeralsOf(ann)).toEqual([]);
    expect(discord.complaints()).toEqual([]);
  });

  it('why a question is not taken is told to the person alone, and its place given up', async () => {
    const { discord } = office;
    const stranger = discord.addUser('stranger');
    const place = discord.directMessages(stranger);
    discord.leave(discord.guild, stranger);
    await openLost();
    const { message } = await discord.command(place, stranger, 'ask', { question: 'who am I?' });
    slow.open();
    await told(stranger, 'You are in no server in which I work');
    expect(discord.saidIn(place)).toEqual([]);
    expect(discord.deletedIn(place)).toEqual([message]);
  });

  it('it is told when it fails in the end', async () => {
    const { ann, store } = office;
    const isAskedIn = () => slow.through(() => Promise.reject(new Error('the database is gone')));
    await office.openAdapter({ desk: { ...store.desk, isAskedIn } });
    const answer = await office.said(office.ask('rate me'), 'answer to rate me');
    const { isAcked } = await office.press(answer, 'How I got there');
    expect(isAcked).toBe(true);
    slow.open();
    await told(ann, 'That did not work');
  });

  it('a vote by button is thanked for once it is stored, and its reason may be given by another press', async () => {
    const { discord, ann, store } = office;
    const rate: typeof store.loop.rate = (vote) => slow.through(() => store.loop.rate(vote));
    await office.openAdapter({ loop: { ...store.loop, rate } });
    const answer = await office.said(office.ask('rate me'), 'answer to rate me');
    const { message, modal } = await office.press(answer, '👎');
    expect(modal).toBeUndefined();
    expect(await office.votes(answer)).toEqual({ up: 0, down: 0 });
    slow.open();
    const thanks = await told(ann, 'your 👎 is noted');
    expect(thanks).toBe(message);
    expect((await office.press(thanks, 'Say what was wrong')).modal).toBeDefined();
    expect(discord.complaints()).toEqual([]);
  });

  it('a stop leaves nothing behind that says something will come', async () => {
    const { discord, ann, store, worker } = office;
    const isAskedIn: typeof store.desk.isAskedIn = (...given) => slow.through(() => store.desk.isAskedIn(...given));
    await office.openAdapter({ desk: { ...store.desk, isAskedIn } });
    worker.hold();
    const question = office.ask('stop me');
    await office.press(await office.said(question, 'calculator'), 'Stop');
    expect(discord.ephemeralsOf(ann)).toHaveLength(1);
    slow.open();
    await office.said(question, 'Stopped by');
    await discord.waitFor(() => discord.ephemeralsOf(ann).length === 0, 'nothing to be left');
  });
});

it('where somebody is at home is looked up once for all servers, and not again at once for a stranger', async () => {
  const { discord, ann, store } = office;
  for (const number of [1, 2, 3]) discord.addGuild(`Server ${number}`);
  const stranger = discord.addUser('stranger');
  const places = [discord.directMessages(ann), discord.directMessages(stranger)] as const;
  discord.leave(discord.guild, stranger);
  const looked: string[] = [];
  const workspacesWith: typeof store.desk.workspacesWith = (platform, place) => {
    looked.push(place);
    return store.desk.workspacesWith(platform, place);
  };
  await office.openAdapter({ desk: { ...store.desk, workspacesWith } });
  for (let time = 0; time < 2; time += 1) {
    await discord.command(places[0], ann, 'foursight training');
    await discord.command(places[1], stranger, 'foursight training');
  }
  await told(ann, 'direct messages');
  await told(stranger, 'no server');
  expect(looked).toEqual([`home of ${ann.id}`, `home of ${stranger.id}`]);
}, 60_000);
