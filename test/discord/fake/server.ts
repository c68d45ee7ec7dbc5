import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Gateway } from './gateway.ts';
import type { Rest, RestAnswer } from './rest.ts';

const ROOT = '/api/v10';

function send(response: ServerResponse, { status, headers, body }: RestAnswer): void {
  response.writeHead(status, { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

/** The HTTP server of the fake: REST API and gateway. */
export function createFakeServer(parts: () => { readonly rest: Rest; readonly gateway: Gateway }) {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (!url.pathname.startsWith(`${ROOT}/`)) {
      send(response, { status: 404, headers: {}, body: { message: 'Invalid API version', code: 50041 } });
      return;
    }
    const answered = await parts().rest.answer({
      method: request.method ?? 'GET',
      path: url.pathname.slice(ROOT.length),
      query: Object.fromEntries(url.searchParams),
      authorization: request.headers.authorization,
      userAgent: request.headers['user-agent'],
      contentType: request.headers['content-type'],
      text: await text(request),
    });
    if (answered === undefined) request.socket.destroy();
    else send(response, answered);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      // A fault of the fake itself: the caller sees it, and a test fails by it.
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      send(response, { status: 500, headers: {}, body: { message, code: 0 } });
    });
  });
  server.on('upgrade', (request, socket, head) => parts().gateway.accept(request, socket, head));

  return {
    /** Listens on a free port of the loopback and gives it. */
    async listen(): Promise<number> {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return (server.address() as AddressInfo).port;
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
