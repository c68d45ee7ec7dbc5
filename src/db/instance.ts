import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { FoursightError, messageOf } from '../errors.ts';

/** What the owner of a home tells those who come to it. */
const announcementSchema = z.object({
  /** A one-shot owner takes members; a closing one takes nobody. */
  phase: z.enum(['starting', 'ready', 'closing']),
  kind: z.enum(['service', 'oneshot']),
  pid: z.number().int(),
  /** With its password: the socket is reachable only for who can read the home's secret. */
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

/** Names the socket: a secret of the home keeps other users of the machine from finding it. */
async function socketPath(home: string): Promise<string> {
  await mkdir(home, { recursive: true });
  const path = join(home, 'instance-secret');
  try {
    await writeFile(path, randomBytes(16).toString('hex'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const secret = await readFile(path, 'utf8');
  const name = `foursight-${createHash('sha256').update(`${home}\n${secret}`).digest('hex').slice(0, 32)}`;
  // Abstract sockets and pipes vanish with their process; elsewhere a file may be left behind.
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

function listenOn(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen(path, () => resolve(true));
  });
}

/** The socket's own `error` listener deals with what breaks. */
function linesOf(socket: Socket, onLine: (line: string) => void): void {
  createInterface({ input: socket })
    .on('line', onLine)
    .on('error', () => undefined);
}

async function own(path: string, kind: InstanceKind): Promise<InstanceOwner | undefined> {
  let said: Announcement = { phase: 'starting', kind, pid: process.pid, databaseUrl: null };
  const sockets = new Set<Socket>();
  const members = new Set<Socket>();
  let onLeave = (): void => undefined;
  let onWorkerWanted = (): void => undefined;
  const workerWanted = new Promise<void>((resolve) => {
    onWorkerWanted = resolve;
  });
  const tell = (socket: Socket) => socket.write(`${JSON.stringify(said)}\n`);
  const announce = (change: Partial<Announcement>) => {
    said = { ...said, ...change };
    for (const socket of sockets) tell(socket);
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    if (said.phase !== 'closing') members.add(socket);
    const left = () => {
      sockets.delete(socket);
      if (members.delete(socket)) onLeave();
    };
    socket.on('error', left).on('close', left);
    linesOf(socket, (line) => {
      if (line === 'worker') onWorkerWanted();
      if (line !== 'takeover') return;
      members.delete(socket);
      announce({ phase: 'closing' });
      onLeave();
    });
    tell(socket);
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
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Connects to the owner and reads what it says first; undefined when there is none. */
async function visit(path: string) {
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
  linesOf(socket, (line) => {
    last = announcementSchema.parse(JSON.parse(line));
    notify();
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
  const first = await until(() => true);
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
 * @throws FoursightError when a service runs there already and this is to be another
 */
export async function joinInstance(
  home: string,
  kind: InstanceKind,
  sharesService = false,
): Promise<InstanceOwner | InstanceMember> {
  const path = await socketPath(home);
  for (;;) {
    const owner = await own(path, kind);
    if (owner !== undefined) return owner;
    const visited = await visit(path);
    if (visited === undefined) {
      await forgetLeftover(path);
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
    await ownerGone;
    await delay(kind === 'service' ? 0 : RETRY_MS);
  }
}

/** The running owner of a home as a member sees it; starts nothing. Undefined without one. */
export async function findInstance(home: string): Promise<InstanceMember | undefined> {
  const visited = await visit(await socketPath(home));
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
