import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, readlink, realpath, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../log.ts';
import { connectClient, endClient } from '../client.ts';
import { DatabaseError } from '../database.ts';
import { findBinaries } from './binaries.ts';
import { type Cluster, openCluster, SUPERUSER } from './cluster.ts';
import { databaseFolder, type Owner, postgresOwner } from './place.ts';

/** The Postgres server of a home, started again whenever it dies, at the same address. */
export interface EmbeddedServer {
  readonly url: string;
  /** Where the data is. */
  readonly folder: string;
  readonly pid: () => number | undefined;
  close(): Promise<void>;
  /** Stops it at once; the next start recovers. */
  kill(): void;
}

/** Waits for sessions, whose last words may still be on their way. */
const SMART = 'SIGTERM';
const SESSIONS_MS = 1_000;
/** Disconnects sessions, then ends; what is still there after `PATIENCE_MS` is ended at once. */
const FAST = 'SIGINT';
const AT_ONCE = 'SIGQUIT';
const PATIENCE_MS = 10_000;
const START_MS = 30_000;
const POLL_MS = 20;

const SETTINGS = [
  'max_connections=200',
  'max_wal_size=256MB',
  // The log is for reasons, not for what people wrote: no statements, and no details, which quote rows.
  'log_checkpoints=off',
  'log_min_error_statement=panic',
  'log_error_verbosity=terse',
];

/** What Postgres says at the end of its log when it does not start, and what that means. */
const refusals: readonly (readonly [RegExp, string, string])[] = [
  [/No space left/, 'DISK_FULL', 'Make room on its disk; nothing that was stored is lost.'],
  [
    /incompatible with server|was initialized by PostgreSQL version/,
    'DATABASE_VERSION',
    'Run the version of Foursight that made this data, or move the folder away to begin anew.',
  ],
  [
    /Permission denied|has wrong ownership|invalid permissions/,
    'DATABASE_NOT_OURS',
    'Run as the user who made this data, or set FOURSIGHT_HOME to another folder.',
  ],
  [
    /PANIC|could not locate|could not read|invalid (?:checkpoint|page|primary)|does not exist|No such file|is not a valid|corrupt|incorrect checksum/i,
    'DATABASE_CORRUPT',
    'Put the folder back from a backup, or move it away to begin anew.',
  ],
];

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Signals a process, which may have ended meanwhile. */
function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new DatabaseError('NO_PORT', 'no free port', 'Try again.');
  return address.port;
}

const urlOf = (port: number, { password }: Cluster) => `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`;

/** Connects once and asks where the data is: only the cluster's own server knows its password. */
async function answers(url: string, data: string): Promise<boolean> {
  try {
    const client = await connectClient(url, { connectionTimeoutMillis: 2_000 });
    try {
      const { rows } = await client.query('show data_directory');
      return rows[0]?.data_directory === data;
    } finally {
      await endClient(client);
    }
  } catch {
    return false;
  }
}

/** Ends a server that a killed owner left behind. Its address is kept, for processes that still use it. */
async function endLeftover(cluster: Cluster, log: Log): Promise<number | undefined> {
  const file = join(cluster.data, 'postmaster.pid');
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!(pid > 0 && port > 0) || !isAlive(pid)) return undefined;
  // A server works in its data directory; another process has got the number of a dead one.
  const works = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  if (works !== undefined && works !== cluster.data) return undefined;
  const until = performance.now() + PATIENCE_MS;
  while (isAlive(pid) && !(await answers(urlOf(port, cluster), cluster.data))) {
    // Another process that got the number of a dead server never answers; a server that starts or stops does in time.
    if (performance.now() > until) {
      await rm(file, { force: true });
      return undefined;
    }
    await delay(POLL_MS);
  }
  if (!isAlive(pid)) return port;
  log.info({ pid }, 'ending the Postgres server of a killed process');
  end(pid, FAST);
  const patience = performance.now() + PATIENCE_MS;
  while (isAlive(pid)) {
    if (performance.now() > patience) end(pid, AT_ONCE);
    await delay(POLL_MS);
  }
  return port;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Starts a server process and waits until it answers. @throws DatabaseError with the end of its log */
