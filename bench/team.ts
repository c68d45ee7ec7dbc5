import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createRng } from '../gpu-worker/tasks/random.ts';
import { percent, signedPoints } from '../src/domain/percent.ts';
import { turnSchema } from '../src/domain/trajectory.ts';
import { Foursight } from '../test/cli/foursight-process.ts';
import { type Installation, startInstallation } from '../test/soak/installation.ts';
import { type HostileAsks, hostileQuestions, openQuestions, type TeamQuestion } from './preference/questions.ts';
import { ANSWERS_EACH, ASKED, likes, OTHERS, SEEDS, sharesOf, TEAMS, type Team, VOTERS } from './preference/team.ts';

const usage = `npm run bench -- team [--team ${TEAMS.join('|')}] [--seeds N] [--first N] [--each N] [--mostly KIND] [--askers N] [--temperature T] [--nights N] [--practised MINUTES] [--config FILE]
  What \`bench -- preference\` measures, through a service of its own, from outside: the questions are asked and rated over HTTP, then \`foursight retrain --wait\`
  with its gate; then 200 other questions, twice each, of the live policy. The team \`hostile\` rates --each questions of every kind (15), of one kind ten times as many, each asked by --askers
  people (1), on each of so many days, and after each night it is shown how the candidate did in the gate. --practised: before all that, so many minutes of \`practice gameof24\`, whose policy is
  made live. --temperature: of live answers, as FOURSIGHT_TEMPERATURE. --config: of \`foursight retrain\`.
`;

const LANES = 8;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      team: { type: 'string' },
      seeds: { type: 'string', default: '1' },
      first: { type: 'string', default: '1' },
      each: { type: 'string', default: '15' },
      mostly: { type: 'string' },
      askers: { type: 'string', default: '1' },
      temperature: { type: 'string', default: '0.5' },
      nights: { type: 'string', default: '1' },
      practised: { type: 'string', default: '0' },
      config: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const first = Number(values.first);
  for (const team of TEAMS.filter((one) => values.team === undefined || values.team === one))
    for (let seed = first; seed < first + Number(values.seeds); seed += 1)
      await live(team, seed, {
        asks: { each: Number(values.each), mostly: values.mostly, askers: Number(values.askers) },
        temperature: values.temperature,
        nights: Number(values.nights),
        practised: Number(values.practised),
        config: values.config,
      });
}

interface LiveOptions {
  readonly asks: HostileAsks;
  readonly temperature: string;
  readonly nights: number;
  /** Minutes. */
  readonly practised: number;
  /** A file of learning settings for `retrain`. */
  readonly config: string | undefined;
}

