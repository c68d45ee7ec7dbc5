import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startEmbedded } from '../../src/db/embedded/server.ts';
import { createLog } from '../../src/log.ts';
import { Foursight, foursight } from '../cli/foursight-process.ts';
import { startRedis } from '../queue/redis-server.ts';
import type { PatientClient } from './client.ts';
import { brokenOff, endedAndSeen, type Installation, startInstallation, type Victim } from './installation.ts';
import { type Asked, undisturbed } from './latencies.ts';
import { until } from './processes.ts';
import { randomOf } from './random.ts';
import { withTables } from './tables.ts';
import { inspectTraining, type Trained, trained } from './training-tables.ts';

export interface TrainingRunSettings {
  readonly seed: number;
  readonly backend: 'postgres' | 'redis';
  readonly kind: 'practice' | 'retrain';
  /** How many times something is killed. */
  readonly kills: number;
  /** What may be killed, each as often as another. */
  readonly victims?: readonly Victim[];
  /** Of `practice`. */
  readonly steps?: number;
  readonly questions?: number;
  /** Told of what happens as it happens. */
  readonly tell?: (event: string) => void;
}

export interface TrainingRunReport {
  readonly killed: readonly string[];
  /** What went wrong; empty when nothing did. */
  readonly problems: readonly string[];
  /** The run, disturbed and undisturbed. */
  readonly run?: Trained;
  readonly reference?: Trained;
  /** Live questions, and those whose life overlapped no outage. */
  readonly asked: readonly Asked[];
  readonly calm: readonly Asked[];
  readonly seconds: number;
}

const VICTIMS: readonly Victim[] = ['worker', 'training', 'postgres', 'everything'];
/** Of `retrain`. */
const RETRAIN_STEPS = 6;
const ASK_EVERY_MS = 250;
/** Questions that wait for their answers. People stop asking when nobody answers; otherwise a slow machine would never catch up. */
const MOST_OPEN = 32;
const LOOK_MS = 500;
/** A run of training with its disturbances on a busy machine. */
const PATIENCE_MS = 1_200_000;
const PEOPLE = ['ada', 'bob', 'cyd', 'dee', 'eve'];
const RATED_QUESTIONS = 24;

/**
 * One run of training while things are killed with SIGKILL at random instants and people ask, compared with the same run, undisturbed,
 * on the same data. On odd seeds two workers share the queue, over a Postgres of its own.
 */
export async function trainingRun(settings: TrainingRunSettings): Promise<TrainingRunReport> {
  const { seed, backend, kind, kills, victims = VICTIMS, tell } = settings;
  const { steps = 4, questions = 6 } = settings;
  const begun = performance.now();
  const note = (event: string) => tell?.(`${((performance.now() - begun) / 1000).toFixed(1)} s ${event}`);
  const random = randomOf(seed);
  const args =
    kind === 'retrain'
      ? ['retrain', '--wait', '--seed', String(seed), '--json']
      : `practice gameof24 --steps ${steps} --questions ${questions} --max-turns 4 --seed ${seed} --json`.split(' ');
  const folder = await mkdtemp(join(tmpdir(), 'foursight-training-'));
  await chmod(folder, 0o711);
  const redis = backend === 'redis' ? await startRedis() : undefined;
  const place = {
    folder: join(folder, 'disturbed'),
    isSplit: seed % 2 === 1,
    environment: {
      FOURSIGHT_ZONE: 'UTC',
      FOURSIGHT_GATE_QUESTIONS: '500',
      FOURSIGHT_RETRAIN_CRON: 'off',
      ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
    },
    note,
  };
  await mkdir(place.folder);
  const copy = join(folder, 'undisturbed');
  let installation: Installation | undefined;
  const [problems, killed]: [string[], Victim[]] = [[], []];
  const [asked, outages]: [Asked[], number[]] = [[], []];
  let [run, reference]: (Trained | undefined)[] = [];
  try {
    let votes = 0;
    if (kind === 'retrain') {
      installation = await startInstallation(place);
      votes = await vote(installation.client, random);
      problems.push(...(await installation.stop()));
      // As root, Postgres' files belong to another user.
      await promisify(execFile)('cp', ['-a', installation.data, copy]);
    }
    note('undisturbed');
    reference = await undisturbedRun(copy, args, { ...place.environment, FOURSIGHT_HOME: join(folder, 'command') });
    note(`undisturbed in ${reference.seconds} s`);
    installation = await startInstallation(place);
    await installation.client.ready();
    const ended = new AbortController();
    const command = new Foursight(args, installation.environment);
    command.child.stdin?.end();
    const { client, kill } = installation;
    const runs = await lookAt(installation, 'select count(*) from training_runs', (count) => Number(count) > 0);
    note(`${runs} run`);
    const asking = ask(client, asked, ended.signal);
    const pauseMs = (2_000 * reference.seconds) / (kills + 1);
    const chaos = killing({ kills, pauseMs, signal: ended.signal, random }, () => {
      const victim = victims[Math.floor(random() * victims.length)] ?? 'worker';
      if (!kill(victim, random)) return false;
      if (victim === 'everything' && random() < 0.5) command.child.kill('SIGKILL');
      if (victim !== 'training') outages.push(performance.now());
      killed.push(victim);
      return true;
    });
    const open = `select count(*) from training_runs where status in ('queued', 'running')`;
    // They are waited for below; the run may fail before.
    for (const promise of [asking, chaos]) promise.catch(() => undefined);
    try {
      await lookAt(installation, open, (count) => Number(count) === 0);
    } finally {
      ended.abort();
    }
    await Promise.all([asking, chaos]);
    const { code, stderr } = await command.ended;
    note(`ended; the command with ${code} ${stderr}`);
    const expected = { kind, votes, reference, steps: kind === 'practice' ? steps : RETRAIN_STEPS };
    const count = asked.length + (kind === 'retrain' ? RATED_QUESTIONS : 0);
    const found = await endedAndSeen(installation, problems, (url) =>
      inspectTraining(url, { ...expected, questions: count }),
    );
    problems.push(...found.problems);
    run = found.run;
  } catch (error) {
    problems.push(brokenOff(error, installation));
  } finally {
    await installation?.close();
    await redis?.close();
    await rm(folder, { recursive: true, force: true });
  }
  return {
    killed,
    problems,
    ...(run && { run }),
    ...(reference && { reference }),
    asked,
    calm: undisturbed(asked, outages),
    seconds: Math.round((performance.now() - begun) / 100) / 10,
  };
}

