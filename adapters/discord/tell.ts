import { PermissionFlagsBits } from 'discord.js';
import { messageOf } from '../../src/errors.ts';
import { refusalOf, refusals } from './calls.ts';
import type { DiscordContext, PrivatePlace } from './context.ts';
import type { MessagePlace } from './keys.ts';
import { missingOf, type NeededPermission, needed } from './permissions.ts';
import { type DiscordMessage, renderNotice } from './render.ts';

/** Tells one person something directly; what fails is logged. */
export async function tell(
  { api, directory, log }: Pick<DiscordContext, 'api' | 'directory' | 'log'>,
  { workspace, person, otherwise }: PrivatePlace,
  messages: readonly DiscordMessage[],
): Promise<void> {
  const directly = async () => {
    const channel = await api.openDirect(person);
    directory.note(channel);
    for (const message of messages) await api.post(channel.id, { message });
  };
  const openly = async ({ channel, id: replyTo }: MessagePlace) => {
    for (const message of messages) await api.post(channel, { message, replyTo });
  };
  try {
    await directly().catch((error: unknown) => {
      if (otherwise === undefined || refusalOf(error) !== refusals.cannotWriteTo) throw error;
      return openly(otherwise);
    });
  } catch (error) {
    log.warn({ workspace, cause: messageOf(error) }, 'somebody could not be told something');
  }
}

const ofPermissions: readonly number[] = [refusals.missingPermissions, refusals.missingAccess, refusals.cannotReply];
/** Once a day for each channel. */
const DAY_MS = 86_400_000;

/** The people who look after a server, as far as they are known: its owner, and those who are listed. */
async function keepers({ api, settings, permissions }: DiscordContext, guild: string): Promise<string[]> {
  const { owner_id: owner } = await api.guild(guild);
  const people: string[] = owner ? [owner] : [];
  for (const id of settings.admins) {
    const isMember = await permissions.rolesOf(guild, id).then(
      () => true,
      () => false,
    );
    if (isMember) people.push(id);
  }
  return [...new Set(people)];
}

/** Tells those who look after a server which permission the bot misses in a channel, if that is why it was refused something. */
export async function tellKeepers(
  discord: DiscordContext,
  guild: string,
  channel: string,
  error: unknown,
): Promise<void> {
  const { directory, log } = discord;
  const refusal = refusalOf(error);
  if (refusal === undefined || !ofPermissions.includes(refusal)) return;
  const where = directory.known(channel)?.parent ?? channel;
  if (!discord.isFirst(`refused ${guild} ${where} ${refusal} ${Math.floor(Date.now() / DAY_MS)}`)) return;
  const missing = await missingIn(discord, guild, where);
  const names = missing.map(({ name, purpose }) => `**${name}** (to ${purpose})`);
  log.warn({ guild, channel: where, missing: missing.map(({ name }) => name) }, 'the bot misses permissions');
  const named = names.length === 0 ? 'a permission' : names.join(', ');
  const text = `I miss ${named} in <#${where}>. Give it to my role there: channel settings → “Permissions”. Until then I answer as well as I can.`;
  for (const person of await keepers(discord, guild))
    await discord.tell({ workspace: guild, person }, renderNotice(text));
}

/** What the bot needs in a channel and does not have. */
async function missingIn(
  { permissions, own }: DiscordContext,
  guild: string,
  channel: string,
): Promise<readonly NeededPermission[]> {
  try {
    return missingOf(await permissions.inChannel(guild, channel, await own()));
  } catch (error) {
    if (refusalOf(error) === undefined) throw error;
    // What cannot be seen cannot be looked up either.
    return needed.filter(({ bit }) => bit === PermissionFlagsBits.ViewChannel);
  }
}
