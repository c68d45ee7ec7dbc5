import { Client, Events, GatewayIntentBits as Intent, Partials } from 'discord.js';
import type { FakeDiscord } from './fake-discord.ts';

export const INTENTS = [
  Intent.Guilds,
  Intent.GuildMessages,
  Intent.GuildMessageReactions,
  Intent.DirectMessages,
  Intent.DirectMessageReactions,
  Intent.MessageContent,
];

/** A discord.js client of the fake that is ready. */
export async function clientOf(discord: FakeDiscord, intents: readonly Intent[] = INTENTS): Promise<Client<true>> {
  const client = new Client({
    intents,
    partials: [Partials.Message, Partials.Reaction, Partials.User, Partials.Channel],
    rest: { api: discord.apiUrl },
    // Its own lets five seconds pass between two sessions.
    ws: { buildIdentifyThrottler: async () => ({ waitForIdentify: async () => undefined }) },
  });
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(discord.token);
  return ready;
}