/** Trains in a database of its own, and looks at what came of it. */
async function undisturbedRun(
  data: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Trained> {
  const server = await startEmbedded(data, createLog('silent'));
  try {
    const { REDIS_URL: _, ...own } = environment;
    const { code, stderr } = await foursight(args, { ...own, DATABASE_URL: server.url });
    if (code !== 0) throw new Error(`the undisturbed run ended with ${code}: ${stderr.slice(-600)}`);
    return await withTables(server.url, trained);
  } finally {
    await server.close();
  }
}

/** Asks of its database, however often it is away, until the value is the wanted one. */
const lookAt = (installation: Installation, query: string, isWanted: (value: unknown) => boolean): Promise<string> =>
  until(
    PATIENCE_MS,
    query,
    async () => {
      const value = await withTables(await installation.databaseUrl(), (tables) => tables.value(query));
      return isWanted(value) ? String(value) : undefined;
    },
    LOOK_MS,
  );

/** Asks every now and then until the signal, and waits for the answers. */
async function ask(client: PatientClient, asked: Asked[], signal: AbortSignal): Promise<void> {
  let open = 0;
  const one = async (i: number) => {
    const sentAt = performance.now();
    const question = `What is ${10 + i} * ${3 + (i % 7)}?`;
    open += 1;
    await client.answer({ question, conversation: `live ${i}`, key: `live ${i}` });
    open -= 1;
    asked.push({ sentAt, answeredAt: performance.now() });
  };
  const all: Promise<void>[] = [];
  while (!signal.aborted) {
    if (open < MOST_OPEN) {
      const answer = one(all.length);
      // Told when all are waited for.
      answer.catch(() => undefined);
      all.push(answer);
    }
    await delay(ASK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  await Promise.all(all);
}

interface Killing {
  readonly kills: number;
  /** The longest between two kills. */
  readonly pauseMs: number;
  /** There is nothing to kill any more. */
  readonly signal: AbortSignal;
  readonly random: () => number;
}

/** @param killOne false when what it chose is not there at the moment */
async function killing({ kills, pauseMs, signal, random }: Killing, killOne: () => boolean): Promise<void> {
  const pause = (ms: number) => delay(ms, undefined, { signal }).catch(() => undefined);
  for (let i = 0; i < kills; i += 1) {
    await pause(random() * pauseMs);
    while (!signal.aborted && !killOne()) await pause(50);
  }
}

/** A team that asks and likes days better than weeks, with slips. @returns how many votes stand */
async function vote(client: PatientClient, random: () => number): Promise<number> {
  await client.ready();
  let votes = 0;
  for (let i = 0; i < RATED_QUESTIONS; i += 1) {
    const day = 1 + Math.floor(random() * 28);
    const question =
      i % 4 === 3 ? `What is ${12 + i} * ${7 + (i % 5)}?` : `How long is it until ${day} ${MONTHS[i % 12]} 2027?`;
    const { answerId, answer } = await client.answer({ question, conversation: `rated ${i}`, key: `rated ${i}` });
    const up = /\bweeks?\b/.test(answer) ? 0.05 : 0.95;
    for (const person of PEOPLE) {
      await client.rate(answerId, { vote: random() < up ? 'up' : 'down', person });
      votes += 1;
    }
  }
  return votes;
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
