import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SUPERUSER } from '../../src/db/embedded/cluster.ts';
import { startEmbedded } from '../../src/db/embedded/server.ts';
import { createLog } from '../../src/log.ts';
import { freePort } from '../queue/redis-server.ts';
import { PatientClient } from './client.ts';
import { end, type Service, startService } from './processes.ts';

const TOKEN = 'a-token-for-the-soak-runs';
const SUPERVISE_MS = 500;

/** What is killed with SIGKILL. */
export type Victim = 'worker' | 'training' | 'postgres' | 'everything';

export interface InstallationSettings {
  /** Holds all that it keeps; Postgres' own user must be able to enter it. */
  readonly folder: string;
  /** A chat and two workers over a Postgres of its own, instead of one service that runs everything. */
  readonly isSplit: boolean;
  readonly environment: Readonly<Record<string, string>>;
  /** Told of what happens as it happens. */
  readonly note: (event: string) => void;
}

/** Services under a supervisor, to kill things in. */
export interface Installation {
  readonly client: PatientClient;
  /** Of a command that joins it. */
  readonly environment: Readonly<Record<string, string>>;
  /** The folder of its database. */
  readonly data: string;
  /** False when there is none at the moment. @param random picks one of several */
  kill(victim: Victim, random: () => number): boolean;
  /** @throws when its database is not there at the moment */
  databaseUrl(): Promise<string>;
  /** Lets everything end by SIGTERM. @returns what went wrong */
  stop(): Promise<string[]>;
  /** What the services have written to stderr lately. */
  errors(): string;
  /** Kills what is left. */
  close(): Promise<void>;
}

/** Where the embedded database of a home listens. @throws when it does not run */
export async function databaseUrlIn(home: string): Promise<string> {
  const running = (await readFile(join(home, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
  const password = (await readFile(join(home, 'postgres-password'), 'utf8')).trim();
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${running[3]}/postgres`;
}

export async function startInstallation({
  folder,
  isSplit,
  environment,
  note,
}: InstallationSettings): Promise<Installation> {
  const home = join(folder, 'home');
  const data = isSplit ? join(folder, 'own') : home;
  const server = isSplit ? await startEmbedded(data, createLog('silent')) : undefined;
  const port = await freePort();
  const shared = {
    ...environment,
    FOURSIGHT_HOME: home,
    FOURSIGHT_HTTP_PORT: String(port),
    FOURSIGHT_TOKEN: TOKEN,
    ...(server === undefined ? {} : { DATABASE_URL: server.url }),
  };
  const worker = (name: string) => () =>
    startService({ ...shared, FOURSIGHT_HOME: join(folder, name) }, ['--roles', 'worker']);
  const starters: (() => Service)[] = isSplit
    ? [() => startService(shared, ['--roles', 'chat']), worker('w1'), worker('w2')]
    : [() => startService(shared)];
  let services = starters.map((start) => start());
  // As an init system does: what ended by itself, its database being killed while it started, is started again.
  const supervisor = setInterval(() => {
    services = services.map((service, i) => {
      if (service.process.exitCode === null) return service;
      note(`service ${i} ended with ${service.process.exitCode}`);
      return starters[i]?.() ?? service;
    });
  }, SUPERVISE_MS);
  const killed = (victim: Victim, random: () => number): boolean => {
    switch (victim) {
      case 'worker': {
        const one = services[Math.floor(random() * services.length)];
        return one?.killWorker() === true || services.some((service) => service.killWorker());
      }
      case 'training':
        return services.some((service) => service.killTraining());
      case 'postgres': {
        if (server === undefined) return services[0]?.killPostgres() === true;
        const pid = server.pid();
        return pid !== undefined && end(pid);
      }
      case 'everything':
        for (const service of services) service.killAll();
        services = starters.map((start) => start());
        return true;
    }
  };
  return {
    client: new PatientClient(`http://127.0.0.1:${port}`, TOKEN),
    environment: shared,
    data,
    kill(victim, random) {
      const done = killed(victim, random);
      if (done) note(`killed ${victim}`);
      return done;
    },
    async databaseUrl() {
      return server?.url ?? (await databaseUrlIn(data));
    },
    async stop() {
      clearInterval(supervisor);
      const problems: string[] = [];
      for (const service of services) {
        const code = await service.stop();
        // One that was started a moment ago may not listen to signals yet: it holds nothing.
        if (code !== 0 && service.process.signalCode !== 'SIGTERM')
          problems.push(`the service ended with ${code} on SIGTERM: ${service.errors().slice(-600)}`);
      }
      await server?.close();
      return problems;
    },
    errors: () => services.map((service) => service.errors().slice(-600)).join('\n'),
    async close() {
      clearInterval(supervisor);
      for (const service of services) service.killAll();
      await server?.close();
    },
  };
}

/** Lets it end, and looks into its database. @param problems gets what went wrong at the end */
export async function endedAndSeen<T>(
  installation: Installation,
  problems: string[],
  look: (databaseUrl: string) => Promise<T>,
): Promise<T> {
  problems.push(...(await installation.stop()));
  const server = await startEmbedded(installation.data, createLog('silent'));
  try {
    return await look(server.url);
  } finally {
    await server.close();
  }
}

/** A run that broke off, in words. */
export function brokenOff(error: unknown, installation: Installation | undefined): string {
  const causes = [String(error), String((error as { cause?: unknown }).cause ?? '')];
  return `${causes.join(' – ')} – ${installation?.errors()}`;
}
