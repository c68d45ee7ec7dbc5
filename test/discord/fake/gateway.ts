import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { GatewayCloseCodes as Close, GatewayIntentBits, GatewayOpcodes as Op } from 'discord.js';
import { type WebSocket, WebSocketServer } from 'ws';
import { Closing, membersShape, readIdentify, readPayload, readResume, readyShape } from './handshake.ts';
import { LIMITS } from './limits.ts';
import { type Line, type Session, type Sessions, shardOf } from './sessions.ts';
import { fullGuildShape } from './shapes.ts';
import type { Json } from './types.ts';
import type { World } from './world.ts';

export interface GatewayFaults {
  /** After every nth dispatch the connection that got it breaks; 0 for never. */
  readonly dropEvery: () => number;
  /** Milliseconds by which what is sent is late. */
  readonly delayMs: () => number;
  readonly acksHeartbeats: () => boolean;
  readonly refusesSockets: () => boolean;
  /** Whether the next identify or resume is told that its session is invalid, and whether it may resume all the same. */
  readonly takeInvalidSession: () => { readonly isResumable: boolean } | undefined;
}

export interface GatewayOptions {
  readonly world: World;
  readonly sessions: Sessions;
  readonly heartbeatMs: number;
  readonly url: () => string;
  readonly faults: GatewayFaults;
  readonly warn: (what: string) => void;
  readonly onChange: () => void;
}

interface Connection extends Line {
  readonly socket: WebSocket;
  session: Session | undefined;
  /** The number of the last event that the client has, as its last heartbeat said. */
  heardSeq: number | null;
  lastBeat: number;
  /** When the client sent something. */
  readonly sentAt: number[];
}

const plain = (op: Op, d: unknown = null): Json => ({ op, d, s: null, t: null });

