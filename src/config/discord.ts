import { z } from 'zod';
import { listOf, onOff, reactionPairs, url, type ValuesOf } from './forms.ts';

export interface DiscordConfig {
  readonly token: string;
  /** Without a version; null: Discord's own. */
  readonly apiUrl: string | null;
  /** Ids of the servers that are served; null: all. */
  readonly guilds: readonly string[] | null;
  /** Ids of the channels that are served, with their threads; null: all. Direct messages always are. */
  readonly channels: readonly string[] | null;
  /** Ids of roles and people who may administer beside those who may manage the server. */
  readonly admins: readonly string[];
  /** The id of the channel that gets the report of the night; null: none does. */
  readonly reportChannel: string | null;
  /** Whether a thread that it has answered in may go on without a mention, where the app may read what is written there. */
  readonly followUps: boolean;
  /** Emoji that count as votes beside the thumbs. */
  readonly reactions: { readonly up: readonly string[]; readonly down: readonly string[] };
}

const ID = /^\d{17,20}$/;
/** The emoji itself, or the name of a server's own. */
const EMOJI = /^(up|down):[^\s:,]{1,40}$/;

export const discordVariables = {
  DISCORD_TOKEN: {
    form: z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    wants: 'Give the token of the bot, three words with dots between them, without “Bot” before it.',
    isSecret: true,
  },
  DISCORD_API_URL: {
    form: url('http:', 'https:').transform((text) => text.replace(/\/+$/, '')),
    wants: 'Write it like https://discord.com/api, without a version, or unset it.',
  },
  DISCORD_GUILDS: {
    form: listOf(ID),
    wants: 'List ids of servers, like 1234567890123456789, or unset it to serve all.',
  },
  DISCORD_CHANNELS: {
    form: listOf(ID),
    wants: 'List ids of channels, like 1234567890123456789, or unset it to serve all.',
  },
  DISCORD_ADMINS: { form: listOf(ID), wants: 'List ids of roles or people, like 1234567890123456789.' },
  DISCORD_REPORT_CHANNEL: {
    form: z.string().regex(ID),
    wants: 'Give the id of a channel, like 1234567890123456789.',
  },
  DISCORD_FOLLOW_UPS: { form: onOff, wants: 'Choose on or off.' },
  DISCORD_REACTIONS: {
    form: reactionPairs(EMOJI),
    wants: 'Write it like up:✅,down:❌, with the names of a server’s own emoji, each on one side only.',
  },
} as const;

/** null when no token is set. */
export function discordConfig(values: ValuesOf<typeof discordVariables>): DiscordConfig | null {
  const { DISCORD_TOKEN: token } = values;
  if (token === undefined) return null;
  return {
    token,
    apiUrl: values.DISCORD_API_URL ?? null,
    guilds: values.DISCORD_GUILDS ?? null,
    channels: values.DISCORD_CHANNELS ?? null,
    admins: values.DISCORD_ADMINS ?? [],
    reportChannel: values.DISCORD_REPORT_CHANNEL ?? null,
    followUps: values.DISCORD_FOLLOW_UPS ?? true,
    reactions: values.DISCORD_REACTIONS ?? { up: [], down: [] },
  };
}
