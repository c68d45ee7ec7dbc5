import { ChannelType } from 'discord.js';
import { z } from 'zod';
import { isId } from '../keys.ts';

/** An id of Discord's. */
export const id = z.string().refine(isId);
const short = z.string().max(400);

export const user = z.object({
  id,
  username: short.nullish(),
  global_name: short.nullish(),
  bot: z.boolean().nullish(),
  system: z.boolean().nullish(),
});
export type User = z.infer<typeof user>;

const member = z.object({ nick: short.nullish(), roles: z.array(id).nullish(), permissions: z.string().nullish() });

const THREADS: readonly number[] = [
  ChannelType.AnnouncementThread,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
];
const isThreadType = (type: number): boolean => THREADS.includes(type);

const SILENT: readonly number[] = [
  ChannelType.GuildCategory,
  ChannelType.GuildDirectory,
  ChannelType.GuildForum,
  ChannelType.GuildMedia,
];

/** A channel of any kind, as far as it matters. */
export interface Channel {
  readonly id: string;
  /** null: direct messages. */
  readonly guild: string | null;
  /** Of a thread: the channel where it belongs. */
  readonly parent: string | null;
  /** Messages can be posted in it: it is neither a forum nor a category, say. */
  readonly takesMessages: boolean;
  /** Of its messages, threads can be begun under them. */
  readonly takesThreads: boolean;
  readonly isDirect: boolean;
  /** Who writes with the bot in direct messages; null elsewhere. */
  readonly recipient: string | null;
  /** The newest message; null where none is known. */
  readonly lastMessage: string | null;
}

export const channel = z
  .object({
    id,
    type: z.number().int(),
    guild_id: id.nullish(),
    parent_id: id.nullish(),
    last_message_id: id.nullish(),
    recipients: z.array(user).nullish(),
  })
  .transform(
    ({ id: name, type, guild_id, parent_id, last_message_id, recipients }): Channel => ({
      id: name,
      guild: guild_id ?? null,
      parent: isThreadType(type) ? (parent_id ?? null) : null,
      takesMessages: !SILENT.includes(type),
      takesThreads: type === ChannelType.GuildText || type === ChannelType.GuildAnnouncement,
      isDirect: type === ChannelType.DM,
      recipient: type === ChannelType.DM ? (recipients?.[0]?.id ?? null) : null,
      lastMessage: last_message_id ?? null,
    }),
  );

/** What a message was sent on the occasion of: a press or a command. */
const interactionMetadata = z.object({ id, type: z.number().int(), user });

const component = z.object({ custom_id: z.string().nullish() });
const row = z.object({ components: z.array(component).nullish() });

const emoji = z.object({ id: id.nullish(), name: z.string().nullish() });

/** A message as the gateway and the API send it. */
export const message = z.object({
  id,
  channel_id: id,
  guild_id: id.nullish(),
  author: user,
  content: z.string().nullish(),
  timestamp: z.string().nullish(),
  edited_timestamp: z.string().nullish(),
  type: z.number().int().nullish(),
  webhook_id: id.nullish(),
  member: member.nullish(),
  mentions: z.array(user).nullish(),
  attachments: z.array(z.unknown()).nullish(),
  message_reference: z.object({ message_id: id.nullish(), channel_id: id.nullish() }).nullish(),
  /** The one that was begun under it. */
  thread: z.object({ id }).nullish(),
  interaction_metadata: interactionMetadata.nullish(),
  components: z.array(row).nullish(),
  reactions: z
    .array(
      z.object({
        emoji,
        count: z.number().nullish(),
        count_details: z.object({ normal: z.number().nullish(), burst: z.number().nullish() }).nullish(),
        me: z.boolean().nullish(),
      }),
    )
    .nullish(),
});
export type Message = z.infer<typeof message>;

/** A change tells everything, or only what has changed. */
export const changedMessage = z.object({ id, channel_id: id, author: user.nullish() });
export const deletedMessage = z.object({ id, channel_id: id, guild_id: id.nullish() });
export const deletedMessages = z.object({ ids: z.array(id), channel_id: id, guild_id: id.nullish() });

export const reaction = z.object({
  user_id: id,
  channel_id: id,
  message_id: id,
  guild_id: id.nullish(),
  emoji,
  member: z.object({ user: user.nullish() }).nullish(),
});
export const removedReactions = z.object({
  channel_id: id,
  message_id: id,
  guild_id: id.nullish(),
  emoji: emoji.nullish(),
});

export const guild = z.object({
  id,
  name: z.string().nullish(),
  owner_id: id.nullish(),
  channels: z.array(z.unknown()).nullish(),
  threads: z.array(z.unknown()).nullish(),
  unavailable: z.boolean().nullish(),
});

/** Of a press, a form or a command, what they have in common. */
const interactionBase = z.object({
  id,
  application_id: id.nullish(),
  token: z.string().min(1),
  guild_id: id.nullish(),
  channel_id: id.nullish(),
  user: user.nullish(),
  member: member.extend({ user }).nullish(),
  app_permissions: z.string().nullish(),
});
export type InteractionBase = z.infer<typeof interactionBase>;

export const press = interactionBase.extend({
  type: z.literal(3),
  data: z.object({ custom_id: z.string() }),
  message: z.object({ id, channel_id: id }),
});

interface Option {
  readonly name: string;
  readonly value?: string | number | boolean | undefined;
  readonly options?: readonly Option[] | null | undefined;
}
const option: z.ZodType<Option> = z.object({
  name: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
  options: z.array(z.lazy(() => option)).nullish(),
});
export type CommandOption = Option;

export const command = interactionBase.extend({
  type: z.literal(2),
  data: z.object({
    name: z.string(),
    type: z.number().int().nullish(),
    target_id: id.nullish(),
    resolved: z.object({ messages: z.record(z.string(), z.unknown()).nullish() }).nullish(),
    options: z.array(option).nullish(),
  }),
});

const field = z.object({
  custom_id: z.string().nullish(),
  value: z.string().nullish(),
  values: z.array(z.string()).nullish(),
});
export type FormField = z.infer<typeof field>;

export const submission = interactionBase.extend({
  type: z.literal(5),
  data: z.object({
    custom_id: z.string(),
    components: z.array(z.object({ component: field.nullish(), components: z.array(field).nullish() })),
  }),
});
