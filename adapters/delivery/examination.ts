import { connect } from 'node:net';
import type { Finding, Outcome } from '../../src/domain/finding.ts';
import { messageOf } from '../../src/errors.ts';

const SOCKET_MS = 5_000;

/** A setting that is tried on a platform: its variable, and where the platform shows its value. */
export interface Tried {
  readonly variable: string;
  readonly where: string;
  /** What to do whatever is wrong, where nothing is to be copied. */
  readonly remedy?: string;
}

/** What the checks of one platform found, in the order in which they were made. */
export class Findings {
  readonly #platform: string;
  readonly #all: Finding[] = [];

  constructor(platform: string) {
    this.#platform = platform;
  }

  get all(): Finding[] {
    return [...this.#all];
  }

  /** @returns false for a problem: what follows from it need not be looked at */
  note(check: string, outcome: Outcome): boolean {
    this.#all.push({ check: `${this.#platform} ${check}`, ...outcome });
    return outcome.state !== 'problem';
  }
}

/** Why no answer came, e.g. `connect ECONNREFUSED …`, which the error of fetch only has as its cause. */
export function whyNoAnswer(error: Error): string {
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}

/**
 * Why the place of a WebSocket cannot be reached; undefined when it can. Only the way there is tried: a whole connection would be
 * sent events, which nobody would answer.
 */
export async function unreachable(url: URL): Promise<string | undefined> {
  const port = url.port === '' ? (url.protocol === 'ws:' ? 80 : 443) : Number(url.port);
  const socket = connect({ host: url.hostname, port, timeout: SOCKET_MS });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
      socket.once('timeout', () => reject(new Error(`no answer within ${SOCKET_MS / 1_000} s`)));
    });
    return undefined;
  } catch (error) {
    return messageOf(error);
  } finally {
    socket.destroy();
  }
}
