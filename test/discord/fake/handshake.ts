import { GatewayCloseCodes as Close, GatewayIntentBits as Intent } from 'discord.js';
import { z } from 'zod';
import { LIMITS } from './limits.ts';
import type { Session } from './sessions.ts';
import { fullMemberShape, userShape } from './shapes.ts';
import type { Guild, Json } from './types.ts';
import type { App, World } from './world.ts';

/** Why the gateway ends a connection. */
export class Closing extends Error {
  override readonly name = 'Closing';
  readonly code: Close;

  constructor(code: Close, reason: string) {
    super(reason);
    this.code = code;
  }
}

const payload = z.object({ op: z.int(), d: z.unknown() });
const identify = z.object({
  token: z.string(),
  properties: z.record(z.string(), z.unknown()),
  intents: z.int().nonnegative(),
  shard: z.tuple([z.int().nonnegative(), z.int().positive()]).optional(),
});
const resume = z.object({ token: z.string(), session_id: z.string(), seq: z.int().nonnegative() });

const membersWanted = z.object({
  guild_id: z.string(),
  query: z.string().optional(),
  user_ids: z.union([z.string(), z.array(z.string()).max(100)]).optional(),
  limit: z.int().nonnegative().optional(),
  nonce: z.string().max(32).optional(),
});

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const { success, data } = schema.safeParse(value);
  if (!success) throw new Closing(Close.DecodeError, 'Error while decoding payload.');
  return data;
}

/** What a client sent; throws a Closing for what is no payload. */
export function readPayload(text: string): z.infer<typeof payload> {
  if (Buffer.byteLength(text) > LIMITS.gateway.bytes) throw new Closing(Close.DecodeError, 'Payload too large.');
  try {
    return parse(payload, JSON.parse(text));
  } catch (cause) {
    if (cause instanceof Closing) throw cause;
    throw new Closing(Close.DecodeError, 'Error while decoding payload.');
  }
}

const ALL_INTENTS = Object.values(Intent).reduce<number>((all, bit) => (typeof bit === 'number' ? all | bit : all), 0);

const forbiddenIntents = ({ messageContent, guildMembers, presence }: App['privileged']): number =>
  (messageContent ? 0 : Intent.MessageContent) |
  (guildMembers ? 0 : Intent.GuildMembers) |
  (presence ? 0 : Intent.GuildPresences);

function checkToken(world: World, token: string): void {
  if (token !== world.app.token) throw new Closing(Close.AuthenticationFailed, 'Authentication failed.');
}

/** With what a client wants to begin a session; throws a Closing for what it may not have. */
export function readIdentify(world: World, d: unknown): Pick<Session, 'intents' | 'shard'> {
  const { token, intents, shard = [0, 1] } = parse(identify, d);
  checkToken(world, token);
  if (shard[0] >= shard[1]) throw new Closing(Close.InvalidShard, 'Invalid shard.');
  if ((intents & ~ALL_INTENTS) !== 0) throw new Closing(Close.InvalidIntents, 'Invalid intent(s).');
  if ((intents & forbiddenIntents(world.app.privileged)) !== 0)
    throw new Closing(Close.DisallowedIntents, 'Disallowed intent(s).');
  return { intents, shard };
}

export function readResume(world: World, d: unknown): { readonly sessionId: string; readonly seq: number } {
  const { token, session_id: sessionId, seq } = parse(resume, d);
  checkToken(world, token);
  return { sessionId, seq };
}

/** What a client is told that asks for members by id; for all of them it needs the privileged intent. */
export function membersShape(world: World, { intents }: Session, d: unknown): Json {
  const { guild_id: guildId, query, user_ids: wanted = [], nonce, limit = 0 } = parse(membersWanted, d);
  const members = world.guilds.get(guildId)?.members;
  if (query !== undefined && wanted.length === 0 && (intents & Intent.GuildMembers) === 0)
    throw new Closing(Close.DisallowedIntents, 'Disallowed intent(s).');
  const ids = typeof wanted === 'string' ? [wanted] : wanted;
  const all =
    query === undefined ? [] : [...(members?.values() ?? [])].filter(({ user }) => user.name.startsWith(query));
  const named = ids.map((id) => members?.get(id)).filter((member) => member !== undefined);
  const found = [...named, ...(limit === 0 ? all : all.slice(0, limit))];
  return {
    guild_id: guildId,
    members: found.map(fullMemberShape),
    chunk_index: 0,
    chunk_count: 1,
    not_found: ids.filter((id) => !members?.has(id)),
    ...(nonce === undefined ? {} : { nonce }),
  };
}

/** Which privileged intents an app of few guilds has, as its flags say. */
export const applicationFlags = ({ app: { privileged } }: World): number =>
  (privileged.presence ? 1 << 13 : 0) |
  (privileged.guildMembers ? 1 << 15 : 0) |
  (privileged.messageContent ? 1 << 19 : 0);

export const readyShape = (world: World, { id, shard }: Session, guilds: readonly Guild[], url: string): Json => ({
  v: 10,
  user: { ...userShape(world.app.bot), verified: true, mfa_enabled: false, email: null, flags: 0 },
  user_settings: {},
  relationships: [],
  private_channels: [],
  guilds: guilds.map((guild) => ({ id: guild.id, unavailable: true })),
  session_id: id,
  resume_gateway_url: url,
  shard,
  application: { id: world.app.id, flags: applicationFlags(world) },
});
