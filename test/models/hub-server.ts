import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export const commit = '0123456789abcdef0123456789abcdef01234567';
const sha = (kind: string, ...parts: readonly (string | Buffer)[]) => {
  const hash = createHash(kind);
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

export interface HubServer {
  readonly endpoint: string;
  /** `GET /path`, with the range in brackets where one was asked for. */
  readonly requests: string[];
  readonly authorizations: { readonly hub: Set<string>; readonly store: Set<string> };
  /** The next transfers of weights break off after so many bytes. */
  readonly breaks: number[];
  /** The store delivers these bytes instead of a file's own. */
  readonly damaged: Map<string, Buffer>;
}

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server: Server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A Hugging Face server with one repository, `team/model`, and a store on another port for its large files. */
export async function startHub(files: Readonly<Record<string, Buffer>>, token?: string): Promise<HubServer> {
  const requests: string[] = [];
  const authorizations = { hub: new Set<string>(), store: new Set<string>() };
  const breaks: number[] = [];
  const damaged = new Map<string, Buffer>();
  const send = (request: IncomingMessage, response: ServerResponse, body: Buffer, headers: Record<string, string>) => {
    const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
    const rest = from === undefined ? body : body.subarray(Number(from));
    response.writeHead(from === undefined ? 200 : 206, { ...headers, 'content-length': rest.length });
    if (request.method === 'HEAD') return response.end();
    const limit = breaks.shift();
    if (limit === undefined || limit >= rest.length) return response.end(rest);
    response.write(rest.subarray(0, limit), () => response.destroy());
  };
  const note = (request: IncomingMessage) => {
    const { range } = request.headers;
    requests.push(`${request.method} ${request.url}${range === undefined ? '' : ` [${range}]`}`);
  };
  const store = await listen((request, response) => {
    note(request);
    authorizations.store.add(request.headers.authorization ?? 'none');
    const name = decodeURIComponent(request.url?.slice(1) ?? '');
    send(request, response, damaged.get(name) ?? files[name] ?? Buffer.alloc(0), {});
  });
  const endpoint = await listen((request, response) => {
    note(request);
    authorizations.hub.add(request.headers.authorization ?? 'none');
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`)
      return response.writeHead(401).end();
    if (request.url === '/api/models/team/model/revision/main')
      return response.end(
        JSON.stringify({ sha: commit, siblings: Object.keys(files).map((rfilename) => ({ rfilename })) }),
      );
    const name = request.url?.split(`/team/model/resolve/${commit}/`)[1];
    const body = name === undefined ? undefined : files[name];
    if (name === undefined || body === undefined) return response.writeHead(404).end();
    if (!name.endsWith('.safetensors'))
      return send(request, response, body, { etag: `"${sha('sha1', `blob ${body.length}\0`, body)}"` });
    const headers = {
      location: `${store}/${name}`,
      'x-linked-etag': `"${sha('sha256', body)}"`,
      'x-linked-size': String(body.length),
    };
    response.writeHead(302, headers).end();
  });
  return { endpoint, requests, authorizations, breaks, damaged };
}
