import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Acknowledgement, EnvelopeKind, Retry, Transport } from './delivery.ts';
import { LIMITS } from './limits.ts';
import type { Json } from './types.ts';

const PING_MS = 10_000;
const GOING_AWAY = 1_001;

const replySchema = z.looseObject({ envelope_id: z.string(), payload: z.unknown().optional() });

export interface SocketModeOptions {
  readonly appId: string;
  readonly ackMs: () => number;
  /** A connection is dropped after every nth envelope that was sent; 0 for never. */
  readonly dropEvery: () => number;
  readonly onChange: () => void;
}

interface Connection {
  readonly socket: WebSocket;
  /** By envelope id: envelopes that wait for their acknowledgement. */
  readonly waiting: Map<string, (acknowledgement: Acknowledgement) => void>;
  isRetiring: boolean;
}

const refused = (reason: string, mayRetry: boolean): Acknowledgement => ({
  isAcked: false,
  response: undefined,
  reason,
  mayRetry,
});

/** The server of Socket Mode: every envelope goes to one of the open connections; with none open it is lost. */
export function createSocketMode(options: SocketModeOptions) {
  const tickets = new Set<string>();
  const connections = new Set<Connection>();
  const server = new WebSocketServer({ noServer: true, clientTracking: false });
  let sent = 0;

  const open = () => [...connections].filter(({ isRetiring }) => !isRetiring);

  function greet({ socket }: Connection): void {
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: connections.size,
        connection_info: { app_id: options.appId },
        debug_info: { host: 'applink-fake', build_number: 1, approximate_connection_time: 18_060 },
      }),
    );
    socket.ping();
  }

  function onReply(connection: Connection, text: string): void {
    const { envelope_id, payload } = replySchema.parse(JSON.parse(text));
    connection.waiting.get(envelope_id)?.({ isAcked: true, response: payload, reason: '', mayRetry: false });
  }

  const transport: Transport = {
    retryDelay: () => 0,
    send(kind: EnvelopeKind, payload: Json, retry: Retry | undefined): Promise<Acknowledgement> {
      const ready = open();
      const connection = ready[sent % Math.max(1, ready.length)];
      if (connection === undefined) return Promise.resolve(refused('not_connected', false));
      sent += 1;
      const envelopeId = randomUUID();
      connection.socket.send(
        JSON.stringify({
          envelope_id: envelopeId,
          type: kind,
          accepts_response_payload: kind !== 'events_api',
          payload,
          ...(kind === 'events_api' ? { retry_attempt: retry?.num ?? 0, retry_reason: retry?.reason ?? '' } : {}),
        }),
      );
      const every = options.dropEvery();
      const isDropped = every > 0 && sent % every === 0;
      return new Promise((resolve) => {
        const settle = (acknowledgement: Acknowledgement) => {
          clearTimeout(timer);
          connection.waiting.delete(envelopeId);
          resolve(acknowledgement);
        };
        const timer = setTimeout(() => settle(refused('timeout', true)), options.ackMs());
        connection.waiting.set(envelopeId, settle);
        if (isDropped) connection.socket.terminate();
      });
    },
  };

  return {
    transport,
    get connections() {
      return open().length;
    },
    /** An address for one connection; undefined when the app has as many as it may. */
    ticket(): string | undefined {
      if (connections.size >= LIMITS.sockets) return undefined;
      const ticket = randomUUID();
      tickets.add(ticket);
      return ticket;
    },
    accept(request: IncomingMessage, socket: Duplex, head: Buffer, ticket: string | null): void {
      if (ticket === null || !tickets.delete(ticket)) {
        socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const connection: Connection = { waiting: new Map(), isRetiring: false, socket: webSocket };
        const pings = setInterval(() => webSocket.ping(), PING_MS);
        pings.unref();
        webSocket.on('message', (data) => onReply(connection, String(data)));
        // A connection that breaks is closed afterwards, which is all that is to be known of it.
        webSocket.on('error', () => webSocket.terminate());
        webSocket.on('close', () => {
          clearInterval(pings);
          connections.delete(connection);
          for (const settle of [...connection.waiting.values()]) settle(refused('connection_failed', true));
          options.onChange();
        });
        connections.add(connection);
        greet(connection);
        options.onChange();
      });
    },
    /** Asks every client to reconnect, as Slack does some times a day: nothing more is sent on the old connections. */
    refresh(reason: 'warning' | 'refresh_requested' = 'refresh_requested'): void {
      for (const connection of open()) {
        connection.isRetiring = true;
        connection.socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'applink-fake' } }));
      }
    },
    /** Ends every connection in good order. */
    close(): void {
      for (const { socket } of [...connections]) socket.close(GOING_AWAY);
    },
    /** Breaks every connection without a word. */
    drop(): void {
      for (const { socket } of [...connections]) socket.terminate();
    },
  };
}
export type SocketMode = ReturnType<typeof createSocketMode>;
