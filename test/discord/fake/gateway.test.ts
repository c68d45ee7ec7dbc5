import { Client, Events, type Message as Heard, GatewayIntentBits as Intent } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { clientOf, INTENTS } from './client.ts';
import { createFakeDiscord, type FakeDiscord, type FakeDiscordOptions } from './fake-discord.ts';
import type { Channel, Json, User } from './types.ts';

let discord: FakeDiscord;
let ann: User;
let general: Channel;
let clients: Client[];

async function start(options: FakeDiscordOptions = {}): Promise<void> {
  await discord?.close();
  discord = await createFakeDiscord(options);
  ann = discord.addUser('ann');
  general = discord.addChannel('general');
}

/** A client that keeps every message it is told of. */
async function listener(intents: readonly Intent[] = INTENTS): Promise<{ client: Client<true>; heard: Heard[] }> {
  const client = await clientOf(discord, intents);
  clients.push(client);
  const heard: Heard[] = [];
  client.on(Events.MessageCreate, (message) => heard.push(message));
  return { client, heard };
}

beforeEach(async () => {
  clients = [];
  await start();
});
afterEach(async () => {
  for (const client of clients) await client.destroy();
  await discord.close();
});

describe("the fake's gateway", () => {
  it('makes a client ready, with its guilds and their channels', async () => {
    const { client } = await listener();
    expect(client.user.id).toBe(discord.bot.id);
    expect(client.guilds.cache.map(({ name }) => name)).toEqual(['Acme']);
    const guild = client.guilds.cache.get(discord.guild.id);
    expect(guild?.channels.cache.map(({ name }) => name)).toEqual(['general']);
    expect(guild?.members.me?.permissions.has('SendMessages')).toBe(true);
  });

  it('tells of what people say, and the client answers', async () => {
    const { client, heard } = await listener();
    const question = discord.say(general, ann, `${discord.mention()} hello`);
    await discord.heard();
    expect(heard.map(({ id }) => id)).toEqual([question.id]);
    expect(heard[0]?.mentions.has(client.user.id)).toBe(true);
    await heard[0]?.reply('hello yourself');
    expect(discord.answersTo(question).map(({ content }) => content)).toEqual(['hello yourself']);
    expect(discord.complaints()).toEqual([]);
  });

  it('replays what was missed while a connection was broken', async () => {
    const { heard } = await listener();
    discord.dropSockets();
    await discord.waitFor(() => discord.connections === 0, 'the end of the connection');
    const missed = [1, 2, 3].map((i) => discord.say(general, ann, `message ${i}`));
    await discord.waitFor(() => discord.connections === 1, 'the client to come back');
    await discord.heard();
    expect(heard.map(({ id }) => id)).toEqual(missed.map(({ id }) => id));
    expect(discord.journal.eventsOf('READY').length).toBe(1);
    expect(discord.journal.eventsOf('RESUMED').length).toBe(1);
  });

  it('lets a session that is forgotten begin anew, without what was missed', async () => {
    const { heard } = await listener();
    discord.dropSockets();
    await discord.waitFor(() => discord.connections === 0, 'the end of the connection');
    discord.forgetSessions();
    discord.say(general, ann, 'nobody hears');
    await discord.waitFor(() => discord.journal.eventsOf('READY').length === 2, 'a new session', 15_000);
    await discord.heard();
    expect(heard).toEqual([]);
  });

  it('asks to reconnect, and the client resumes', async () => {
    const { heard } = await listener();
    discord.requestReconnect();
    await discord.waitFor(() => discord.journal.eventsOf('RESUMED').length === 1, 'the client to come back');
    discord.say(general, ann, 'still there?');
    await discord.heard();
    expect(heard.map(({ content }) => content)).toEqual(['still there?']);
    expect(discord.journal.eventsOf('READY').length).toBe(1);
  });

  it('calls a session invalid that may be resumed all the same', async () => {
    const { heard } = await listener();
    discord.invalidateSessions(true);
    discord.say(general, ann, 'in between');
    await discord.waitFor(() => discord.journal.eventsOf('RESUMED').length === 1, 'the client to resume');
    await discord.heard();
    expect(heard.map(({ content }) => content)).toEqual(['in between']);
  });

  it('calls a session invalid that is lost, with what happens until the next one begins', async () => {
    const { heard } = await listener();
    discord.invalidateSessions();
    discord.say(general, ann, 'nobody hears');
    await discord.waitFor(() => discord.journal.eventsOf('READY').length === 2, 'a new session', 15_000);
    discord.say(general, ann, 'hello again');
    await discord.heard();
    expect(heard.map(({ content }) => content)).toEqual(['hello again']);
  });

  it('refuses to resume when a test wants it to', async () => {
    await listener();
    discord.invalidateNext(false);
    discord.dropSockets();
    await discord.waitFor(() => discord.journal.eventsOf('READY').length === 2, 'a new session', 15_000);
    // discord.js never ends a client that is destroyed before it has heard that it is ready.
    await discord.heard();
    expect(discord.journal.eventsOf('RESUMED')).toEqual([]);
  });

  it('lets a session die that nobody resumes in time', async () => {
    await start({ sessionMs: -1 });
    await listener();
    discord.dropSockets();
    await discord.waitFor(() => discord.journal.eventsOf('READY').length === 2, 'a new session', 15_000);
    // discord.js never ends a client that is destroyed before it has heard that it is ready.
    await discord.heard();
    expect(discord.journal.eventsOf('RESUMED')).toEqual([]);
  });

  it('forgets a session whose client says that it will not come back', async () => {
    const { client } = await listener();
    await client.destroy();
    await discord.waitFor(() => discord.connections === 0, 'the end of the connection');
    discord.say(general, ann, 'nobody hears');
    expect(discord.journal.eventsOf('MESSAGE_CREATE')).toEqual([]);
  });

  it('seems to live without acknowledging heartbeats, and the client resumes elsewhere', async () => {
    await start({ heartbeatMs: 100 });
    const { heard } = await listener();
    discord.setFaults({ isZombie: true });
    await discord.waitFor(() => discord.connections === 0, 'the client to give up');
    discord.setFaults({});
    const missed = discord.say(general, ann, 'missed');
    await discord.waitFor(() => discord.journal.eventsOf('RESUMED').length > 0, 'the client to come back');
    await discord.heard();
    expect(heard.map(({ id }) => id)).toEqual([missed.id]);
  });

  it('lets nobody in during an outage, after which the client resumes', async () => {
    const { client, heard } = await listener();
    const refused = new Promise<Error>((resolve) => client.on(Events.ShardError, resolve));
    discord.setFaults({ refuseSockets: true });
    discord.dropSockets();
    expect((await refused).message).toContain('503');
    const missed = discord.say(general, ann, 'missed');
    discord.setFaults({});
    await discord.waitFor(() => discord.journal.eventsOf('RESUMED').length > 0, 'the client to come back');
    await discord.heard();
    expect(heard.map(({ id }) => id)).toEqual([missed.id]);
  });

  it('tells only of what the intents ask for', async () => {
    await listener([Intent.Guilds, Intent.GuildMessageReactions]);
    const message = discord.say(general, ann, `${discord.mention()} hello`);
    discord.react(message, ann, '👍');
    discord.say(discord.directMessages(ann), ann, 'hello');
    discord.type(general, ann);
    const told = discord.journal.events.map(({ t }) => t);
    expect(told).toEqual(['READY', 'GUILD_CREATE', 'MESSAGE_REACTION_ADD']);
  });

  it('tells each shard of its own guilds, and the first of direct messages', async () => {
    await start({ shards: 2 });
    const other = discord.addGuild('Other');
    const rooms = [general, discord.addChannel('general', { of: other })];
    discord.join(other, ann);
    const shards = await Promise.all([0, 1].map((id) => rawly({ shard: [id, 2] })));
    for (const room of rooms) discord.say(room, ann, 'hello');
    discord.say(discord.directMessages(ann), ann, 'psst');
    const shardOf = (id = '') => Number((BigInt(id) >> 22n) % 2n);
    await Promise.all(shards.map(({ socket }) => new Promise((resolve) => socket.once('pong', resolve).ping())));
    for (const [id, { got }] of shards.entries()) {
      const places = got.filter(({ t }) => t === 'MESSAGE_CREATE').map(({ d }) => d.channel_id);
      const expected = rooms.filter(({ guild }) => shardOf(guild?.id) === id).map((room) => room.id);
      expect(places).toEqual(id === 0 ? [...expected, discord.directMessages(ann).id] : expected);
    }
    for (const { socket } of shards) socket.terminate();
  });
});

