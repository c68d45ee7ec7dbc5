import { z } from 'zod';
import { FoursightError } from '../../errors.ts';

/** A repository's revision on a Hugging Face server. */
export interface Hub {
  readonly endpoint: string;
  readonly token: string | null;
  readonly name: string;
  readonly revision: string;
}

export interface HubFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256 (64 hex digits) of large files, Git's blob SHA-1 (40) of small ones; undefined where the server gives none. */
  readonly hash: string | undefined;
}

/** The server said no, or could not be reached. */
export class HubError extends FoursightError {
  override readonly name = 'HubError';
  /** Trying again may help. */
  readonly passing: boolean;

  constructor(code: string, message: string, remedy: string, passing: boolean, cause?: unknown) {
    super(code, message, remedy, { cause });
    this.passing = passing;
  }
}

const repositoryInfo = z.object({
  sha: z.string().regex(/^[\w.-]{1,100}$/),
  siblings: z.array(z.object({ rfilename: z.string() })),
});

/** What a model folder consists of; other formats of the same weights are left where they are. */
const wanted = /^(?!consolidated)[\w][\w.-]*\.(?:json|jinja|safetensors)$|^(?:LICENSE|README)(?:\.\w+)?$/;

/**
 * The files of a model folder at a revision, and the commit that the revision names.
 * @throws HubError when the repository is not there, not open to this token, or has no safetensors
 */
export async function listFiles(hub: Hub): Promise<{ commit: string; files: string[] }> {
  const path = `api/models/${hub.name}/revision/${encodeURIComponent(hub.revision)}`;
  const response = await retrying(() => request(hub, path, {}));
  const parsed = repositoryInfo.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success)
    throw new HubError(
      'HUB_ANSWER_INVALID',
      `${hub.endpoint} gives no list of files for ${hub.name}`,
      endpointRemedy,
      false,
    );
  const files = parsed.data.siblings.map(({ rfilename }) => rfilename).filter((file) => wanted.test(file));
  if (!files.some((file) => file.endsWith('.safetensors')))
    throw new HubError(
      'REPOSITORY_WITHOUT_WEIGHTS',
      `${hub.name} holds no .safetensors files`,
      'Choose a repository with weights in safetensors format.',
      false,
    );
  return { commit: parsed.data.sha, files };
}

/**
 * Size and hash of a file. Large files are redirected to a store that knows neither, so redirects to other servers are
 * not followed.
 * @throws HubError
 */
export async function describeFile(hub: Hub, name: string): Promise<HubFile> {
  return retrying(async () => {
    let path = filePath(hub, name);
    for (let redirects = 0; redirects < 5; redirects++) {
      const { headers, status } = await request(hub, path, { method: 'HEAD', redirect: 'manual' });
      const location = headers.get('location');
      // A renamed repository redirects within the server.
      if (status >= 300 && location?.startsWith('/') && !location.startsWith('//') && !headers.has('x-linked-etag')) {
        path = location.slice(1);
        continue;
      }
      const etag = (headers.get('x-linked-etag') ?? headers.get('etag') ?? '').replace(/^W\/|"/g, '');
      const size = Number(headers.get('x-linked-size') ?? headers.get('content-length') ?? Number.NaN);
      if (!Number.isSafeInteger(size) || size < 0)
        throw new HubError('HUB_ANSWER_INVALID', `${hub.endpoint} gives no size for ${name}`, endpointRemedy, false);
      return { name, size, hash: /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(etag) ? etag : undefined };
    }
    throw new HubError('HUB_ANSWER_INVALID', `${hub.endpoint} redirects ${name} in a circle`, endpointRemedy, false);
  });
}

export const filePath = (hub: Hub, name: string): string =>
  `${hub.name}/resolve/${encodeURIComponent(hub.revision)}/${encodeURIComponent(name)}`;

/** @throws HubError on every answer that is neither success nor a redirect */
export async function request(
  hub: Hub,
  path: string,
  init: { method?: string; redirect?: 'manual'; headers?: Record<string, string>; signal?: AbortSignal },
): Promise<Response> {
  const authorization = hub.token === null ? {} : { authorization: `Bearer ${hub.token}` };
  // Compressed answers would have another size, and no ranges.
  const headers = { 'user-agent': 'foursight', 'accept-encoding': 'identity', ...authorization, ...init.headers };
  let response: Response;
  try {
    response = await fetch(new URL(path, `${hub.endpoint.replace(/\/$/, '')}/`), { ...init, headers });
  } catch (error) {
    throw new HubError(
      'HUB_UNREACHABLE',
      `${hub.endpoint} cannot be reached`,
      'Check the connection and HF_ENDPOINT, then run the command again; it goes on where it stopped.',
      true,
      error,
    );
  }
  if (response.status < 400) return response;
  await response.body?.cancel();
  throw refusal(hub, response.status, path);
}

/** Does `work` up to five times while its failure may pass, waiting 0.5 s, 1 s, 2 s, 4 s. */
export async function retrying<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof HubError) || !error.passing || attempt === 4) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt));
    }
  }
}

const endpointRemedy = 'Check that HF_ENDPOINT names a Hugging Face server.';

function refusal(hub: Hub, status: number, path: string): HubError {
  const said = `${hub.endpoint} answers ${status} for ${path}`;
  if (status === 401 || status === 403)
    return new HubError(
      'HUB_REFUSED',
      `${hub.name} is private, gated or does not exist (${said})`,
      'Check the name; accept the terms on its page and set HF_TOKEN to an access token.',
      false,
    );
  if (status === 404)
    return new HubError(
      'HUB_NOT_FOUND',
      `${hub.name} at ${hub.revision}: ${said}`,
      'Check the name and --revision.',
      false,
    );
  return new HubError(
    'HUB_FAILED',
    said,
    'Run the command again later; it goes on where it stopped.',
    status === 429 || status === 408 || status >= 500,
  );
}
