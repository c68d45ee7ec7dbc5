import { fine, type Outcome, problem, warning } from '../../../src/domain/finding.ts';
import { messageOf } from '../../../src/errors.ts';
import { unreachable, whyNoAnswer } from '../../delivery/examination.ts';
import type { DiscordApi } from '../api.ts';
import { isTokenRefused, refusalOf, refusals, tokenRefused, unlessRefused } from '../calls.ts';
import { createPermissions, missingOf, neededPermissions } from '../permissions.ts';

export interface Surroundings {
  readonly api: DiscordApi;
  /** Where calls go, for messages. */
  readonly apiUrl: string;
}

export interface Bot {
  readonly user: string;
  readonly name: string;
  readonly app: string;
  /** Of the app. */
  readonly flags: number;
}

const PORTAL = 'discord.com/developers/applications → your app';

/** The address at which somebody invites the bot to a server. */
export const invitationOf = (app: string): string =>
  `https://discord.com/oauth2/authorize?client_id=${app}&scope=bot+applications.commands&permissions=${neededPermissions}`;

/** What a failed call says about the set-up. */
function failureOf(error: unknown, apiUrl: string): Outcome {
  if (isTokenRefused(error)) {
    const { message, remedy } = tokenRefused(error);
    return problem(message, remedy);
  }
  const elsewhere = `Check the network, its proxy and firewall, and DISCORD_API_URL: ${apiUrl} is where Discord's API is looked for.`;
  if (refusalOf(error) === 429)
    return problem('Discord takes no more calls just now', 'Wait a minute and run doctor again.');
  const why = error instanceof Error ? whyNoAnswer(error) : messageOf(error);
  return problem(`what answers at ${apiUrl} does not do it as Discord's API would: ${why}`, elsewhere);
}

/** Whom the token belongs to. */
export async function bot({ api, apiUrl }: Surroundings): Promise<{ outcome: Outcome; bot?: Bot }> {
  try {
    const user = await api.self();
    const app = await api.application();
    const name = user.username ?? user.id;
    return {
      outcome: fine(`${name} (${user.id}) at ${apiUrl}`),
      bot: { user: user.id, name, app: app.id, flags: app.flags ?? 0 },
    };
  } catch (error) {
    return { outcome: failureOf(error, apiUrl) };
  }
}

/** That threads can go on without a mention, if they are to. */
export function intents(mayRead: boolean, followUps: boolean): Outcome {
  if (!followUps) return fine('nothing is read but mentions and direct messages, as DISCORD_FOLLOW_UPS=off says');
  if (mayRead) return fine('Message Content Intent is switched on');
  return warning(
    'Message Content Intent is off: in threads I have to be mentioned again',
    `Switch it on under ${PORTAL} → “Bot”, or set DISCORD_FOLLOW_UPS=off.`,
  );
}

/** That the way to the gateway is open. */
export async function gateway({ api, apiUrl }: Surroundings): Promise<Outcome> {
  let url: URL;
  let left: number;
  try {
    const found = await api.gateway();
    url = new URL(found.url);
    left = found.session_start_limit.remaining;
  } catch (error) {
    return failureOf(error, apiUrl);
  }
  const failure = await unreachable(url);
  if (failure !== undefined)
    return problem(
      `events come from ${url.host}, which cannot be reached: ${failure}`,
      `Let the machine open connections to ${url.host}.`,
    );
  if (left > 10) return fine(`${url.host} can be reached`);
  return warning(
    `only ${left} connections may be begun today`,
    'Find out why the service, or another with its token, begins so many; a new token resets nothing.',
  );
}

