import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { FoursightError, messageOf } from '../errors.ts';
import {
  type Address,
  addressOf,
  challengeSchema,
  isProof,
  memberProofSchema,
  newChallenge,
  ownerProofSchema,
  parsed,
  proofOf,
} from './instance-address.ts';

/** What the owner of a home tells those who come to it. */
const announcementSchema = z.object({
  /** A one-shot owner takes members; a closing one takes nobody. */
  phase: z.enum(['starting', 'ready', 'closing']),
  kind: z.enum(['service', 'oneshot']),
  pid: z.number().int(),
  /** With its password: told only to who has proved that they can read the home's secret. */
  databaseUrl: z.string().nullable(),
});
export type Announcement = z.infer<typeof announcementSchema>;
export type InstanceKind = Announcement['kind'];

/** The one process that runs database and worker of a home. The operating system ends the ownership with the process. */
export interface InstanceOwner {
  readonly role: 'owner';
  /** Tells members where the database is. */
  ready(databaseUrl: string): void;
  /** Resolves when a member needs a worker. */
  readonly workerWanted: Promise<void>;
  /** Takes no new members. */
  refuse(): void;
  /** Resolves once no member is left; from then on nobody can join. */
  lastLeft(): Promise<void>;
  /** Lets the next owner in. */
  close(): Promise<void>;
}

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
/** An owner that says nothing for this long hangs or was stopped. */
const SILENCE_MS = 15_000;

function listenOn(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen(path, () => resolve(true));
  });
}

const send = (socket: Socket, message: unknown): void => void socket.write(`${JSON.stringify(message)}\n`);

/** The socket's own `error` listener deals with what breaks. */
function linesOf(socket: Socket, onLine: (line: string) => void): void {
  createInterface({ input: socket })
    .on('line', onLine)
    .on('error', () => undefined);
}

async function own({ path, secret }: Address, kind: InstanceKind): Promise<InstanceOwner | undefined> {
  let said: Announcement = { phase: 'starting', kind, pid: process.pid, databaseUrl: null };
  const sockets = new Set<Socket>();
  const members = new Set<Socket>();
  /** Who has not proved yet to belong here. */
  const strangers = new Set<Socket>();
  let onLeave = (): void => undefined;
  let onWorkerWanted = (): void => undefined;
  const workerWanted = new Promise<void>((resolve) => {
    onWorkerWanted = resolve;
  });
  const tell = (socket: Socket) => send(socket, said);
  const announce = (change: Partial<Announcement>) => {
    said = { ...said, ...change };
    for (const socket of sockets) tell(socket);
  };
  const admit = (socket: Socket) => {
    sockets.add(socket);
    if (said.phase !== 'closing') members.add(socket);
    const left = () => {
      sockets.delete(socket);
      if (members.delete(socket)) onLeave();
    };
    socket.on('error', left).on('close', left);
    tell(socket);
  };
  const server = createServer((socket) => {
    const challenge = newChallenge();
    strangers.add(socket);
    socket.on('error', () => undefined).on('close', () => strangers.delete(socket));
    send(socket, { challenge });
    linesOf(socket, (line) => {
      if (strangers.has(socket)) {
        const answer = parsed(memberProofSchema, line);
        if (!isProof(answer?.proof, secret, 'member', challenge)) return void socket.destroy();
        strangers.delete(socket);
        send(socket, { proof: proofOf(secret, 'owner', answer?.challenge ?? '') });
        return admit(socket);
      }
      if (line === 'worker') onWorkerWanted();
      if (line !== 'takeover') return;
      members.delete(socket);
      announce({ phase: 'closing' });
      onLeave();
    });
  });
  if (!(await listenOn(server, path))) return undefined;
  return {
    role: 'owner',
    workerWanted,
    refuse: () => announce({ phase: 'closing' }),
    ready: (databaseUrl) => announce({ databaseUrl, ...(said.phase === 'starting' && { phase: 'ready' }) }),
    lastLeft: () =>
      new Promise((resolve) => {
        onLeave = () => {
          if (members.size > 0) return;
          announce({ phase: 'closing' });
          resolve();
        };
        onLeave();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of [...sockets, ...strangers]) socket.destroy();
      }),
  };
}

/** Connects to the owner and reads what it says first; undefined when there is none. @throws FoursightError for an impostor */
async function visit({ path, secret }: Address) {
  const socket = connect(path);
  const listeners = new Set<() => void>();
  let last: Announcement | undefined;
  let gone = false;
  const notify = () => {
    for (const listener of [...listeners]) listener();
  };
  const ownerGone = new Promise<void>((resolve) => {
    socket
      .on('error', () => undefined)
      .on('close', () => {
        gone = true;
        notify();
        resolve();
      });
  });
  const challenge = newChallenge();
  let expected: 'challenge' | 'proof' | 'announcement' = 'challenge';
  let isImpostor = false;
  linesOf(socket, (line) => {
    if (expected === 'announcement') {
      last = parsed(announcementSchema, line) ?? last;
      return notify();
    }
    if (expected === 'proof') {
      isImpostor = !isProof(parsed(ownerProofSchema, line)?.proof, secret, 'owner', challenge);
      if (isImpostor) socket.destroy();
      expected = 'announcement';
      return;
    }
    const theirs = parsed(challengeSchema, line)?.challenge ?? '';
    send(socket, { proof: proofOf(secret, 'member', theirs), challenge });
    expected = 'proof';
  });
  /** The first announcement that fits, now or later; undefined when the owner ends before. */
  const until = (fits: (said: Announcement) => boolean): Promise<Announcement | undefined> =>
    new Promise((resolve) => {
      const look = () => {
        if (!gone && (last === undefined || !fits(last))) return;
        listeners.delete(look);
        resolve(gone ? undefined : last);
      };
      listeners.add(look);
      look();
    });
  let isSilent = false;
  const silence = setTimeout(() => {
    isSilent = true;
    socket.destroy();
  }, SILENCE_MS);
  const first = await until(() => true);
  clearTimeout(silence);
  if (isSilent) {
    throw new FoursightError(
      'INSTANCE_SILENT',
      'the process that runs on this home does not say anything',
      'Look for a process of Foursight that hangs or was stopped, and end it.',
    );
  }
  if (isImpostor) {
    throw new FoursightError(
      'INSTANCE_IMPOSTOR',
      "another program listens where this home's instance does, without knowing its secret",
      'Set FOURSIGHT_HOME to another folder, and find out who runs that program.',
    );
  }
  return first === undefined ? undefined : { first, until, ownerGone, socket };
}
type Visit = NonNullable<Awaited<ReturnType<typeof visit>>>;

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
