import { GatewayIntentBits, GatewayOpcodes } from 'discord.js';
import type { Dispatch } from './desk.ts';
import { sees } from './permissions.ts';
import type { Json } from './types.ts';
import type { World } from './world.ts';

/** What a session needs of its connection. */
export interface Line {
  send(payload: Json): void;
}

/** What an app has begun by identifying: its events are numbered, kept, and sent while there is a connection. */
export interface Session {
  readonly id: string;
  readonly intents: number;
  readonly shard: readonly [id: number, count: number];
  /** Dispatches in order; the nth has the number n + 1. */
  readonly sent: Json[];
  line: Line | undefined;
  /** When its connection ended, in ms; undefined while there is one. */
  endedAt: number | undefined;
}

export interface SentDispatch {
  readonly session: string;
  readonly seq: number;
  readonly t: string;
  readonly d: Json;
  /** Whether there was a connection at the time; otherwise only a resumed session gets it. */
  readonly isLive: boolean;
}

export interface SessionsOptions {
  readonly world: World;
  /** For how long a session without a connection lives, in ms. */
  readonly sessionMs: number;
  /** Every nth event is dispatched twice; 0 for none. */
  readonly duplicateEvery: () => number;
  readonly onSent: (sent: SentDispatch) => void;
}

const has = (intents: number, intent: number) => (intents & intent) === intent;

/** The shard whose events a guild's are; direct messages are the first one's. */
export const shardOf = (guildId: string | undefined, count: number) =>
  guildId === undefined ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(count));

export function createSessions({ world, sessionMs, duplicateEvery, onSent }: SessionsOptions) {
  const sessions = new Map<string, Session>();
  let begun = 0;
  /** Events since some are to be duplicated. */
  let emitted = 0;

  function prune(): void {
    for (const session of sessions.values())
      if (session.endedAt !== undefined && Date.now() - session.endedAt > sessionMs) sessions.delete(session.id);
  }

  function dispatch(session: Session, t: string, d: Json): void {
    const seq = session.sent.length + 1;
    const payload = { op: GatewayOpcodes.Dispatch, s: seq, t, d };
    session.sent.push(payload);
    onSent({ session: session.id, seq, t, d, isLive: session.line !== undefined });
    session.line?.send(payload);
  }

  function isWanted(
    { intents, shard }: Session,
    { intents: needed, channel, guild = channel?.guild }: Dispatch,
  ): boolean {
    if (shardOf(guild?.id, shard[1]) !== shard[0]) return false;
    const intent = guild === undefined ? needed?.[1] : needed?.[0];
    if (intent !== undefined && !has(intents, intent)) return false;
    return needed === undefined || channel === undefined || sees(channel, world.app.bot);
  }

  return {
    begin(intents: number, shard: Session['shard'], line: Line): Session {
      begun += 1;
      const id = `fake-session-${begun}`;
      const session: Session = { id, intents, shard, sent: [], line, endedAt: undefined };
      sessions.set(id, session);
      return session;
    },
    dispatch,
    /** Sends an event to the sessions whose intents want it. */
    emit(event: Dispatch): void {
      prune();
      const every = duplicateEvery();
      emitted = every > 0 ? emitted + 1 : 0;
      const times = every > 0 && emitted % every === 0 ? 2 : 1;
      for (const session of sessions.values()) {
        if (!isWanted(session, event)) continue;
        const mayRead = world.app.privileged.messageContent && has(session.intents, GatewayIntentBits.MessageContent);
        const d = typeof event.d === 'function' ? event.d(mayRead) : event.d;
        for (let time = 0; time < times; time += 1) dispatch(session, event.t, d);
      }
    },
    /** A session that can go on: one that is known and not too long without a connection. */
    find(id: string): Session | undefined {
      prune();
      return sessions.get(id);
    },
    forget(session: Session): void {
      sessions.delete(session.id);
    },
    forgetAll(): void {
      sessions.clear();
    },
    get all(): readonly Session[] {
      prune();
      return [...sessions.values()];
    },
    get begun() {
      return begun;
    },
  };
}
export type Sessions = ReturnType<typeof createSessions>;