/** A team's days and nights on a service of its own. */
async function live(
  team: Team,
  seed: number,
  { asks, temperature, nights, practised, config }: LiveOptions,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'foursight-team-'));
  const environment = { FOURSIGHT_ZONE: 'UTC', FOURSIGHT_RETRAIN_CRON: 'off', FOURSIGHT_TEMPERATURE: temperature };
  const installation = await startInstallation({ folder, isSplit: false, environment, note: () => undefined });
  try {
    await installation.client.ready();
    const open = openQuestions(ASKED, seed * SEEDS + 1);
    const others = openQuestions(OTHERS, seed * SEEDS + 2, open);
    if (practised > 0) await practise(installation, practised, seed);
    const before = await measured(installation, others, 'before');
    for (let night = 1; night <= nights; night += 1) {
      const part = seed * SEEDS + 10 * night;
      const asked = team === 'hostile' ? withoutNotes(hostileQuestions(asks, part)) : open;
      const votes = await rated(installation, team, asked, part);
      console.log(`team ${team}, seed ${seed}, night ${night}: ${asked.length} answers, ${votes} votes`);
      await retrained(installation, part, config);
    }
    const after = await measured(installation, others, 'after');
    console.log(`  days among right answers  ${percent(before.days)} → ${percent(after.days)}`);
    console.log(`  right answers             ${percent(before.right)} → ${percent(after.right)}`);
  } finally {
    await installation.stop();
    await installation.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a command that prints lines of JSON, and gives the last one. */
async function told<T>({ environment }: Installation, schema: z.ZodType<T>, ...args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await new Foursight([...args, '--json'], environment).ended;
  if (code !== 0) throw new Error(`foursight ${args.join(' ')} ended with ${code}: ${stderr}`);
  return schema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}

const policiesSchema = z.array(z.object({ version: z.number(), status: z.string() }));

async function liveVersion(installation: Installation): Promise<number | undefined> {
  const policies = await told(installation, policiesSchema, 'policy', 'list');
  return policies.find(({ status }) => status === 'live')?.version;
}

const practisedSchema = z.object({ policyVersion: z.number(), reason: z.string().nullable() });

/** Makes a policy live that has room to lose: which solves puzzles that it is not certain of. */
async function practise(installation: Installation, minutes: number, seed: number): Promise<void> {
  const wish = ['--minutes', String(minutes), '--max-turns', '6', '--seed', String(seed)];
  const { policyVersion, reason } = await told(installation, practisedSchema, 'practice', 'gameof24', ...wish);
  await told(installation, z.object({ version: z.number() }), 'policy', 'promote', String(policyVersion));
  console.log(`practised for ${minutes} minutes: version ${policyVersion} is live (${reason})`);
}

const kindSchema = z.object({
  kind: z.string(),
  candidate: z.number(),
  opponents: z.array(z.object({ version: z.number(), accuracy: z.number(), lowerBound: z.number() })),
});
const runSchema = z.object({
  status: z.string(),
  reason: z.string().nullable(),
  policyVersion: z.number().nullable(),
  report: z.object({ gate: z.object({ kinds: z.array(kindSchema), overall: kindSchema }).optional() }),
});

/** A night's run, with what its gate found. */
async function retrained(installation: Installation, seed: number, config: string | undefined): Promise<void> {
  const began = performance.now();
  const given = config === undefined ? [] : ['--config', resolve(config)];
  const run = await told(installation, runSchema, 'retrain', '--wait', '--seed', String(seed), ...given);
  const seconds = ((performance.now() - began) / 1_000).toFixed(0);
  console.log(`  ${run.status} in ${seconds} s: ${run.reason}`);
  const { gate } = run.report;
  for (const { kind, candidate, opponents } of gate === undefined ? [] : [...gate.kinds, gate.overall])
    console.log(
      `    ${kind.padEnd(12)} ${percent(candidate)}${opponents.map((o) => `, version ${o.version} ${percent(o.accuracy)} (at least ${signedPoints(o.lowerBound)})`).join('')}`,
    );
  console.log(`  live: version ${await liveVersion(installation)}`);
}

/** Questions that suppose no notes: a workspace's are one list, which each would ask for another. */
const withoutNotes = (questions: readonly TeamQuestion[]): TeamQuestion[] =>
  questions.filter(({ notes }) => notes.length === 0);

const publicTurnSchema = turnSchema.omit({ planner: true, reason: true });
const asTurn = (turn: z.output<typeof publicTurnSchema>) => ({ ...turn, planner: null, reason: '' });

const answerSchema = z.object({
  answerId: z.string(),
  answer: z.string(),
  turns: z.array(publicTurnSchema),
});

/** Asks all questions, several at once. */
async function answers<T>(
  { client }: Installation,
  questions: readonly TeamQuestion[],
  name: string,
  take: (answered: { answerId: string; answer: string; isRight: boolean }, index: number) => Promise<T> | T,
): Promise<T[]> {
  const taken: T[] = [];
  const waiting = questions.entries();
  const lane = async () => {
    for (const [index, question] of waiting) {
      const key = `${name} ${index}`;
      const askedAt = new Date();
      let given: unknown;
      for (const [place, text] of question.questions.entries())
        given = await client.answer({ question: text, conversation: key, key: `${key}.${place}` });
      const { answerId, answer, turns } = answerSchema.parse(given);
      const seen = { answer, turns: turns.map(asTurn), askedAt, zone: 'UTC' };
      taken[index] = await take({ answerId, answer, isRight: question.isRight(seen) }, index);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return taken;
}

async function rated(
  installation: Installation,
  team: Team,
  asked: readonly TeamQuestion[],
  seed: number,
): Promise<number> {
  const counts = await answers(installation, asked, `rated ${seed}`, async ({ answerId, ...answered }, index) => {
    const rng = createRng(seed * SEEDS + index);
    for (let voter = 0; voter < VOTERS; voter += 1)
      await installation.client.rate(answerId, {
        vote: likes(team, answered, rng) ? 'up' : 'down',
        person: `person ${voter}`,
      });
    return VOTERS;
  });
  return counts.reduce((a, b) => a + b, 0);
}

async function measured(installation: Installation, others: readonly TeamQuestion[], name: string) {
  const repeated = Array.from({ length: ANSWERS_EACH }, () => others).flat();
  return sharesOf(await answers(installation, repeated, name, (answered) => answered));
}
