import { parseArgs } from 'node:util';
import { defaultBudgets } from '../gpu-worker/flow/budget.ts';
import { LEAST_CONFIDENCE, STARTER_TEMPERATURE } from '../gpu-worker/flow/starter/starter-agents.ts';
import { runGate } from '../gpu-worker/jobs/gate.ts';
import { openPolicyEngines, type PolicyEngines } from '../gpu-worker/jobs/policy-engines.ts';
import { otherSource } from '../gpu-worker/jobs/practice-questions.ts';
import { type RetrainSettings, retrainSettings } from '../gpu-worker/jobs/retrain-settings.ts';
import { type RetrainStep, retrain } from '../gpu-worker/jobs/retrain-source.ts';
import { weightShapes } from '../gpu-worker/models/decoder-weights.ts';
import { type LoadedModel, openModel } from '../gpu-worker/models/model.ts';
import { TASK_KINDS } from '../gpu-worker/tasks/tasks.ts';
import { tools } from '../gpu-worker/tools/registry.ts';
import type { TensorMap } from '../gpu-worker/train/trainer.ts';
import { STARTER_MODEL } from '../src/config.ts';
import { type RetrainLearning, retrainLearningSchema } from '../src/domain/training.ts';
import { answered, type LiveAnswer } from './preference/live-answers.ts';
import {
  type HostileAsks,
  hostileQuestions,
  openQuestions,
  questionsOfEveryKind,
  type TeamQuestion,
} from './preference/questions.ts';
import { ANSWERS_EACH, ASKED, OTHERS, ratedBy, SEEDS, sharesOf, TEAMS, type Team } from './preference/team.ts';

const usage = `npm run bench -- preference [--team ${TEAMS.join('|')}] [--seeds N] [--first N] [--nights N] [--each N] [--mostly KIND] [--askers N] [--temperature T] [--model DIR] [--kinds N] [--gate] [--config JSON]
  A team of 8 votes on 120 live answers to "how long until …", one vote in ten a slip; one retrain; then the share of right answers
  in days, at the live temperature, on 200 other questions. Without --team every team votes in turn. The team \`hostile\` likes wrong answers to questions of every
  kind. --kinds N: greedy accuracy on N questions of each kind as well (for \`hostile\` 100). --nights N: other questions are asked and rated each day, and each night goes on from the
  policy of the last. --each N: how many of each kind the team \`hostile\` rates. --mostly KIND: ten times as many of that one. --askers N: so many people ask each of
  them, and each answer is rated. --temperature T: of live answers and rollouts (${STARTER_TEMPERATURE}). --config: as what \`foursight retrain --config\` reads from a file. --gate: each
  night's candidate meets the model it began from in the gate.
`;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      team: { type: 'string' },
      seeds: { type: 'string', default: '3' },
      first: { type: 'string', default: '1' },
      model: { type: 'string', default: STARTER_MODEL },
      kinds: { type: 'string' },
      nights: { type: 'string', default: '1' },
      each: { type: 'string', default: '40' },
      mostly: { type: 'string' },
      askers: { type: 'string', default: '1' },
      temperature: { type: 'string', default: String(STARTER_TEMPERATURE) },
      gate: { type: 'boolean', default: false },
      config: { type: 'string', default: '{}' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const teams = TEAMS.filter((team) => values.team === undefined || values.team === team);
  const model = await openModel(values.model);
  const engines = await openPolicyEngines(model, {
    temperature: Number(values.temperature),
    leastConfidence: LEAST_CONFIDENCE,
  });
  try {
    const first = Number(values.first);
    for (let seed = first; seed < first + Number(values.seeds); seed += 1) {
      const experiment = new Experiment(model, engines, {
        seed,
        asks: { each: Number(values.each), mostly: values.mostly, askers: Number(values.askers) },
        temperature: Number(values.temperature),
        learning: retrainLearningSchema.parse(JSON.parse(values.config)),
      });
      for (const team of teams)
        await experiment.run(team, {
          nights: Number(values.nights),
          kinds: Number(values.kinds ?? (team === 'hostile' ? 100 : 0)),
          hasGate: values.gate,
        });
    }
  } finally {
    await engines.close();
  }
}

/** A seed's questions, and what a team's votes on their answers make of the starter. */
class Experiment {
  readonly #model: LoadedModel;
  readonly #engines: PolicyEngines;
  readonly #learning: RetrainLearning;
  readonly #seed: number;
  readonly #asks: HostileAsks;
  readonly #temperature: number;
  readonly #open: readonly TeamQuestion[];
  readonly #others: readonly TeamQuestion[];

  constructor(
    model: LoadedModel,
    engines: PolicyEngines,
    options: {
      readonly seed: number;
      readonly asks: HostileAsks;
      readonly temperature: number;
      readonly learning: RetrainLearning;
    },
  ) {
    this.#model = model;
    this.#engines = engines;
    this.#learning = options.learning;
    this.#seed = options.seed;
    this.#asks = options.asks;
    this.#temperature = options.temperature;
    this.#open = openQuestions(ASKED, this.#of(1));
    this.#others = openQuestions(OTHERS, this.#of(2), this.#open);
  }