async function launch(
  postgres: string,
  cluster: Cluster,
  port: number,
  owner: Owner | undefined,
  logFile: string,
): Promise<ChildProcess> {
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', ...SETTINGS];
  const output = await open(logFile, 'w', 0o600);
  try {
    const until = performance.now() + START_MS;
    // What earlier tries logged.
    let read = 0;
    for (;;) {
      const args = ['-D', cluster.data, ...settings.flatMap((setting) => ['-c', setting])];
      // A group of its own: Ctrl-C in the terminal is for the service, which ends the database last.
      const child = spawn(postgres, args, {
        ...owner,
        cwd: '/',
        detached: true,
        stdio: ['ignore', output.fd, output.fd],
      });
      let failed: Error | undefined;
      child.once('error', (error) => {
        failed = error;
      });
      while (
        failed === undefined &&
        child.exitCode === null &&
        child.signalCode === null &&
        performance.now() < until
      ) {
        if (await answers(urlOf(port, cluster), cluster.data)) return child;
        await delay(POLL_MS);
      }
      // Killed from outside; a server that gives up aborts itself, which is another signal.
      const wasKilled = child.signalCode === 'SIGKILL';
      child.kill(AT_ONCE);
      const logged = await readFile(logFile, 'utf8');
      const said = failed?.message ?? logged.slice(read);
      read = logged.length;
      // The sessions of a killed server take a moment to notice.
      const isPassing = wasKilled || /shared memory block .*still in use|lock file .* already exists/.test(said);
      if (isPassing && performance.now() < until) {
        await delay(5 * POLL_MS);
        continue;
      }
      const [, code, remedy] = refusals.find(([pattern]) => pattern.test(said)) ?? [
        undefined,
        'DATABASE_DID_NOT_START',
        `Look at ${logFile}, or set DATABASE_URL to a server of your own.`,
      ];
      const end = said.trim().split('\n').slice(-3).join(' ');
      throw new DatabaseError(code, `the database in ${cluster.data} did not start: ${end}`, remedy);
    }
  } finally {
    await output.close();
  }
}

/** Root runs data that another user made as that user. */
async function ownerOf(data: string): Promise<Owner | undefined> {
  try {
    const { uid, gid } = await stat(data);
    return uid === 0 ? undefined : { uid, gid };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Starts the home's Postgres, which is made at the first start. The caller holds the home (`joinInstance`).
 * @throws DatabaseError when it cannot be made or started
 */
export async function startEmbedded(home: string, log: Log): Promise<EmbeddedServer> {
  const nobody = postgresOwner();
  const folder = await databaseFolder(home, nobody);
  const owner = nobody && ((await ownerOf(join(folder, 'postgres'))) ?? nobody);
  if (folder !== (await realpath(home)))
    log.info({ folder }, "Postgres' user cannot reach FOURSIGHT_HOME; the data is in this folder");
  const binaries = await findBinaries(owner);
  const cluster = await openCluster(folder, binaries, owner);
  const former = await endLeftover(cluster, log);
  const port = former !== undefined && (await isFree(former)) ? former : await freePort();
  const start = () => launch(binaries.postgres, cluster, port, owner, join(folder, 'postgres.log'));
  const closing = new AbortController();
  let child = await start();
  let restarting: Promise<void> = Promise.resolve();
  const restart = async () => {
    for (let wait = POLL_MS; !closing.signal.aborted; wait = Math.min(2 * wait, PATIENCE_MS)) {
      try {
        child = await start();
        return watch();
      } catch (error) {
        log.error({ err: error }, 'the database did not start');
        await delay(wait, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    }
  };
  const watch = () => {
    child.once('exit', (code, signal) => {
      if (closing.signal.aborted) return;
      log.error({ code, signal }, 'the database ended; it is started again');
      restarting = restart();
    });
  };
  watch();
  return {
    url: urlOf(port, cluster),
    folder,
    pid: () => child.pid,
    async close() {
      closing.abort();
      // A server that is just being started would outlive this process.
      await restarting;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill(SMART);
      const timers = [
        setTimeout(() => child.kill(FAST), SESSIONS_MS),
        setTimeout(() => child.kill(AT_ONCE), PATIENCE_MS),
      ];
      await exit;
      timers.forEach(clearTimeout);
    },
    kill() {
      closing.abort();
      child.kill(AT_ONCE);
    },
  };
}
