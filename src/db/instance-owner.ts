import { createServer, type Server, type Socket } from 'node:net';
import { type Address, isProof, memberProofSchema, newChallenge, parsed, proofOf } from './instance-address.ts';
import { type Announcement, type InstanceKind, linesOf, send } from './instance-messages.ts';

/** The one process that runs database and worker of a home. The operating system ends the ownership with the process. */
export interface InstanceOwner {
  readonly role: 'owner';
  /** Tells members where the database is. */
  ready(databaseUrl: string): void;
  /** Resolves when a member needs a worker. */
  readonly workerWanted: Promise<void>;
  /** Resolves when a service waits for this one-shot owner to end. */
  readonly takenOver: Promise<void>;
  /** Takes no new members. */
  refuse(): void;
  /** Resolves once no member is left; from then on nobody can join. */
  lastLeft(): Promise<void>;
  /** Lets the next owner in. */
  close(): Promise<void>;
}

function listenOn(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen(path, () => resolve(true));
  });
}

/** Becomes the owner of a home; undefined when it has one. */
export async function own({ path, secret }: Address, kind: InstanceKind): Promise<InstanceOwner | undefined> {
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
  let onTakeover = (): void => undefined;
  const takenOver = new Promise<void>((resolve) => {
    onTakeover = resolve;
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
      onTakeover();
      onLeave();
    });
  });
  if (!(await listenOn(server, path))) return undefined;
  return {
    role: 'owner',
    workerWanted,
    takenOver,
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
