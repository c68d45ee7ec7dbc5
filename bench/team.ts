import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createRng } from '../gpu-worker/tasks/random.ts';
import { percent } from '../src/domain/percent.ts';
import { turnSchema } from '../src/domain/trajectory.ts';
import { Foursight } from '../test/cli/foursight-process.ts';
import { type Installation, startInstallation } from '../test/soak/installation.ts';
import { openQuestions, questionsOfEveryKind, type TeamQuestion } from './preference/questions.ts';
import { ANSWERS_EACH, ASKED, likes, OTHERS, SEEDS, sharesOf, TEAMS, type Team, VOTERS } from './preference/team.ts';

const usage = `npm run bench -- team [--team ${TEAMS.join('|')}] [--seeds N] [--first N]
  What \`bench -- preference\` measures, through a service of its own, from outside: the questions are asked and rated over HTTP, then \`foursight retrain --wait\`
  with its gate; then 200 other questions, twice each, of the live policy.
`;

const HOSTILE_EACH = 15;
const LANES = 8;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      team: { type: 'string' },
      seeds: { type: 'string', default: '1' },
      first: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const first = Number(values.first);
  for (const team of TEAMS.filter((one) => values.team === undefined || values.team === one))
    for (let seed = first; seed < first + Number(values.seeds); seed += 1) await live(team, seed);
}

/** A team's day and night on a service of its own. */
async function live(team: Team, seed: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'foursight-team-'));
  const environment = { FOURSIGHT_ZONE: 'UTC', FOURSIGHT_RETRAIN_CRON: 'off' };
  const installation = await startInstallation({ folder, isSplit: false, environment, note: () => undefined });
  try {
    await installation.client.ready();
    const open = openQuestions(ASKED, seed * SEEDS + 1);
    const others = openQuestions(OTHERS, seed * SEEDS + 2, open);
    const asked = team === 'hostile' ? plain(questionsOfEveryKind(HOSTILE_EACH, ['wordings'], seed * SEEDS)) : open;
    const before = await measured(installation, others, 'before');
    const votes = await rated(installation, team, asked, seed);
    console.log(`team ${team}, seed ${seed}: ${asked.length} answers, ${votes} votes`);
    const began = performance.now();
    const command = new Foursight(['retrain', '--wait', '--seed', String(seed), '--json'], installation.environment);
    const { code, stdout, stderr } = await command.ended;
    const last: { status?: string; reason?: string } = JSON.parse(stdout.trim().split('\n').at(-1) || '{}');
    console.log(
      `  retrain ended with ${code} in ${((performance.now() - began) / 1_000).toFixed(0)} s: ${last.status}`,
    );
    console.log(`  ${last.reason ?? stderr}`);
    const after = await measured(installation, others, 'after');
    console.log(`  days among right answers  ${percent(before.days)} → ${percent(after.days)}`);
    console.log(`  right answers             ${percent(before.right)} → ${percent(after.right)}`);
  } finally {
    await installation.stop();
    await installation.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Questions that can be asked without notes and without others before. */
const plain = (questions: readonly TeamQuestion[]): TeamQuestion[] =>
  questions.filter(({ notes, questions: asked }) => notes.length === 0 && asked.length === 1);

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
      const given = await client.answer({ question: question.questions.at(-1) ?? '', conversation: key, key });
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
  const counts = await answers(installation, asked, 'rated', async ({ answerId, ...answered }, index) => {
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
