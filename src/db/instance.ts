import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { FoursightError, messageOf } from '../errors.ts';
import { addressOf } from './instance-address.ts';
import type { InstanceKind } from './instance-messages.ts';
import { type InstanceOwner, own } from './instance-owner.ts';
import { type Visit, visit } from './instance-visit.ts';

export type { InstanceOwner } from './instance-owner.ts';

/** A process that uses the owner's database and worker. */
export interface InstanceMember {
  readonly role: 'member';
  readonly kind: InstanceKind;
  readonly pid: number;
  /** The database's address if the owner was ready when it was found. */
  readonly knownUrl: string | null;
  /** Has a one-shot owner start a worker, unless one runs. */
  wantWorker(): void;
  /** The database's address once the owner is ready; undefined when the owner ended before. */
  databaseUrl(): Promise<string | undefined>;
  /** Resolves when the owner has ended. */
  readonly ownerGone: Promise<void>;
  leave(): void;
}

const RETRY_MS = 50;

const memberOf = ({ first, until, ownerGone, socket }: Visit): InstanceMember => ({
  role: 'member',
  kind: first.kind,
  pid: first.pid,
  knownUrl: first.databaseUrl,
  wantWorker: () => void socket.write('worker\n'),
  databaseUrl: async () => (await until((said) => said.databaseUrl !== null))?.databaseUrl ?? undefined,
  ownerGone,
  leave: () => socket.destroy(),
});

/**
 * Becomes the owner of a home, or a member of its owner. A service waits for a one-shot owner to end.
 * @param sharesService whether a service may be the member of another, with which it shares the roles
 * @param waiting `onWait` is told whose end is waited for; `signal` ends the waiting
 * @throws FoursightError when a service runs there already and this is to be another; INTERRUPTED by the signal
 */
export async function joinInstance(
  home: string,
  kind: InstanceKind,
  sharesService = false,
  waiting: { readonly signal?: AbortSignal; readonly onWait?: (pid: number) => void } = {},
): Promise<InstanceOwner | InstanceMember> {
  const address = await addressOf(home);
  for (;;) {
    const owner = await own(address, kind);
    if (owner !== undefined) return owner;
    const visited = await visit(address);
    if (visited === undefined) {
      await forgetLeftover(address.path);
      continue;
    }
    const { first, socket, ownerGone } = visited;
    if (first.phase !== 'closing' && kind === 'oneshot') return memberOf(visited);
    if (first.phase !== 'closing' && sharesService && first.kind === 'service') return memberOf(visited);
    if (kind === 'service' && first.kind === 'service' && first.phase !== 'closing') {
      socket.destroy();
      throw new FoursightError(
        'ALREADY_RUNNING',
        `a service runs on ${home} already, as process ${first.pid}`,
        'Use that one, stop it first, or set FOURSIGHT_HOME to another folder.',
      );
    }
    if (kind === 'service' && first.phase !== 'closing') socket.write('takeover\n');
    waiting.onWait?.(first.pid);
    await Promise.race([ownerGone, ...(waiting.signal ? [interruption(waiting.signal)] : [])]);
    if (waiting.signal?.aborted) {
      socket.destroy();
      throw new FoursightError('INTERRUPTED', `interrupted while process ${first.pid} was ending`, 'Start it again.');
    }
    await delay(kind === 'service' ? 0 : RETRY_MS);
  }
}

const interruption = (signal: AbortSignal): Promise<unknown> =>
  signal.aborted ? Promise.resolve() : once(signal, 'abort');

/** The running owner of a home as a member sees it; starts nothing. Undefined without one. */
export async function findInstance(home: string): Promise<InstanceMember | undefined> {
  const visited = await visit(await addressOf(home));
  return visited === undefined ? undefined : memberOf(visited);
}

/** Where sockets are files: one that nobody answers on was left by a killed process. */
async function forgetLeftover(path: string): Promise<void> {
  if (process.platform === 'linux' || process.platform === 'win32') return delay(RETRY_MS);
  try {
    await rm(path, { force: true });
  } catch (error) {
    throw new FoursightError('INSTANCE_SOCKET', `cannot remove ${path}: ${messageOf(error)}`, 'Remove it by hand.', {
      cause: error,
    });
  }
}
