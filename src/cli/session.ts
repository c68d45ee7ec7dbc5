import { setTimeout as delay } from 'node:timers/promises';
import { type Config, readConfig } from '../config.ts';
import type { Db } from '../db/database.ts';
import { startEmbedded } from '../db/embedded/server.ts';
import { findInstance, type InstanceMember, type InstanceOwner, joinInstance } from '../db/instance.ts';
import type { ChatDesk } from '../domain/chat.ts';
import type { Loop } from '../domain/ports.ts';
import { LOCAL_WORKSPACE } from '../domain/workspace.ts';
import { FoursightError } from '../errors.ts';
import { createLog, type Log } from '../log.ts';
import { startSweep } from '../loop/sweep.ts';
import { type Backend, openBackend } from './backend.ts';
import { localPerson } from './person.ts';
import { aborted, onStopSignals } from './signals.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';

/** What a one-shot command works with. */
export interface Session {
  readonly config: Config;
  readonly loop: Loop;
  readonly desk: ChatDesk;
  readonly db: Db;
  /** The platform's name of this machine's workspace, and its id. */
  readonly workspace: string;
  readonly workspaceId: string;
  readonly person: { readonly key: string; readonly name: string };
  /** Whether this command runs the instance itself: what it leaves undone waits for the next one. */
  readonly ownsInstance: boolean;
  /** The person wants the command to end. */
  readonly interrupted: AbortSignal;
}

type Use<T> = (session: Session) => Promise<T>;

interface Setting {
  readonly config: Config;
  readonly log: Log;
  readonly needsWorker: boolean;
  /**
   * It may take long and only follows what is stored. Ctrl-C is heard by the command, however long it takes to end, and only a
   * second one cuts it short; a service that starts on this home does not wait for it: it goes on as the service's member.
   */
  readonly patient: boolean;
  readonly interrupted: AbortSignal;
  readonly atOnce: { end: () => void };
}

/** How long a command may react to Ctrl-C by itself. */
const REACT_MS = 2_000;
const MOST_OWNERS = 5;
/** Until a service that waited for this command's instance has taken the home. */
const GIVE_WAY_MS = 500;
const LOST: unique symbol = Symbol('the owner ended');

async function useBackend<T>(
  backend: Backend,
  { config, interrupted, patient }: Setting,
  use: Use<T>,
  ownsInstance = false,
): Promise<T> {
  const work = use({
    config,
    loop: backend.loop,
    desk: backend.desk,
    db: backend.db,
    workspace: LOCAL_WORKSPACE,
    workspaceId: await backend.localWorkspaceId(),
    person: localPerson(),
    ownsInstance,
    interrupted,
  });
  if (patient) return work;
  const cut = aborted(interrupted)
    .then(() => delay(REACT_MS, undefined, { ref: false }))
    .then(() => {
      throw new FoursightError('INTERRUPTED', 'interrupted', 'Run the command again.');
    });
  return Promise.race([work, cut]);
}

/** Runs database and worker for this command and for those that join, until the last has left or a service takes over. */
async function runAsOwner<T>(owner: InstanceOwner, setting: Setting, use: Use<T>): Promise<T | typeof LOST> {
  const { config, log, interrupted } = setting;
  const server = config.databaseUrl === null ? await startEmbedded(config.home, log) : undefined;
  const url = server?.url ?? config.databaseUrl ?? '';
  let worker: WorkerProcess | undefined;
  let backend: Backend | undefined;
  let sweep: ReturnType<typeof startSweep> | undefined;
  const startWorker = (): WorkerProcess => {
    worker ??= startWorkerProcess(Promise.resolve(url), log);
    return worker;
  };
  setting.atOnce.end = () => {
    worker?.kill();
    server?.kill();
  };
  try {
    const own = setting.needsWorker ? startWorker() : undefined;
    backend = await openBackend(url, config, log);
    owner.ready(url);
    // An earlier question of the conversation that a crash left without a job would be waited for in vain.
    sweep = startSweep(backend.setting);
    const workerFailed = owner.workerWanted.then(() => startWorker().failed);
    workerFailed.catch(() => undefined);
    const work = useBackend(backend, setting, use, true);
    // Left alone when a service takes over: what it asks of the closed database fails.
    work.catch(() => undefined);
    const takenOver = setting.patient ? [owner.takenOver.then((): typeof LOST => LOST)] : [];
    const result = await Promise.race([work, own?.failed ?? workerFailed, ...takenOver]);
    if (result === LOST) return LOST;
    await Promise.race([owner.lastLeft(), aborted(interrupted), workerFailed.catch(() => undefined)]);
    return result;
  } finally {
    owner.refuse();
    await sweep?.close();
    await backend?.close();
    await worker?.close();
    await server?.close();
  }
}

