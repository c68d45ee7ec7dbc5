import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Desk } from './desk.ts';
import { authorize, type Installer } from './installs.ts';
import type { Journal } from './journal.ts';
import { isJson } from './messages.ts';
import { Refusal } from './refusal.ts';
import { respond } from './response-urls.ts';
import type { SocketMode } from './socket-mode.ts';
import type { Json } from './types.ts';
import type { WebApi } from './web-api.ts';

export interface ServerParts {
  readonly desk: Desk;
  readonly journal: Journal;
  readonly webApi: WebApi;
  readonly socketMode: SocketMode;
  readonly installer: () => Installer | undefined;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Arguments from the query and from a form or JSON in the body. */
async function argumentsOf(request: IncomingMessage, url: URL): Promise<Json> {
  const body = await bodyOf(request);
  const query = Object.fromEntries(url.searchParams);
  if (!(request.headers['content-type'] ?? '').includes('json'))
    return { ...query, ...Object.fromEntries(new URLSearchParams(body)) };
  const parsed: unknown = JSON.parse(body === '' ? '{}' : body);
  if (!isJson(parsed)) throw new Refusal('json_not_object');
  return { ...query, ...parsed };
}

function send(
  response: ServerResponse,
  status: number,
  body: Json,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}

/** The HTTP server of the fake: Web API, consent page, response URLs and the sockets of Socket Mode. */
export function createFakeServer(parts: () => ServerParts) {
  async function answerApi(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const args = await argumentsOf(request, url);
    const { authorization } = request.headers;
    const answer = await parts().webApi.answer({ method: url.pathname.slice('/api/'.length), authorization, args });
    send(response, answer.status, answer.body, answer.headers);
  }

  async function answerResponse(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { desk, journal } = parts();
    const args = await argumentsOf(request, url);
    const call = journal.record('response_url', args);
    try {
      respond(desk, url.pathname.slice('/respond/'.length), args);
      call.outcome = 'ok';
      send(response, 200, { ok: true });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      call.outcome = error.error;
      send(response, error.error.endsWith('_url') ? 404 : 400, { ok: false, error: error.error, ...error.extra });
    }
  }

  function answerConsent(response: ServerResponse, url: URL): void {
    const { desk, installer } = parts();
    const location = authorize(desk.world, url.searchParams, installer());
    if (location === undefined) send(response, 400, { ok: false, error: 'invalid_client_id_or_redirect_uri' });
    else {
      response.writeHead(302, { location });
      response.end();
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname.startsWith('/api/')) await answerApi(request, response, url);
    else if (url.pathname.startsWith('/respond/')) await answerResponse(request, response, url);
    else if (url.pathname === '/oauth/v2/authorize') answerConsent(response, url);
    else send(response, 404, { ok: false, error: 'not_found' });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      // A fault of the fake itself, or JSON that is none: the caller sees it, and a test fails by it.
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      if (error instanceof SyntaxError) send(response, 200, { ok: false, error: 'invalid_json' });
      else if (error instanceof Refusal) send(response, 200, { ok: false, error: error.error });
      else send(response, 500, { ok: false, error: 'fatal_error', message });
    });
  });
  server.on('upgrade', (request, socket, head) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    parts().socketMode.accept(request, socket, head, searchParams.get('ticket'));
  });

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
