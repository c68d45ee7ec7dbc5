import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { systemTimers } from '../../adapters/delivery/timers.ts';
import { openConnection } from '../../adapters/slack/app.ts';
import { eventually } from '../db/chat-office.ts';
import { quiet } from '../db/test-store.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A Slack that has something to tell at once: it comes with the greeting, in one piece. */
async function eagerSlack(): Promise<string> {
  const sockets = new WebSocketServer({ noServer: true });
  const server = createServer((_, response) => {
    const { port } = server.address() as AddressInfo;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ok: true, url: `ws://127.0.0.1:${port}/socket` }));
  });
  server.on('upgrade', (request, socket: Duplex, head) =>
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const event = { type: 'message', channel: 'C1', text: 'q2', ts: '1.2' };
      socket.cork();
      webSocket.send(JSON.stringify({ type: 'hello', num_connections: 1 }));
      webSocket.send(
        JSON.stringify({ type: 'events_api', envelope_id: 'e1', payload: { type: 'event_callback', event } }),
      );
      socket.uncork();
    }),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  closing.push(async () => {
    for (const one of sockets.clients) one.terminate();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
}

it('knows that it is connected before it takes the first event, so that this waits for what was missed', async () => {
  const seen: string[] = [];
  const connection = openConnection({
    connection: { mode: 'socket', botToken: 'xoxb-1', appToken: 'xapp-1' },
    apiUrl: await eagerSlack(),
    intake: { take: async () => void seen.push('event'), settled: async () => undefined },
    installationStore: {
      storeInstallation: async () => undefined,
      fetchInstallation: async () => Promise.reject(new Error('none')),
    },
    requestLog: (sdk) => sdk,
    log: quiet,
    timers: systemTimers,
    onConnected: () => void seen.push('connected'),
    onDisconnected: () => undefined,
  });
  closing.push(() => connection.close());
  await connection.start();
  await eventually(() => expect(seen).toContain('event'));
  expect(seen).toEqual(['connected', 'event']);
});
