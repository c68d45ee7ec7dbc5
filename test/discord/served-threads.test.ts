import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { createApi } from '../../adapters/discord/api.ts';
import { closeRest, openRest } from '../../adapters/discord/calls.ts';
import { createDirectory } from '../../adapters/discord/directory.ts';
import type { Channel, Message } from './fake/types.ts';
import { settings, useOffice } from './office.ts';

const office = useOffice();

/** How often a channel was looked up. */
const lookUps = ({ id }: Channel): number =>
  office.discord.journal.callsOf('GET /channels/:channel').filter(({ params }) => params.channel === id).length;

describe('where only some channels are served', { timeout: 60_000 }, () => {
  let answer: Message;
  let thread: Channel;
  const openServed = (more = {}) =>
    office.openAdapter({ settings: { ...settings, channels: [office.general.id] }, ...more });

  beforeEach(async () => {
    await openServed();
    const question = office.ask('rate me');
    answer = await office.said(question, 'answer to rate me');
    await office.idle();
    await office.closeAdapter();
    office.discord.forgetSessions();
    if (question.thread === undefined) throw new Error('no thread');
    thread = question.thread;
  });

  it('a button in a thread that was told of nowhere counts by what is told with the press', async () => {
    office.discord.archive(thread);
    await openServed();
    const before = lookUps(thread);
    await office.press(answer, '👍');
    await expect.poll(() => office.votes(answer), { timeout: 10_000 }).toEqual({ up: 1, down: 0 });
    expect(lookUps(thread)).toBe(before);
  });

  it('the threads of a channel that is shown again are known', async () => {
    const { discord, general, ann } = office;
    discord.setPermissions(general, 'bot', { deny: ['ViewChannel'] });
    const said: unknown[] = [];
    const log = pino({ base: {} }, { write: (line: string) => said.push(JSON.parse(line)) });
    await openServed({ log });
    const caughtUp = expect.objectContaining({ msg: 'caught up' });
    await expect.poll(() => said, { timeout: 20_000 }).toContainEqual(caughtUp);
    discord.setPermissions(general, 'bot', { allow: ['ViewChannel'] });
    const before = lookUps(thread);
    discord.react(answer, ann, '👎');
    await expect.poll(() => office.votes(answer), { timeout: 10_000 }).toEqual({ up: 0, down: 1 });
    expect(lookUps(thread)).toBe(before);
  });
});

describe('the directory of channels', () => {
  it('asks once for what it is not shown, until it is told of it or a minute has passed', async () => {
    const { discord, general, store } = office;
    discord.setPermissions(general, 'bot', { deny: ['ViewChannel'] });
    let now = 0;
    const timers = { now: () => now, after: () => () => undefined };
    const rest = openRest(discord.token, discord.apiUrl);
    const { signal } = new AbortController();
    const directory = createDirectory({ api: createApi(rest), desk: store.desk, timers, signal, served: null });
    expect(await directory.look(general.id)).toBeUndefined();
    now += 59_000;
    expect(await directory.look(general.id)).toBeUndefined();
    expect(lookUps(general)).toBe(1);
    now += 2_000;
    expect(await directory.look(general.id)).toBeUndefined();
    expect(lookUps(general)).toBe(2);
    discord.setPermissions(general, 'bot', { allow: ['ViewChannel'] });
    const shown = await directory.channel(general.id);
    expect(await directory.look(general.id)).toBe(shown);
    expect(lookUps(general)).toBe(3);
    closeRest(rest);
  });
});
