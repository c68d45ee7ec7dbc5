import type { Acknowledgement, EnvelopeKind } from './delivery.ts';
import type { Json, Team } from './types.ts';
import type { World } from './world.ts';

/** What methods and people's acts work with. */
export interface Desk {
  readonly world: World;
  /** Where the fake listens, without a slash at the end. */
  readonly baseUrl: string;
  /** An address for one Socket Mode connection; undefined when the app has as many as it may. */
  socketUrl(): string | undefined;
  /** Sends an event to the app if it is subscribed to it; returns at once. */
  emit(team: Team, event: Json, isShared?: boolean): void;
  /** Sends an interaction or a command and waits for its acknowledgement. */
  interact(kind: Exclude<EnvelopeKind, 'events_api'>, payload: Json): Promise<Acknowledgement>;
  /** Tells whoever waits that something is different. */
  changed(): void;
}
