import {
  type ChannelType,
  MessageFlags,
  type REST,
  type RESTPostAPIChannelMessageJSONBody,
  type RouteLike,
  Routes,
} from 'discord.js';
import { z } from 'zod';
import { discreetly, readAgain } from './calls.ts';
import * as payloads from './parse/payloads.ts';
import type { DiscordMessage } from './render/message.ts';

/** Most that one call gives of messages and of people. */
export const PAGE = 100;

const created = z.object({ id: payloads.id, channel_id: payloads.id });
export type Created = z.infer<typeof created>;

const named = z.object({ id: payloads.id });

/** Some messages of a channel, in an order that does not matter. */
export interface Messages {
  /** Those that can be read. */
  readonly messages: readonly payloads.Message[];
  /** Of all. */
  readonly ids: readonly string[];
  /** They are as many as one call gives: there may be more. */
  readonly isFull: boolean;
}

const memberOf = z.object({ roles: z.array(payloads.id) });
const roleOf = z.object({ id: payloads.id, permissions: z.string() });
const overwriteOf = z.object({ id: payloads.id, allow: z.string(), deny: z.string() });
export type Role = z.infer<typeof roleOf>;
export type Overwrite = z.infer<typeof overwriteOf>;

/** A channel of a server that is no thread. */
export interface ServerChannel {
  readonly channel: payloads.Channel;
  readonly type: ChannelType;
  /** What may be done in it otherwise than in the server. */
  readonly overwrites: readonly Overwrite[];
}

const settingsOf = z.object({ type: z.number().int(), permission_overwrites: z.array(overwriteOf).nullish() });

function serverChannelIn(given: unknown): ServerChannel[] {
  const channel = payloads.channel.safeParse(given).data;
  const settings = settingsOf.safeParse(given).data;
  if (channel === undefined || settings === undefined) return [];
  return [{ channel, type: settings.type, overwrites: settings.permission_overwrites ?? [] }];
}

const archived = z.object({ thread_metadata: z.object({ archive_timestamp: z.string() }) });

/** Archived threads of a channel: public ones, all private ones, or those private ones that the bot is in. */
export type ArchivedKind = 'public' | 'private' | 'joined';

export interface ArchivedThread {
  readonly thread: payloads.Channel;
  /** When it was archived, as Discord writes it. */
  readonly at: string;
}

function archivedThreadIn(given: unknown): ArchivedThread[] {
  const thread = payloads.channel.safeParse(given).data;
  const at = archived.safeParse(given).data?.thread_metadata.archive_timestamp;
  return thread === undefined || at === undefined ? [] : [{ thread, at }];
}

const application = z.object({ id: payloads.id, flags: z.number().int().nullish() });
export type Application = z.infer<typeof application>;

const gatewayOf = z.object({ url: z.string(), session_start_limit: z.object({ remaining: z.number() }) });

/** What an interaction is answered with. */
export interface InteractionAnswer {
  readonly type: number;
  readonly data?: unknown;
}

/** A new message: what it shows, and where. */
export interface NewMessage {
  readonly message: DiscordMessage;
  /** Sent again within some minutes with the same one, it is not posted again; 25 characters at most. */
  readonly nonce?: string;
  /** The message that it replies to, if that is still there. */
  readonly replyTo?: string;
}

function bodyOf({ message, nonce, replyTo }: NewMessage): RESTPostAPIChannelMessageJSONBody {
  return {
    ...message,
    ...(nonce !== undefined && { nonce, enforce_nonce: true }),
    ...(replyTo !== undefined && { message_reference: { message_id: replyTo, fail_if_not_exists: false } }),
  };
}