/** Discord's gateway: it says hello on every connection, which then begins a session or resumes one. */
export function createGateway({ world, sessions, heartbeatMs, url, faults, warn, onChange }: GatewayOptions) {
  const server = new WebSocketServer({ noServer: true });
  const connections = new Set<Connection>();
  /** Dispatches since connections are to break. */
  let dispatched = 0;
  let beats = 0;

  function write(socket: WebSocket, payload: Json | undefined): void {
    if (payload === undefined || socket.readyState !== socket.OPEN) return;
    socket.send(JSON.stringify(payload));
    if (payload.op !== Op.Dispatch) return;
    const every = faults.dropEvery();
    dispatched = every > 0 ? dispatched + 1 : 0;
    if (every > 0 && dispatched % every === 0) socket.terminate();
  }

  function open(socket: WebSocket): Connection {
    const late: Json[] = [];
    return {
      socket,
      session: undefined,
      heardSeq: null,
      lastBeat: Date.now(),
      sentAt: [],
      send(payload) {
        const delay = faults.delayMs();
        if (delay === 0 && late.length === 0) write(socket, payload);
        else {
          // Late, but in order: each timer sends whatever is first.
          late.push(payload);
          setTimeout(() => write(socket, late.shift()), delay);
        }
      },
    };
  }

  function attach(connection: Connection, session: Session): void {
    const former = session.line;
    session.line = connection;
    session.endedAt = undefined;
    connection.session = session;
    for (const other of connections)
      if (other === former && other !== connection) {
        other.session = undefined;
        other.socket.close(Close.SessionTimedOut, 'Session resumed elsewhere.');
      }
  }

  const detach = (session: Session) => {
    session.line = undefined;
    session.endedAt = Date.now();
  };

  function identify(connection: Connection, d: unknown): void {
    if (connection.session !== undefined) throw new Closing(Close.AlreadyAuthenticated, 'Already authenticated.');
    const { intents, shard } = readIdentify(world, d);
    const invalid = faults.takeInvalidSession();
    if (invalid !== undefined) {
      connection.send(plain(Op.InvalidSession, invalid.isResumable));
      return;
    }
    const session = sessions.begin(intents, shard, connection);
    attach(connection, session);
    const guilds = [...world.guilds.values()].filter(
      ({ id, members }) => members.has(world.app.bot.id) && shardOf(id, shard[1]) === shard[0],
    );
    sessions.dispatch(session, 'READY', readyShape(world, session, guilds, url()));
    if ((intents & GatewayIntentBits.Guilds) !== 0)
      for (const guild of guilds) sessions.dispatch(session, 'GUILD_CREATE', fullGuildShape(world, guild));
  }

  function resume(connection: Connection, d: unknown): void {
    const { sessionId, seq } = readResume(world, d);
    const session = sessions.find(sessionId);
    const invalid = faults.takeInvalidSession() ?? (session === undefined ? { isResumable: false } : undefined);
    if (invalid !== undefined && session !== undefined && !invalid.isResumable) sessions.forget(session);
    if (invalid !== undefined || session === undefined) {
      connection.send(plain(Op.InvalidSession, invalid?.isResumable ?? false));
      return;
    }
    if (seq > session.sent.length) throw new Closing(Close.InvalidSeq, 'Invalid seq.');
    attach(connection, session);
    for (const payload of session.sent.slice(seq)) connection.send(payload);
    sessions.dispatch(session, 'RESUMED', { _trace: ['fake'] });
  }

  function obey(connection: Connection, text: string): void {
    const now = Date.now();
    const { commands, windowMs } = LIMITS.gateway;
    const { op, d } = readPayload(text);
    // Heartbeats may be asked for at any time; they do not count here.
    if (op !== Op.Heartbeat) connection.sentAt.push(now);
    if (connection.sentAt.filter((at) => at > now - windowMs).length > commands)
      throw new Closing(Close.RateLimited, 'You are being rate limited.');
    if (op === Op.Heartbeat) {
      beats += 1;
      connection.lastBeat = now;
      connection.heardSeq = typeof d === 'number' ? d : null;
      if (faults.acksHeartbeats()) connection.send(plain(Op.HeartbeatAck));
    } else if (op === Op.Identify) identify(connection, d);
    else if (op === Op.Resume) resume(connection, d);
    else if (connection.session === undefined) throw new Closing(Close.NotAuthenticated, 'Not authenticated.');
    else if (op === Op.RequestGuildMembers)
      sessions.dispatch(connection.session, 'GUILD_MEMBERS_CHUNK', membersShape(world, connection.session, d));
    else if (op !== Op.PresenceUpdate) throw new Closing(Close.UnknownOpcode, 'Unknown opcode.');
  }

  function onText(connection: Connection, text: string): void {
    try {
      obey(connection, text);
    } catch (error) {
      if (!(error instanceof Closing)) throw error;
      warn(`the gateway closed a connection: ${error.code} ${error.message}`);
      connection.socket.close(error.code, error.message);
    }
    onChange();
  }

  /** A session outlives its connection, unless the client said that it will not come back. */
  function onClose(connection: Connection, code: number): void {
    connections.delete(connection);
    const { session } = connection;
    if (session !== undefined && session.line === connection) {
      detach(session);
      if (code === 1_000 || code === 1_001) sessions.forget(session);
    }
    onChange();
  }

  function welcome(socket: WebSocket): void {
    const connection = open(socket);
    connections.add(connection);
    // Who sends no heartbeat for two of its intervals is gone.
    const watch = setInterval(() => {
      if (Date.now() - connection.lastBeat > 2 * heartbeatMs) socket.close(Close.SessionTimedOut, 'Session timed out.');
    }, heartbeatMs);
    watch.unref();
    socket.on('message', (data: Buffer) => onText(connection, data.toString('utf8')));
    socket.on('error', () => socket.terminate());
    socket.on('close', (code: number) => {
      clearInterval(watch);
      onClose(connection, code);
    });
    connection.send(plain(Op.Hello, { heartbeat_interval: heartbeatMs }));
    onChange();
  }

  return {
    accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
      if (faults.refusesSockets()) {
        socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
        return;
      }
      const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const isPlain = (searchParams.get('encoding') ?? 'json') === 'json' && !searchParams.has('compress');
        if (searchParams.get('v') !== '10') webSocket.close(Close.InvalidAPIVersion, 'Invalid API version.');
        else if (!isPlain) webSocket.close(Close.DecodeError, 'This gateway speaks plain JSON only.');
        else welcome(webSocket);
      });
    },
    /** Connections with a session. */
    get connections() {
      return [...connections].filter(({ session }) => session !== undefined).length;
    },
    /** All connections, also those that have no session yet. */
    get sockets() {
      return connections.size;
    },
    /** Whether every connected app has said that it has got every event. */
    hasHeardAll: () =>
      [...connections].every(({ session, heardSeq }) => session === undefined || heardSeq === session.sent.length),
    /** How many heartbeats have come. */
    beats: () => beats,
    /** Asks every connected app for a heartbeat, which says what it has got. */
    askForHeartbeats(): void {
      for (const { socket, session } of connections) if (session !== undefined) write(socket, plain(Op.Heartbeat));
    },
    /** Sends a frame as it is, whatever it is. */
    sendFrame(frame: Json): void {
      for (const { socket } of connections) write(socket, frame);
    },
    /** Breaks every connection without a word; the sessions can be resumed. */
    drop(): void {
      for (const { socket } of [...connections]) socket.terminate();
    },
    /** Closes every connection with a code. */
    closeWith(code: number, reason = ''): void {
      for (const { socket } of [...connections]) socket.close(code, reason);
    },
    /** Asks every app to reconnect and resume, as Discord does from time to time. */
    reconnect(): void {
      for (const connection of connections) connection.send(plain(Op.Reconnect));
    },
    /** Tells every app that its session is invalid; one that may not be resumed is forgotten. */
    invalidate(isResumable: boolean): void {
      for (const connection of connections) {
        const { session } = connection;
        connection.session = undefined;
        if (session !== undefined) detach(session);
        if (session !== undefined && !isResumable) sessions.forget(session);
        connection.send(plain(Op.InvalidSession, isResumable));
      }
    },
    close(): void {
      for (const { socket } of [...connections]) socket.terminate();
      server.close();
    },
  };
}
export type Gateway = ReturnType<typeof createGateway>;
