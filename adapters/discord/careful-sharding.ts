import { setImmediate as immediate } from 'node:timers/promises';
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

/**
 * All connections in this process. Each leaves out what it cannot read: the package would end with the process. And once they are to
 * end, none begins again: the package ends a connection that waits to be taken up again by leaving it to that.
 */
export class CarefulSharding extends SimpleShardingStrategy {
  #isOver = false;

  override async spawn(shardIds: number[]): Promise<void> {
    await super.spawn(shardIds);
    for (const shard of this.#shards()) readWithCare(shard);
  }

  override async connect(): Promise<void> {
    if (!this.#isOver) await super.connect();
  }

  /** Ends every connection, also those that are not there yet, for good. */
  async end(): Promise<void> {
    this.#isOver = true;
    const shards = this.#shards();
    for (const shard of shards) Reflect.set(shard, 'internalConnect', async () => undefined);
    for (const shard of shards) waitForNothing(shard);
    await this.destroy({ reason: 'The end' });
    // One that was about to be made is there by then.
    await immediate();
    for (const shard of shards) breakOff(Reflect.get(shard, 'connection'));
  }

  #shards(): object[] {
    const shards: unknown = Reflect.get(this, 'shards');
    if (!(shards instanceof Map)) throw new TypeError('@discordjs/ws keeps its connections elsewhere than it did');
    return [...shards.values()];
  }
}

/** What is waited for while connecting would be given up by a second end, which leaves the first one waiting for ever. */
function waitForNothing(shard: object): void {
  const waits: unknown = Reflect.get(shard, 'timeoutAbortControllers');
  if (!(waits instanceof Map)) throw new TypeError('@discordjs/ws keeps what it waits for elsewhere than it did');
  waits.clear();
}

/** A connection that is still being made is not ended by the package. */
function breakOff(socket: unknown): void {
  if (typeof socket !== 'object' || socket === null) return;
  const terminate: unknown = Reflect.get(socket, 'terminate');
  if (typeof terminate !== 'function') return;
  // It says so by an error.
  Reflect.set(socket, 'onerror', () => undefined);
  Reflect.apply(terminate, socket, []);
}

function readWithCare(shard: object): void {
  const unpack: unknown = Reflect.get(shard, 'unpackMessage');
  if (typeof unpack !== 'function') throw new TypeError('@discordjs/ws reads messages otherwise than it did');
  Reflect.set(shard, 'unpackMessage', async (...given: unknown[]) => {
    const frame: unknown = await Reflect.apply(unpack, shard, given);
    return isReadable(frame) ? frame : null;
  });
}
