import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { ConsoleAdapter } from '../adapters/console/console.ts';
import { DiscordAdapter } from '../adapters/discord/discord-adapter.ts';
import { SlackAdapter } from '../adapters/slack/slack-adapter.ts';
import { type Backend, openBackend } from './cli/backend.ts';
import { localPerson } from './cli/person.ts';
import { aborted, onStopSignals } from './cli/signals.ts';
import { keptToken } from './cli/token.ts';
import { startWorkerProcess } from './cli/worker-process.ts';
import { type Config, readConfig } from './config.ts';
import { within } from './db/client.ts';
import { type EmbeddedServer, startEmbedded } from './db/embedded/server.ts';
import { joinInstance } from './db/instance.ts';
import { beat, leave } from './db/instance-queries.ts';
import { LOCAL_WORKSPACE } from './domain/workspace.ts';
import { FoursightError, messageOf } from './errors.ts';
import { createLog, type Log } from './log.ts';
import { retrainAll } from './loop/nightly.ts';
import { startSweep } from './loop/sweep.ts';
import { openNightlyQueue } from './queue/nightly-queue.ts';
import { createApp } from './web/app.ts';
import { listen } from './web/listen.ts';

export type Role = 'chat' | 'worker';

const BEAT_MS = 5_000;

/** How long one thing may take to close: who is told to end has to, also when a server that fell silent owes it an answer. */
const CLOSE_MS = 20_000;

/** Whatever has been opened, closed in reverse order. */
class Opened {
  readonly #closers: (() => Promise<unknown> | unknown)[] = [];

  add(close: () => Promise<unknown> | unknown): void {
    this.#closers.push(close);
  }

  async close(log: Log): Promise<void> {
    for (const close of this.#closers.reverse()) {
      await within(CLOSE_MS, 'closing', Promise.resolve(close())).catch((error: unknown) =>
        log.warn({ err: error }, 'could not be closed'),
      );
    }
  }
}

interface Place {
  readonly url: Promise<string>;
  /** Lets other processes of this home know. */
  readonly ready: (url: string) => void;
  readonly refuse: () => void;
  /** Rejects when the database goes with the process that runs it. */
  readonly lost?: Promise<never>;
}

/** The database of this home: a server of one's own, that of the service which runs here already, or an embedded one. */
async function openPlace(
  config: Config,
  roles: readonly Role[],
  log: Log,
  opened: Opened,
  force: (() => void)[],
  stopped: AbortSignal,
): Promise<Place> {
  const joined = await joinInstance(config.home, 'service', roles.length === 1, {
    signal: stopped,
    onWait: (pid) => process.stdout.write(`Waiting for process ${pid}, a command that runs on this home, to end.\n`),
  });
  if (joined.role === 'member') {
    opened.add(() => joined.leave());
    const url = config.databaseUrl ?? (await joined.databaseUrl());
    const lost = async (): Promise<never> => {
      await joined.ownerGone;
      throw new FoursightError(
        'INSTANCE_LOST',
        'the service that runs the database has ended',
        'Start this role again.',
      );
    };
    if (url === undefined) return lost();
    return {
      url: Promise.resolve(url),
      ready: () => undefined,
      refuse: () => undefined,
      ...(config.databaseUrl === null && { lost: lost() }),
    };
  }
  opened.add(() => joined.close());
  const ready = (url: string) => joined.ready(url);
  const refuse = () => joined.refuse();
  if (config.databaseUrl !== null) return { url: Promise.resolve(config.databaseUrl), ready, refuse };
  const starting = startEmbedded(config.home, log);
  starting.catch(() => undefined);
  opened.add(async () => (await starting.catch(() => undefined))?.close());
  starting.then((server) => force.push(() => server.kill())).catch(() => undefined);
  const tellFolder = ({ url, folder }: EmbeddedServer) => {
    if (folder !== config.home) process.stdout.write(`data   ${folder}\n`);
    return url;
  };
  return { url: starting.then(tellFolder), ready, refuse };
}

async function serveHttp(config: Config, backend: Backend, log: Log, opened: Opened): Promise<void> {
  const token = config.http.token ?? (await keptToken(config.home));
  const app = createApp({ loop: backend.loop, token, workspace: LOCAL_WORKSPACE, log });
  const server = await listen(app, config.http);
  opened.add(() => server.close());
  process.stdout.write(`HTTP   ${server.url}\ntoken  ${token}\n`);
}

