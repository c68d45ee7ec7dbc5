import { SimpleShardingStrategy } from '@discordjs/ws';
import { GatewayDispatchEvents, GatewayOpcodes } from 'discord.js';
import { z } from 'zod';

const webSocket = z.string().refine((text) => URL.canParse(text) && /^wss?:$/.test(new URL(text).protocol));

/** What the package takes for granted of what it reads itself; all else is looked at by those who handle it. */
const readable = [
  z.object({
    op: z.literal(GatewayOpcodes.Dispatch),
    t: z.literal(GatewayDispatchEvents.Ready),
    s: z.number(),
    d: z.object({ session_id: z.string().min(1), resume_gateway_url: webSocket }).loose(),
  }),
  z.object({
    op: z.literal(GatewayOpcodes.Hello),
    d: z.object({ heartbeat_interval: z.number().min(50).max(3_600_000) }),
  }),
  z.object({ op: z.literal(GatewayOpcodes.InvalidSession), d: z.boolean() }),
] as const;

const fits = (frame: unknown): boolean => readable.some((form) => form.safeParse(frame).success);
const frameOf = z.object({ op: z.number(), t: z.unknown().optional(), s: z.unknown().optional() });

/** Whether a connection can go on with what came. */
export function isReadable(given: unknown): boolean {
  const frame = frameOf.safeParse(given).data;
  if (frame === undefined) return false;
  const { op, t, s } = frame;
  if (op === GatewayOpcodes.Hello || op === GatewayOpcodes.InvalidSession) return fits(given);
  if (op !== GatewayOpcodes.Dispatch) return true;
  if (typeof t !== 'string' || !Number.isSafeInteger(s)) return false;
  return t !== GatewayDispatchEvents.Ready || fits(given);
}

/** All connections in this process, each of which leaves out what it cannot read: the package would end with the process. */
export class CarefulSharding extends SimpleShardingStrategy {
  override async spawn(shardIds: number[]): Promise<void> {
    await super.spawn(shardIds);
    const shards: unknown = Reflect.get(this, 'shards');
    if (!(shards instanceof Map)) throw new TypeError('@discordjs/ws keeps its connections elsewhere than it did');
    for (const shard of shards.values()) readWithCare(shard);
  }
}

function readWithCare(shard: object): void {
  const unpack: unknown = Reflect.get(shard, 'unpackMessage');
  if (typeof unpack !== 'function') throw new TypeError('@discordjs/ws reads messages otherwise than it did');
  Reflect.set(shard, 'unpackMessage', async (...given: unknown[]) => {
    const frame: unknown = await Reflect.apply(unpack, shard, given);
    return isReadable(frame) ? frame : null;
  });
}
