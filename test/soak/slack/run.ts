import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connected, connectionOf, type Mode, readManifest } from '../../slack/connection.ts';
import { type FakeSlack, startFakeSlack } from '../../slack/fake/fake-slack.ts';
import { brokenOff, endedAndSeen, type Installation, startInstallation } from '../installation.ts';
import { until } from '../processes.ts';
import { randomOf } from '../random.ts';
import { inspectSlack, votesOf } from './checks.ts';
import { plan } from './plan.ts';
import { createTeam, type SoakTeam } from './team.ts';

export interface SlackRunSettings {
  readonly seed: number;
  readonly mode: Mode;
  readonly questions: number;
  readonly threads: number;
  readonly people: number;
  readonly channels: number;
  /** How often everything is killed with SIGKILL. */
  readonly kills: number;
  /** In which all is asked. */
  readonly seconds: number;
  /** How many times as much as by its published rates Slack lets through. */
  readonly speed: number;
  /** Told of what happens as it happens. */
  readonly tell?: (event: string) => void;
}

export interface SlackRunReport {
  readonly problems: readonly string[];
  /** Answers that do not speak of what was asked: the planner's doing, unless they are another question's. */
  readonly offPoint: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** What goes wrong with the calls of the Web API, and with what Slack sends. */
const FAULTS = {
  latencyMs: [5, 60],
  rateLimited: 0.02,
  errorBefore: 0.02,
  errorAfter: 0.02,
  duplicateEvery: 10,
  dropSocketEvery: 60,
} as const;
/** How long nobody need be answered, after everything was asked. */
const PATIENCE_MS = 120_000;
const LOOK_MS = 500;
/** Nothing may happen any more when it was quiet for so long. */
const QUIET_MS = 4_000;

/** One run: a team asks and rates in Slack while Slack fails now and then and everything is killed. On odd seeds two workers share the queue. */
export async function slackRun(settings: SlackRunSettings): Promise<SlackRunReport> {
  const { seed, mode, kills, seconds, speed, tell } = settings;
  const begun = performance.now();
  const note = (event: string) => tell?.(`${((performance.now() - begun) / 1000).toFixed(1)} s ${event}`);
  const folder = await mkdtemp(join(tmpdir(), 'foursight-slack-'));
  await chmod(folder, 0o711);
  const slack = await startFakeSlack({
    manifest: await readManifest(),
    seed,
    rateLimits: { mode: 'enforce', factor: speed },
  });
  const ms = seconds * 1_000;
  const random = randomOf(seed);
  const people = Array.from({ length: settings.people }, (_, i) => slack.addUser(`person${i}`));
  const channels = Array.from({ length: settings.channels }, (_, i) =>
    slack.addChannel(`channel${i}`, { members: people, kind: i % 3 === 2 ? 'private' : 'public' }),
  );
  const threads = plan({ ...settings, ms });
  const team = createTeam({ slack, threads, people, channels, random });
  const problems: string[] = [];
  let offPoint: readonly string[] = [];
  let installation: Installation | undefined;
  try {
    const environment = { ...(await connectionOf(slack, mode)), ...limits(speed) };
    installation = await startInstallation({ folder, isSplit: seed % 2 === 1, environment, note });
    await installation.client.ready();
    await connected(slack, mode);
    note('connected');
    slack.setFaults(FAULTS);
    await play(team, { ms, kills, random, installation, note });
    slack.setFaults({});
    await settle(slack, team, installation, note);
    const found = await endedAndSeen(installation, problems, (url) => inspectSlack(url, slack, team.doings));
    problems.push(...found.problems);
    offPoint = found.offPoint;
  } catch (error) {
    problems.push(brokenOff(error, installation));
  } finally {
    await installation?.close();
    await slack.close();
    await rm(folder, { recursive: true, force: true });
  }
  return {
    problems,
    offPoint,
    figures: figures(slack, team),
    seconds: Math.round((performance.now() - begun) / 100) / 10,
  };
}

/** Nobody asks too much here; what is tried is Slack's own rates. */
const limits = (speed: number): Record<string, string> => ({
  SLACK_RATE: String(speed),
  FOURSIGHT_PERSON_LIMIT: '100000',
  FOURSIGHT_WORKSPACE_LIMIT: '100000',
  FOURSIGHT_RETRAIN_CRON: 'off',
});

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
async function settle(
  slack: FakeSlack,
  { doings }: SoakTeam,
  installation: Installation,
  note: (event: string) => void,
) {
  let calls = -1;
  await until(
    120_000,
    'quiet',
    async () => {
      const before = calls;
      calls = slack.journal.calls.length;
      return before === calls || undefined;
    },
    QUIET_MS,
  ).catch((error: unknown) => note(String(error)));
  const url = await installation.databaseUrl();
  // What is not right in time is told by the inspection.
  await until(60_000, 'the votes', async () => (await votesOf(url, doings)).length === 0 || undefined, LOOK_MS).catch(
    (error: unknown) => note(String(error)),
  );
  await slack.settled();
}

function figures(slack: FakeSlack, { doings }: SoakTeam): Record<string, number> {
  const { calls, events } = slack.journal;
  return {
    questions: doings.threads.flat().length,
    votes: doings.votes.size,
    events: events.length,
    lost: events.filter(({ outcome }) => outcome === 'lost').length,
    calls: calls.length,
    faults: calls.filter(({ isInjected }) => isInjected).length,
    'over the rates': slack.violations.length,
  };
}
