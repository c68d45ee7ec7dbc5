import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { brokenOff, endedAndSeen, type Installation, startInstallation } from '../installation.ts';
import { until } from '../processes.ts';
import { randomOf } from '../random.ts';
import type { SoakChat } from './chat.ts';
import { inspect, votesOf } from './checks.ts';
import { plan } from './plan.ts';
import { createTeam, type SoakTeam } from './team.ts';

export interface ChatRunSettings {
  readonly seed: number;
  readonly questions: number;
  readonly threads: number;
  readonly people: number;
  readonly channels: number;
  /** How often everything is killed with SIGKILL. */
  readonly kills: number;
  /** In which all is asked. */
  readonly seconds: number;
  /** Told of what happens as it happens. */
  readonly tell?: (event: string) => void;
}

export interface ChatRunReport {
  readonly problems: readonly string[];
  /** Answers that do not speak of what was asked: the planner's doing, unless they are another question's. */
  readonly offPoint: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** What a long run has; its platform lets through so many times as much as by its published rates. */
export const CHAT_NUMBERS = {
  ...{ questions: 500, threads: 50, people: 20, channels: 10 },
  ...{ kills: 5, seconds: 180, speed: 6 },
} as const;

/** A report in a line. @param tell of answers that do not speak of what was asked */
export function chatSaid(
  { seconds, figures, offPoint }: ChatRunReport,
  tell: ((event: string) => void) | undefined,
): string {
  for (const answer of offPoint) tell?.(answer);
  const counted = Object.entries(figures).map(([name, value]) => `${value} ${name}`);
  return `${seconds} s; ${counted.join(', ')}, ${offPoint.length} answers off the point`;
}

/** How long nobody need be answered, after everything was asked. */
const PATIENCE_MS = 120_000;
const LOOK_MS = 500;
/** Nothing may happen any more when it was quiet for so long. */
const QUIET_MS = 4_000;

/**
 * One run: a team asks and rates while the platform fails now and then and everything is killed. On odd seeds two workers share the
 * queue.
 * @param open a fake platform of the run's own
 */
export async function chatRun(open: () => Promise<SoakChat>, settings: ChatRunSettings): Promise<ChatRunReport> {
  const { seed, kills, seconds, tell } = settings;
  const begun = performance.now();
  const note = (event: string) => tell?.(`${((performance.now() - begun) / 1000).toFixed(1)} s ${event}`);
  const folder = await mkdtemp(join(tmpdir(), 'foursight-chat-'));
  await chmod(folder, 0o711);
  const chat = await open();
  const ms = seconds * 1_000;
  const random = randomOf(seed);
  const people = Array.from({ length: settings.people }, (_, i) => chat.addPerson(`person${i}`));
  const places = Array.from({ length: settings.channels }, (_, i) => chat.addPlace(`channel${i}`, i, people));
  const team = createTeam({ chat, threads: plan({ ...settings, ms }), people, places, random });
  const problems: string[] = [];
  let offPoint: readonly string[] = [];
  let installation: Installation | undefined;
  try {
    const environment = { ...chat.environment, ...UNLIMITED };
    installation = await startInstallation({ folder, isSplit: seed % 2 === 1, environment, note });
    await installation.client.ready();
    await chat.connected();
    note('connected');
    chat.setFaults(true);
    await play(team, { ms, kills, random, installation, note });
    chat.setFaults(false);
    await settle(chat, team, installation, note);
    const found = await endedAndSeen(installation, problems, (url) => inspect(url, chat, team.doings));
    problems.push(...found.problems);
    offPoint = found.offPoint;
  } catch (error) {
    problems.push(brokenOff(error, installation));
  } finally {
    await installation?.close();
    await chat.close();
    await rm(folder, { recursive: true, force: true });
  }
  return {
    problems,
    offPoint,
    figures: { questions: team.doings.threads.flat().length, votes: team.doings.votes.size, ...chat.figures() },
    seconds: Math.round((performance.now() - begun) / 100) / 10,
  };
}

/** Nobody asks too much here; what is tried is the platform's own rates. */
const UNLIMITED = {
  FOURSIGHT_PERSON_LIMIT: '100000',
  FOURSIGHT_WORKSPACE_LIMIT: '100000',
  FOURSIGHT_RETRAIN_CRON: 'off',
} as const;

interface Play {
  readonly ms: number;
  readonly kills: number;
  readonly random: () => number;
  readonly installation: Installation;
  readonly note: (event: string) => void;
}

/** People ask and rate, and everything is killed now and then, until each question has its answer. */
async function play(team: SoakTeam, { ms, kills, random, installation, note }: Play): Promise<void> {
  const over = new AbortController();
  const rating = team.rateAll(over.signal);
  // Awaited below; it may fail before.
  rating.catch(() => undefined);
  const chaos = (async () => {
    for (let i = 0; i < kills; i += 1) {
      // One in each stretch, none before every channel has been spoken in.
      await delay((ms / (kills + 0.5)) * (i === 0 ? 0.5 + random() / 2 : 0.6 + random() * 0.8));
      installation.kill('everything', random);
    }
  })();
  try {
    await Promise.all([chaos, team.askAll(performance.now())]);
    note('everything is asked');
    await answered(team, note);
  } finally {
    over.abort();
  }
  await rating;
}

/** Waits for the answers as long as they come. What is missing then is told by the inspection. */
async function answered(team: SoakTeam, note: (event: string) => void): Promise<void> {
  const wanted = team.doings.threads.flat().length;
  let [last, since] = [-1, performance.now()];
  while (team.answersSeen() < wanted && performance.now() - since < PATIENCE_MS) {
    if (team.answersSeen() !== last) {
      [last, since] = [team.answersSeen(), performance.now()];
      note(`${last} of ${wanted} answered`);
    }
    await delay(LOOK_MS);
  }
}

/** Waits until the votes are as they must be, or do not become so, and nothing is called any more. */
async function settle(chat: SoakChat, { doings }: SoakTeam, installation: Installation, note: (event: string) => void) {
  let calls = -1;
  await until(
    120_000,
    'quiet',
    async () => {
      const before = calls;
      calls = chat.calls();
      return before === calls || undefined;
    },
    QUIET_MS,
  ).catch((error: unknown) => note(String(error)));
  const url = await installation.databaseUrl();
  // What is not right in time is told by the inspection.
  await until(
    60_000,
    'the votes',
    async () => (await votesOf(url, chat, doings)).length === 0 || undefined,
    LOOK_MS,
  ).catch((error: unknown) => note(String(error)));
  await chat.settled();
}