describe('what the gateway closes a connection for', () => {
  it('is an intent that the app does not have, or a wrong token', async () => {
    await start({ app: { privileged: { messageContent: false } } });
    const client = new Client({ intents: INTENTS, rest: { api: discord.apiUrl } });
    clients.push(client);
    const closed = new Promise((resolve) => client.once(Events.ShardDisconnect, ({ code }) => resolve(code)));
    client.once(Events.ShardError, () => undefined);
    void client.login(discord.token).catch(() => undefined);
    expect(await closed).toBe(4014);
    const stranger = new Client({ intents: [], rest: { api: discord.apiUrl } });
    await expect(stranger.login('wrong.token.altogether')).rejects.toThrow('invalid token');
  });

  it('is a token that is not good any more', async () => {
    const { client } = await listener();
    const closed = new Promise((resolve) => client.once(Events.ShardDisconnect, ({ code }) => resolve(code)));
    client.once(Events.ShardError, () => undefined);
    discord.resetToken();
    expect(await closed).toBe(4004);
    await expect(client.users.fetch(ann.id)).rejects.toMatchObject({ status: 401 });
  });

  it.each<[string, Json | string, number]>([
    ['what is not JSON', '{', 4002],
    ['something else before it has identified', { op: 3, d: {} }, 4003],
    ['a wrong token', identify({ token: 'wrong' }), 4004],
    ['a shard too many', identify({ shard: [2, 2] }), 4010],
    ['unknown intents', identify({ intents: 2 ** 30 }), 4013],
    ['privileged intents', identify({ intents: Intent.GuildMembers }), 4014],
    ['a resume with a wrong token', { op: 6, d: { token: 'wrong', session_id: 'x', seq: 1 } }, 4004],
  ])('is %s', async (_, payload, code) => {
    const socket = new WebSocket(`${discord.gatewayUrl}/?v=10&encoding=json`);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload).replace('TOKEN', discord.token);
    socket.once('message', () => socket.send(text));
    expect(await closed).toBe(code);
    expect(discord.complaints()).toMatchObject([expect.stringContaining(String(code))]);
  });

  it('is an encoding that this one does not speak, or another version', async () => {
    const closing = (query: string) =>
      new Promise((resolve) => new WebSocket(`${discord.gatewayUrl}/?${query}`).once('close', resolve));
    expect(await closing('v=9&encoding=json')).toBe(4012);
    expect(await closing('v=10&encoding=etf')).toBe(4002);
  });
});

function identify(d: Json): Json {
  return { op: 2, d: { token: 'TOKEN', properties: {}, intents: 0, ...d } };
}

interface Got {
  readonly t: string;
  readonly d: Json;
}

/** A connection without a client, with what it got. */
async function rawly(d: Json): Promise<{ socket: WebSocket; got: Got[] }> {
  const socket = new WebSocket(`${discord.gatewayUrl}/?v=10&encoding=json`);
  const got: Got[] = [];
  const ready = new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      const payload = JSON.parse(String(data));
      if (payload.op === 10)
        socket.send(
          JSON.stringify(identify({ ...d, token: discord.token, intents: INTENTS.reduce((all, one) => all | one, 0) })),
        );
      if (payload.t === 'READY') resolve();
      got.push(payload);
    });
  });
  await ready;
  return { socket, got };
}