/** The servers that it is in, and that some of them are served. */
export async function guilds(
  { api, apiUrl }: Surroundings,
  { app, name }: Bot,
  served: readonly string[] | null,
): Promise<{ outcome: Outcome; served: readonly string[] }> {
  let ids: readonly string[];
  try {
    ids = await api.guilds();
  } catch (error) {
    return { outcome: failureOf(error, apiUrl), served: [] };
  }
  const invitation = `Open ${invitationOf(app)} and choose the server.`;
  if (ids.length === 0) return { outcome: problem(`${name} is in no server`, invitation), served: [] };
  const missing = (served ?? []).filter((id) => !ids.includes(id));
  if (missing.length > 0)
    return {
      outcome: problem(`${name} is not in ${missing.join(', ')} of DISCORD_GUILDS`, invitation),
      served: ids.filter((id) => served?.includes(id)),
    };
  const all = served === null ? ids : ids.filter((id) => served.includes(id));
  return { outcome: fine(`${all.length} of ${ids.length} are served: ${all.slice(0, 10).join(', ')}`), served: all };
}

/** That its roles let it do in a server what it needs. */
export async function permissionsIn(
  { api, apiUrl }: Surroundings,
  { user, app }: Bot,
  guild: string,
): Promise<Outcome> {
  try {
    const { name } = await api.guild(guild);
    const missing = missingOf(await createPermissions(api).inGuild(guild, user));
    const where = `${name ?? ''} (${guild})`;
    if (missing.length === 0) return fine(`all are granted in ${where}`);
    return problem(
      `missing in ${where}: ${missing.map(({ name: one, purpose }) => `${one} (to ${purpose})`).join('; ')}`,
      `Give them to its role under Server Settings → “Roles”, or invite it again: ${invitationOf(app)}`,
    );
  } catch (error) {
    return failureOf(error, apiUrl);
  }
}

/** That those who administer are there, and that one of them can be told directly what is missing: whom a role has, Discord does not tell. */
export async function admins(
  { api, apiUrl }: Surroundings,
  served: readonly string[],
  ids: readonly string[],
): Promise<Outcome> {
  const roles: string[] = [];
  const people: string[] = [];
  try {
    for (const guild of served) {
      const known = (await api.roles(guild)).map(({ id }) => id);
      roles.push(...ids.filter((id) => known.includes(id)));
      for (const id of ids.filter((one) => !roles.includes(one) && !people.includes(one)))
        if ((await unlessRefused(() => api.member(guild, id))) !== undefined) people.push(id);
    }
  } catch (error) {
    return failureOf(error, apiUrl);
  }
  const strange = ids.filter((id) => !roles.includes(id) && !people.includes(id));
  if (strange.length > 0)
    return warning(
      `${strange.join(', ')} of DISCORD_ADMINS is no role and nobody of a server that is served`,
      'Copy the id of a role, or of a person, from its menu (Developer Mode shows it).',
    );
  if (people.length > 0)
    return fine(`DISCORD_ADMINS names ${people.length} people and ${ids.length - people.length} roles`);
  return warning(
    'DISCORD_ADMINS names roles alone: which permission is missing is told directly to the owner of the server, and to nobody of a role',
    'Add the id of a person who is to be told, too.',
  );
}

/** That it can answer in a channel. */
export async function channel(
  { api, apiUrl }: Surroundings,
  { user }: Bot,
  id: string,
  variable: string,
): Promise<Outcome> {
  try {
    const found = await api.channel(id);
    if (found.guild === null) return problem(`${id} of ${variable} is no channel of a server`, `Correct ${variable}.`);
    if (variable === 'DISCORD_REPORT_CHANNEL' && !found.takesMessages)
      return problem(`${id} of ${variable} takes no messages`, `Name a text channel, or a thread, in ${variable}.`);
    const missing = missingOf(await createPermissions(api).inChannel(found.guild, found.parent ?? id, user));
    if (missing.length === 0) return fine(`${id} of ${variable}`);
    return problem(
      `missing in channel ${id} of ${variable}: ${missing.map(({ name }) => name).join(', ')}`,
      'Give them to its role in the channel’s settings → “Permissions”.',
    );
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal !== refusals.unknownChannel && refusal !== refusals.missingAccess) return failureOf(error, apiUrl);
    return problem(
      `the bot sees no channel ${id}, which ${variable} names`,
      'Copy the id from the channel’s menu (Developer Mode shows it), and let the bot’s role view the channel.',
    );
  }
}
