import { type Client, Events, type Message as Heard, type GatewayIntentBits as Intent } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, INTENTS } from './client.ts';
import { createFakeDiscord, type FakeDiscord, type FakeDiscordOptions } from './fake-discord.ts';
import type { Channel, User } from './types.ts';

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
});
