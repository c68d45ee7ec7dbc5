import { PermissionFlagsBits as Bits } from 'discord.js';
import type { DiscordContext } from '../context.ts';
import type { Press } from '../parse.ts';
import { isServed } from '../questions.ts';

/** Whether what a person does is heeded. @throws what cannot be known just now */
export const isWelcome = (press: Press, discord: DiscordContext): Promise<boolean> =>
  isServed(press.workspace, press, discord);

const MANAGES = Bits.ManageGuild | Bits.Administrator;

/** Whether a person may change what answers everybody: those who may manage the server, and listed people and roles. @throws what the calls throw */
export async function isAdmin(
  { workspace, person, isDirect, mayManage, roles }: Press,
  { settings, permissions }: DiscordContext,
): Promise<boolean> {
  const { admins } = settings;
  if (mayManage || admins.includes(person.key)) return true;
  // With what is done directly, Discord tells of no roles.
  const held = isDirect ? await permissions.rolesOf(workspace, person.key) : roles;
  if (held.some((role) => admins.includes(role))) return true;
  return isDirect && ((await permissions.inGuild(workspace, person.key)) & MANAGES) !== 0n;
}
