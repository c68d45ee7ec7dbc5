import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { ConfigError, messageOf } from '../errors.ts';

export interface WebServer {
  readonly url: string;
  /** Stops accepting, gives requests in flight `graceMs`, then closes their connections. */
  close(graceMs?: number): Promise<void>;
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        new ConfigError(
          taken ? 'PORT_IN_USE' : 'LISTEN_FAILED',
          taken ? `port ${port} on ${host} is in use` : `cannot listen on ${host}:${port}: ${messageOf(error)}`,
          taken
            ? 'Stop the other program, or set FOURSIGHT_HTTP_PORT to another port (0: any free one).'
            : 'Check FOURSIGHT_HTTP_HOST and FOURSIGHT_HTTP_PORT.',
          { cause: error },
        ),
      );
    });
    server.listen(port, host, resolve);
  });
}

/** Serves `app` on an address. Port 0 takes a free one. @throws ConfigError when the address cannot be used */
export async function listen(app: Hono, { host, port }: { host: string; port: number }): Promise<WebServer> {
  const server = createServer(getRequestListener(app.fetch));
  await listening(server, host, port);
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    close: (graceMs = 5_000) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
