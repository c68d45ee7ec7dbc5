import type { GatewayDispatchEvents } from 'discord.js';
import type { Channel, Guild, Json, Message } from './types.ts';
import type { World } from './world.ts';

/** Something of which the gateway tells. */
export interface Dispatch {
  readonly t: `${GatewayDispatchEvents}`;
  /** Its data; one that depends on who looks is a function of whether the app may read all content. */
  readonly d: Json | ((mayRead: boolean) => Json);
  /** The intent in a guild and that in direct messages; none is needed where undefined. */
  readonly intents: readonly [guild: number, direct: number] | undefined;
  /** Where it happened: only a bot that sees the channel is told. */
  readonly channel?: Channel | undefined;
  readonly guild?: Guild | undefined;
  readonly message?: Message | undefined;
}

/** What routes and people's acts work with. */
export interface Desk {
  readonly world: World;
  /** Where the gateway listens. */
  readonly gatewayUrl: () => string;
  /** How many sessions have been begun. */
  readonly sessionsBegun: () => number;
  /** How many shards Discord recommends. */
  readonly shards: number;
  /** Tells the app of something if its intents want it; returns at once. */
  emit(dispatch: Dispatch): void;
  /** Whether there is a session, connected or not, that could get an event. */
  hasSession(): boolean;
  /** In which the app has to answer an interaction. */
  readonly ackMs: number;
  /** For how long an interaction's token is good. */
  readonly tokenMs: number;
  /** Notes what Discord would let pass, but a good bot does not do. */
  warn(what: string): void;
  /** Tells whoever waits that something is different. */
  changed(): void;
}