/** Discord's calls that are used, with what they give checked. Each throws what `rest` throws, and ZodError for what is malformed. */
export function createApi(client: Pick<REST, 'get' | 'post' | 'put' | 'patch' | 'delete'>) {
  const rest: typeof client = {
    get: (...given) => readAgain(() => discreetly(() => client.get(...given))),
    post: (...given) => discreetly(() => client.post(...given)),
    put: (...given) => discreetly(() => client.put(...given)),
    patch: (...given) => discreetly(() => client.patch(...given)),
    delete: (...given) => discreetly(() => client.delete(...given)),
  };
  const get = (route: RouteLike, query: Readonly<Record<string, string>> = {}): Promise<unknown> =>
    rest.get(route, { query: new URLSearchParams(query) });

  return {
    self: async () => payloads.user.parse(await get(Routes.user())),
    application: async () => application.parse(await get(Routes.currentApplication())),
    gateway: async () => gatewayOf.parse(await get(Routes.gatewayBot())),
    /** The servers that the bot is in, by id. */
    async guilds(): Promise<string[]> {
      const found: string[] = [];
      for (let after = '0'; ; ) {
        const page = await get(Routes.userGuilds(), { limit: '200', after });
        const ids = z.array(named).parse(page);
        found.push(...ids.map((one) => one.id));
        after = ids.at(-1)?.id ?? after;
        if (ids.length < 200) return found;
      }
    },
    guild: async (id: string) => payloads.guild.parse(await get(Routes.guild(id))),
    /** The channels of a server that are no threads, hidden ones included. */
    async channels(guild: string): Promise<ServerChannel[]> {
      const found = z.array(z.unknown()).parse(await get(Routes.guildChannels(guild)));
      return found.flatMap(serverChannelIn);
    },
    /** The threads of a server that are not archived. */
    async activeThreads(guild: string): Promise<payloads.Channel[]> {
      const { threads } = z.object({ threads: z.unknown() }).parse(await get(Routes.guildActiveThreads(guild)));
      return channelsIn(threads);
    },
    /**
     * Up to 100 archived threads of a channel, those archived last first; those that the bot is in by id, the last first.
     * @param before of the one where the list before ended: when it was archived; of those that the bot is in, its id
     */
    async archivedThreads(
      channel: string,
      kind: ArchivedKind,
      before?: string,
    ): Promise<{ readonly found: readonly ArchivedThread[]; readonly hasMore: boolean }> {
      const route =
        kind === 'joined' ? Routes.channelJoinedArchivedThreads(channel) : Routes.channelThreads(channel, kind);
      const said = await get(route, { limit: String(PAGE), ...(before !== undefined && { before }) });
      const { threads, has_more } = z.object({ threads: z.array(z.unknown()), has_more: z.boolean() }).parse(said);
      return { found: threads.flatMap(archivedThreadIn), hasMore: has_more };
    },
    channel: async (id: string) => payloads.channel.parse(await get(Routes.channel(id))),
    async overwrites(channel: string): Promise<readonly Overwrite[]> {
      const found = z.object({ permission_overwrites: z.array(overwriteOf).nullish() });
      return found.parse(await get(Routes.channel(channel))).permission_overwrites ?? [];
    },
    roles: async (guild: string): Promise<readonly Role[]> =>
      z.array(roleOf).parse(await get(Routes.guildRoles(guild))),
    member: async (guild: string, person: string) => memberOf.parse(await get(Routes.guildMember(guild, person))),
    /** Up to 100 messages of a channel after one. */
    async messagesAfter(channel: string, after: string): Promise<Messages> {
      const query = { after, limit: String(PAGE) };
      const found = z.array(z.unknown()).parse(await get(Routes.channelMessages(channel), query));
      return {
        messages: found.flatMap((one) => payloads.message.safeParse(one).data ?? []),
        ids: found.flatMap((one) => named.safeParse(one).data?.id ?? []),
        isFull: found.length >= PAGE,
      };
    },
    message: async (channel: string, id: string) =>
      payloads.message.parse(await get(Routes.channelMessage(channel, id))),
    async post(channel: string, post: NewMessage): Promise<Created> {
      return created.parse(await rest.post(Routes.channelMessages(channel), { body: bodyOf(post) }));
    },
    /** @param isStale true once it is not to be sent any more, although its turn has come */
    async edit(channel: string, id: string, message: DiscordMessage, isStale = () => false): Promise<void> {
      await rest.patch(Routes.channelMessage(channel, id), { body: message, signal: unlessStale(isStale) });
    },
    async remove(channel: string, id: string): Promise<void> {
      await rest.delete(Routes.channelMessage(channel, id));
    },
    /** Begins a thread under a message; it has the message's id. */
    async startThread(channel: string, message: string, name: string): Promise<void> {
      await rest.post(Routes.threads(channel, message), { body: { name } });
    },
    /** Opens an archived thread again. */
    async reopen(thread: string): Promise<void> {
      await rest.patch(Routes.channel(thread), { body: { archived: false } });
    },
    async typing(channel: string): Promise<void> {
      await rest.post(Routes.channelTyping(channel));
    },
    async react(channel: string, message: string, emoji: string): Promise<void> {
      await rest.put(Routes.channelMessageOwnReaction(channel, message, encodeURIComponent(emoji)));
    },
    /** Who reacted with an emoji, as they sort by id. @param emoji itself, or `name:id` @param type 1: with a super reaction */
    async reactedWith(
      { channel, id }: { readonly channel: string; readonly id: string },
      emoji: string,
      { type, after, limit }: { readonly type: 0 | 1; readonly after: string; readonly limit: number },
    ): Promise<readonly payloads.User[]> {
      const route = Routes.channelMessageReaction(channel, id, encodeURIComponent(emoji));
      const found = await get(route, { after, limit: String(limit), type: String(type) });
      return z.array(payloads.user).parse(found);
    },
    /** The channel of the direct messages of the bot and somebody. */
    async openDirect(person: string): Promise<payloads.Channel> {
      return payloads.channel.parse(await rest.post(Routes.userChannels(), { body: { recipient_id: person } }));
    },
    /** Answers an interaction, which is to be within three seconds. @returns the message that the answer is, where it is one */
    async respond(interaction: { id: string; token: string }, answer: InteractionAnswer): Promise<Created | undefined> {
      const route = Routes.interactionCallback(interaction.id, interaction.token);
      const query = new URLSearchParams({ with_response: 'true' });
      const said = await rest.post(route, { body: answer, query, auth: false });
      const found = z.object({ resource: z.object({ message: created.nullish() }).nullish() }).safeParse(said).data;
      return found?.resource?.message ?? undefined;
    },
    /** The message that the first answer to an interaction is. */
    response: async (app: string, token: string) =>
      created.parse(await rest.get(Routes.webhookMessage(app, token), { auth: false })),
    /** Says something more about an interaction, for a quarter of an hour. */
    async followUp(app: string, token: string, body: DiscordMessage): Promise<void> {
      await rest.post(Routes.webhook(app, token), { body, auth: false });
    },
    /** Changes the first answer to an interaction, for a quarter of an hour. */
    async editResponse(app: string, token: string, body: DiscordMessage): Promise<Created> {
      // Whom it is shown to was said with the first answer.
      const flags = (body.flags ?? 0) & ~MessageFlags.Ephemeral;
      return created.parse(
        await rest.patch(Routes.webhookMessage(app, token), { body: { ...body, flags }, auth: false }),
      );
    },
    /** Takes the first answer to an interaction back, for a quarter of an hour. */
    async removeResponse(app: string, token: string): Promise<void> {
      await rest.delete(Routes.webhookMessage(app, token), { auth: false });
    },
    /** Puts these commands in the place of all that the app has. */
    async setCommands(app: string, commands: readonly unknown[]): Promise<void> {
      await rest.put(Routes.applicationCommands(app), { body: commands });
    },
  };
}
export type DiscordApi = ReturnType<typeof createApi>;

/** Is looked at whenever the call has its turn, and does not break off what was sent: that may be done all the same, at any time. */
const unlessStale = (isStale: () => boolean): AbortSignal =>
  Object.defineProperty(new AbortController().signal, 'aborted', { get: isStale });

const channelsIn = (list: unknown): payloads.Channel[] =>
  z
    .array(z.unknown())
    .parse(list)
    .flatMap((one) => payloads.channel.safeParse(one).data ?? []);
