import { type Client, Events } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callerOf, many } from './caller.ts';
import { clientOf } from './client.ts';
import { createFakeDiscord, type FakeDiscord, type FakeDiscordOptions } from './fake-discord.ts';
import type { Channel, User } from './types.ts';

let discord: FakeDiscord;
let ann: User;
let general: Channel;
const clients: Client[] = [];

const POST = 'POST /channels/:channel/messages';

async function start(options: FakeDiscordOptions = {}): Promise<void> {
  await discord?.close();
  discord = await createFakeDiscord(options);
  ann = discord.addUser('ann');
  general = discord.addChannel('general');
}

async function channelOf() {
  const client = await clientOf(discord);
  clients.push(client);
  const channel = await client.channels.fetch(general.id);
  if (!channel?.isSendable()) throw new Error('no channel');
  return { client, channel };
}

beforeEach(() => start());
afterEach(async () => {
  for (const client of clients.splice(0)) await client.destroy();
  await discord.close();
});

const post = (content = 'x') => callerOf(discord)('POST', `/channels/${general.id}/messages`, { content });
const contents = () => discord.saidIn(general).map(({ content }) => content);

describe('faults of the fake', () => {
  it('fail a call before or after it was done, which discord.js tries again', async () => {
    const { channel } = await channelOf();
    discord.failNext(POST, { status: 503 });
    await channel.send('before');
    discord.failNext(POST, { status: 502, afterwards: true });
    await channel.send('after');
    discord.failNext(POST, { status: 502, afterwards: true });
    await channel.send({ content: 'once', nonce: '1', enforceNonce: true });
    expect(contents()).toEqual(['before', 'after', 'after', 'once']);
    expect(discord.journal.callsOf(POST).map(({ isInjected }) => isInjected)).toEqual([
      true,
      false,
      true,
      false,
      true,
      false,
    ]);
    expect(discord.complaints()).toEqual([]);
  });

  it('answer with an error of Discord’s, or break the connection', async () => {
    discord.failNext(POST, { code: 50013 });
    expect(await post()).toMatchObject({ status: 403, body: { code: 50013, message: 'Missing Permissions' } });
    discord.failNext(POST, { hangUp: true, afterwards: true });
    await expect(post('silence')).rejects.toThrow();
    expect(contents()).toEqual(['silence']);
    expect(discord.journal.refusals()).toEqual([]);
  });

  it('answer 429, which discord.js waits out', async () => {
    const { channel } = await channelOf();
    discord.failNext(POST, { retryAfterSeconds: 0.05 }, 2);
    await channel.send('at last');
    expect(contents()).toEqual(['at last']);
    expect(discord.journal.callsOf(POST).map(({ status }) => status)).toEqual([429, 429, 200]);
  });

  it('tell of every nth event twice', async () => {
    const { client } = await channelOf();
    const heard: string[] = [];
    client.on(Events.Raw, ({ t, d }: { t: string; d: { content?: string } }) => {
      if (t === 'MESSAGE_CREATE') heard.push(String(d.content));
    });
    discord.setFaults({ duplicateEvery: 2 });
    for (const i of [1, 2, 3, 4]) discord.say(general, ann, `${i}`);
    await discord.heard();
    expect(heard).toEqual(['1', '2', '2', '3', '4', '4']);
  });

  it('break a connection after every nth event, of which nothing is lost in the end', async () => {
    const { client } = await channelOf();
    const heard: string[] = [];
    client.on(Events.MessageCreate, ({ content }) => heard.push(content));
    discord.setFaults({ dropSocketEvery: 2 });
    const said = many(4, (i) => discord.say(general, ann, `${i}`).content);
    await discord.waitFor(() => discord.journal.eventsOf('RESUMED').length === 1, 'the client to come back');
    discord.setFaults({});
    await discord.waitFor(
      () => discord.connections === 1 && discord.journal.eventsOf('RESUMED').length >= 2,
      'the client',
    );
    await discord.heard();
    expect(heard).toEqual(said);
  });

  it('let events be late, but in order', async () => {
    const { client } = await channelOf();
    const heard: string[] = [];
    client.on(Events.MessageCreate, ({ content }) => heard.push(content));
    discord.setFaults({ dispatchDelayMs: 30 });
    discord.say(general, ann, 'first');
    discord.setFaults({});
    discord.say(general, ann, 'second');
    expect(heard).toEqual([]);
    await expect.poll(() => heard, { timeout: 5_000 }).toEqual(['first', 'second']);
  });

  it('are the same for the same seed', async () => {
    const outcomes = async () => {
      discord.setFaults({ errorBefore: 0.3, errorAfter: 0.2, methods: { 'GET /users/@me': { errorBefore: 1 } } });
      expect((await callerOf(discord)('GET', '/users/@me')).status).toBe(503);
      for (let i = 0; i < 12; i += 1) await post(`m${i}`);
      return discord.journal.callsOf(POST).map(({ outcome }) => outcome);
    };
    await start({ rateLimits: { mode: 'off' } });
    const first = await outcomes();
    await start({ rateLimits: { mode: 'off' } });
    expect(await outcomes()).toEqual(first);
    expect(new Set(first).size).toBe(3);
  });
});

describe("the fake's rate limits", () => {
  it('refuse the sixth message within five seconds, and say when to come again', async () => {
    await start({ rateLimits: { speed: 5 } });
    const answers = [];
    for (let i = 0; i < 6; i += 1) answers.push(await post(`m${i}`));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(answers.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual(['4', '3', '2', '1', '0', '0']);
    const last = answers.at(-1);
    const retryAfter = Number(last?.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(1);
    expect(last?.body).toEqual({ message: 'You are being rate limited.', retry_after: retryAfter, global: false });
    expect(last?.headers.get('x-ratelimit-scope')).toBe('user');
    expect(discord.violations).toMatchObject([{ route: POST, bucket: 'postMessage', isDefiant: false }]);
    expect(discord.complaints()).toEqual([]);
    await post('right away');
    expect(discord.complaints()).toEqual([`${POST}: over the limit of postMessage`]);
    // Other channels and other routes have buckets of their own.
    const elsewhere = discord.addChannel('elsewhere');
    const call = callerOf(discord);
    expect((await call('POST', `/channels/${elsewhere.id}/messages`, { content: 'x' })).status).toBe(200);
    const [first] = discord.saidIn(general);
    expect((await call('PATCH', `/channels/${general.id}/messages/${first?.id}`, { content: 'y' })).status).toBe(200);
  });

  it('are kept by discord.js, which reads them off the headers', async () => {
    await start({ rateLimits: { speed: 20 } });
    const { channel } = await channelOf();
    await Promise.all(many(12, (i) => channel.send(`m${i}`)));
    expect(contents().length).toBe(12);
    expect(discord.complaints()).toEqual([]);
  });

  it('hold for all calls together', async () => {
    await start({ rateLimits: { speed: 0.1 } });
    const call = callerOf(discord);
    const answers = await Promise.all(many(51, () => call('GET', '/users/@me')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBe(1);
    expect(refused[0]?.body).toMatchObject({ global: true });
    expect(refused[0]?.headers.get('x-ratelimit-global')).toBe('true');
  });

  it('only count, or are off, if so wanted', async () => {
    await start({ rateLimits: { mode: 'count' } });
    for (let i = 0; i < 7; i += 1) expect((await post()).status).toBe(200);
    expect(discord.violations.length).toBe(2);
    await start({ rateLimits: { mode: 'off' } });
    for (let i = 0; i < 7; i += 1) expect((await post()).headers.get('x-ratelimit-limit')).toBeNull();
  });
});