async function runAsMember<T>(member: InstanceMember, setting: Setting, use: Use<T>): Promise<T | typeof LOST> {
  const url = await member.databaseUrl();
  if (url === undefined) return LOST;
  if (setting.needsWorker) member.wantWorker();
  const lost = member.ownerGone.then((): typeof LOST => LOST);
  const opening = openBackend(url, setting.config, setting.log);
  const opened = await Promise.race([opening, lost]);
  if (opened === LOST) {
    // Whatever was reached goes with the owner; left open it would keep this process alive.
    await opening
      .then((backend) => backend.close())
      .catch((error: unknown) => setting.log.debug({ err: error }, 'lost'));
    return LOST;
  }
  try {
    return await Promise.race([useBackend(opened, setting, use), lost]);
  } finally {
    await opened.close();
  }
}

/**
 * Runs a command on the database: on that of the running instance, or else on one started for it and for commands that
 * join meanwhile. When an owner dies under its members, or gives way to a service, they go on with another: `use` runs again and must
 * be idempotent.
 * @throws what `use` throws; ConfigError, DatabaseError, QueueError; the reason why a worker that is needed cannot work
 */
export async function withSession<T>(
  { needsWorker, patient = false }: { readonly needsWorker: boolean; readonly patient?: boolean },
  use: Use<T>,
): Promise<T> {
  const config = readConfig();
  const log = createLog(config.logLevel, { role: 'command' });
  const atOnce: Setting['atOnce'] = { end: () => undefined };
  const setting = { config, log, needsWorker, patient, interrupted: onStopSignals(() => atOnce.end()), atOnce };
  for (let owners = 0; owners < MOST_OWNERS; owners += 1) {
    const joined = await joinInstance(config.home, 'oneshot', false, { signal: setting.interrupted });
    if (joined.role === 'owner') {
      try {
        const result = await runAsOwner(joined, setting, use);
        if (result !== LOST) return result;
      } finally {
        await joined.close();
      }
      await delay(GIVE_WAY_MS);
      continue;
    }
    try {
      const result = await runAsMember(joined, setting, use);
      if (result !== LOST) return result;
    } finally {
      joined.leave();
    }
  }
  throw new FoursightError(
    'INSTANCE_LOST',
    `${MOST_OWNERS} instances ended one after another`,
    'Run `foursight doctor`.',
  );
}

/** Runs a command on the started service only. @throws FoursightError when none is ready */
export async function withRunningInstance<T>(use: Use<T>): Promise<T> {
  const config = readConfig();
  const log = createLog(config.logLevel, { role: 'command' });
  const found = await findInstance(config.home);
  found?.leave();
  const url = found?.kind === 'service' ? found.knownUrl : config.databaseUrl;
  if (url === null) {
    const isStarting = found?.kind === 'service';
    throw new FoursightError(
      isStarting ? 'NOT_READY' : 'NOT_RUNNING',
      isStarting ? 'the service is starting' : `no service runs on ${config.home}`,
      isStarting ? 'Wait a moment.' : 'Start it with `foursight start`, or set FOURSIGHT_HOME as it has it.',
    );
  }
  const backend = await openBackend(url, config, log);
  const interrupted = onStopSignals();
  const setting = { config, log, needsWorker: false, patient: false, interrupted, atOnce: { end: () => undefined } };
  try {
    return await useBackend(backend, setting, use);
  } finally {
    await backend.close();
  }
}
