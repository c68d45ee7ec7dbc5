import { z } from 'zod';
import { type ChatConfig, chatConfig } from './chat.ts';
import { listOf, onOff, reactionPairs, url, type ValuesOf } from './forms.ts';

export interface DiscordConfig extends ChatConfig {
  readonly token: string;
  /** Without a version; null: Discord's own. */
  readonly apiUrl: string | null;
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
    ...chatConfig({
      channels: values.DISCORD_CHANNELS,
      workspaces: values.DISCORD_GUILDS,
      admins: values.DISCORD_ADMINS,
      reportChannel: values.DISCORD_REPORT_CHANNEL,
      followUps: values.DISCORD_FOLLOW_UPS,
      reactions: values.DISCORD_REACTIONS,
    }),
  };
}