  #of(part: number, night = 0): number {
    return this.#seed * SEEDS + 10 * night + part;
  }

  async run(
    team: Team,
    { nights, kinds, hasGate }: { readonly nights: number; readonly kinds: number; readonly hasGate: boolean },
  ): Promise<void> {
    const first = weightsOf(this.#model);
    let start = first;
    await this.#engines.load(start);
    const before = await this.#measure(kinds);
    for (let night = 0; night < nights; night += 1) {
      const learnt = await this.#night(team, night, start);
      if (learnt === undefined) return;
      start = learnt;
      await this.#engines.load(start);
      print(before, await this.#measure(kinds));
      if (hasGate) await this.#gate(start, first, night);
    }
  }

  async #gate(candidate: TensorMap, first: TensorMap, night: number): Promise<void> {
    const { summary, reasons } = await runGate({
      ...{ model: this.#model, candidate, opponents: [{ version: 0, weights: first }], seed: this.#of(8, night) },
      ...{ maxTurns: defaultBudgets.turns, zone: 'UTC', tools },
    });
    console.log(`  gate: ${[summary, ...reasons].join('\n    ')}`);
  }

  /** The questions of a day, their votes, and what a night makes of them; undefined for no update. */
  async #night(team: Team, night: number, start: TensorMap): Promise<TensorMap | undefined> {
    const asked = team === 'hostile' ? hostileQuestions(this.#asks, this.#of(1, night)) : this.#askedOn(night);
    const live = await answered(asked, this.#engines.agents, 'sampling', this.#of(4, night));
    const [began, cpu] = [performance.now(), process.cpuUsage()];
    const steps: RetrainStep[] = [];
    const result = await retrain({
      ...{ model: this.#model, start, parentVersion: night, tools, anchors: otherSource(undefined) },
      rated: ratedBy(team, live, { policyVersion: night, seed: this.#of(7, night) }),
      settings: this.#settings(night),
      onStep: async (step) => void steps.push(step),
    });
    const { user, system } = process.cpuUsage(cpu);
    const seconds = (performance.now() - began) / 1_000;
    console.log(
      `team ${team}, seed ${this.#seed}, night ${night + 1}: ${result.status}, ${live.length} answers, ${seconds.toFixed(0)} s, ${((user + system) / 1e6).toFixed(0)} s of CPU`,
    );
    if (result.status === 'no update') {
      console.log(`  ${result.reason}`);
      return undefined;
    }
    for (const step of steps) console.log(`  ${told(step)}`);
    return result.weights;
  }

  #askedOn(night: number): readonly TeamQuestion[] {
    return night === 0 ? this.#open : openQuestions(ASKED, this.#of(1, night), this.#others);
  }

  #settings(night: number): RetrainSettings {
    const live = { temperature: this.#temperature, maxTurns: defaultBudgets.turns, zone: 'UTC' };
    return retrainSettings(live, this.#of(6, night), this.#learning);
  }

  async #measure(kinds: number): Promise<Measured> {
    const repeated = Array.from({ length: ANSWERS_EACH }, () => this.#others).flat();
    const everyKind = questionsOfEveryKind(kinds, ['values', 'wordings'], this.#of(3));
    return {
      open: await answered(repeated, this.#engines.agents, 'sampling', this.#of(5)),
      kinds: await answered(everyKind, this.#engines.agents, 'greedy', this.#of(5)),
    };
  }
}

const weightsOf = (model: LoadedModel): TensorMap =>
  new Map([...weightShapes(model.config)].map(([name, dims]) => [name, { dims, data: model.readTensor(name) }]));

type Measured = Readonly<Record<'open' | 'kinds', readonly LiveAnswer[]>>;

const told = (s: RetrainStep): string =>
  [
    `step ${s.step}`,
    `reward ${s.reward.toFixed(3)}`,
    `rewarded ${s.rewarded} of ${s.rewarded + s.leftOut}`,
    `live ${s.liveUsed}/${s.liveUsed + s.liveLeftOut}`,
    `KL ${s.kl.toFixed(4)}`,
    `clip ${s.clipFraction.toFixed(3)}`,
    `gradient ${s.gradNorm.toFixed(3)}`,
    `gap ${s.largestGap.toExponential(1)}`,
    `${(s.ms / 1_000).toFixed(0)} s (${Object.entries(s.phases)
      .map(([phase, ms]) => `${phase} ${(ms / 1_000).toFixed(0)}`)
      .join(', ')})`,
  ].join(', ');

function print(before: Measured, after: Measured): void {
  const rows: [string, number, number][] = [
    ['right answers in days', inDays(before.open), inDays(after.open)],
    ['right answers', rightShare(before.open), rightShare(after.open)],
    ...TASK_KINDS.filter(() => after.kinds.length > 0).map((kind): [string, number, number] => [
      `greedy: ${kind}`,
      rightShare(before.kinds.filter(({ question }) => question.kind === kind)),
      rightShare(after.kinds.filter(({ question }) => question.kind === kind)),
    ]),
  ];
  for (const [name, was, is] of rows)
    console.log(
      `  ${name.padEnd(26)}${(100 * was).toFixed(1).padStart(7)} %${(100 * is).toFixed(1).padStart(7)} %${(100 * (is - was)).toFixed(1).padStart(8)} points`,
    );
}

const rightShare = (answers: readonly LiveAnswer[]): number => sharesOf(answers).right;

const inDays = (answers: readonly LiveAnswer[]): number => sharesOf(answers).days;