async function openSlack({ slack, limits }: Config, { loop, desk }: Backend, log: Log, opened: Opened): Promise<void> {
  if (slack === null) return;
  const { connection, apiUrl, rate, reactions } = slack;
  const settings = { ...slack, limits };
  const adapter = new SlackAdapter({ loop, desk, log, connection, apiUrl, rate, reactions, settings });
  opened.add(() => adapter.close());
  await adapter.start();
  const where = adapter.address === null ? 'Socket Mode' : `${adapter.address}/slack/events`;
  process.stdout.write(`Slack  ${where}\n`);
  if (connection.mode === 'oauth') process.stdout.write(`       ${adapter.address}/slack/install\n`);
}

async function openDiscord(
  { discord, limits }: Config,
  { loop, desk }: Backend,
  log: Log,
  opened: Opened,
): Promise<void> {
  if (discord === null) return;
  const { token, apiUrl, reactions } = discord;
  const settings = { ...discord, limits };
  const adapter = new DiscordAdapter({ loop, desk, log, token, apiUrl, reactions, settings });
  opened.add(() => adapter.close());
  await adapter.start();
  process.stdout.write('Discord  gateway\n');
}

async function retrainNightly(
  databaseUrl: string,
  { redisUrl, retrainCron: pattern, zone }: Config,
  { setting }: Backend,
  log: Log,
  opened: Opened,
): Promise<void> {
  const address = { databaseUrl, redisUrl: redisUrl ?? undefined };
  const nightly = await openNightlyQueue(address, { pattern, zone }, () => retrainAll(setting), log);
  opened.add(() => nightly.close());
}

async function keepBeating({ db }: Backend, log: Log, opened: Opened): Promise<void> {
  const row = { id: randomUUID(), role: 'chat', name: `${hostname()}:${process.pid}` } as const;
  await beat(db, row);
  const timer = setInterval(
    () => beat(db, row).catch((error: unknown) => log.warn({ cause: messageOf(error) }, 'no heartbeat')),
    BEAT_MS,
  );
  opened.add(() => leave(db, row.id));
  opened.add(() => clearInterval(timer));
}

/**
 * Runs the service until SIGTERM, Ctrl-C or `/quit`; the end of its input ends only the prompt. The first signal
 * finishes or hands back what is held, the second ends at once.
 * @throws FoursightError when something that it needs cannot be had, or is lost for good
 */
export async function serve({ roles }: { readonly roles: readonly Role[] }): Promise<void> {
  const config = readConfig();
  const log = createLog(config.logLevel, { role: 'service' });
  const opened = new Opened();
  const force: (() => void)[] = [];
  const stop = new AbortController();
  let refuse: () => void = () => undefined;
  const stopped = AbortSignal.any([onStopSignals(() => force.forEach((end) => void end())), stop.signal]);
  try {
    const place = await openPlace(config, roles, log, opened, force, stopped);
    refuse = place.refuse;
    const worker = roles.includes('worker') ? startWorkerProcess(place.url, log) : undefined;
    if (worker) {
      opened.add(() => worker.close());
      force.push(() => worker.kill());
    }
    const failures = [worker?.failed, place.lost].filter((failure) => failure !== undefined);
    const unlessFailed = <T>(work: Promise<T>): Promise<T> => Promise.race([work, ...failures]);
    const url = await unlessFailed(place.url);
    const backend = await openBackend(url, config, log);
    opened.add(() => backend.close());
    place.ready(url);
    const sweep = startSweep(backend.setting);
    opened.add(() => sweep.close());
    if (worker) opened.add(() => worker.close());
    if (roles.includes('chat')) {
      await keepBeating(backend, log, opened);
      await serveHttp(config, backend, log, opened);
      await retrainNightly(url, config, backend, log, opened);
      await openSlack(config, backend, log, opened);
      await openDiscord(config, backend, log, opened);
    }
    if (worker) await Promise.race([unlessFailed(worker.ready), aborted(stopped)]);
    if (!stopped.aborted) process.stdout.write('Ready.\n');
    if (roles.includes('chat') && !stopped.aborted) {
      const console = new ConsoleAdapter({
        loop: backend.loop,
        desk: backend.desk,
        input: process.stdin,
        output: process.stdout,
        workspace: LOCAL_WORKSPACE,
        person: localPerson(),
        log,
        onQuit: () => stop.abort(),
      });
      await console.start();
      opened.add(() => console.close());
    }
    await unlessFailed(aborted(stopped));
  } catch (error) {
    // To be stopped while another's end is waited for is no failure.
    if (!(error instanceof FoursightError && error.code === 'INTERRUPTED')) throw error;
  } finally {
    refuse();
    await opened.close(log);
  }
}
