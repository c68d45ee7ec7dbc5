import { z } from 'zod';
import type { Tool } from '../../src/domain/tool.ts';
import { createRng, shuffled } from '../tasks/random.ts';
import { rescored } from './action-scores.ts';
import {
  type Collected,
  type LearningOptions,
  type Learnt,
  learn,
  type TrajectorySource,
  type Workshop,
} from './learning-run.ts';
import { isLearnt, minibatches, type RolledGroup } from './practice-groups.ts';
import { type PracticeFigures, practiceFigures } from './practice-metrics.ts';
import { type PracticeQuestion, QuestionDeck, type QuestionSource } from './practice-questions.ts';
import type { PracticeSettings } from './practice-settings.ts';
import { rollOut, rolloutSeed } from './rollouts.ts';

/** What is practised. */
export interface Practice {
  readonly practised: QuestionSource;
  /** Questions of other kinds. */
  readonly mixed: QuestionSource;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly settings: PracticeSettings;
}

export type PracticeOptions = Practice & Omit<LearningOptions<PracticeFigures>, 'source' | 'settings'>;

/** What is random beside the rollouts; no question has such a number. */
const DRAW_PRACTISED = -2;
const DRAW_MIXED = -3;
const DEAL = -4;

/** Learns from rollouts of questions with a checker. @throws what `learn` throws */
export const practise = ({ practised, mixed, tools, ...options }: PracticeOptions): Promise<Learnt> =>
  learn({ ...options, source: new PracticeSource({ practised, mixed, tools, settings: options.settings }) });

const stateSchema = z.object({
  practised: z.array(z.tuple([z.string(), z.number()])),
  mixed: z.array(z.tuple([z.string(), z.number()])),
});

/** Questions drawn from two decks, rolled out and judged by their checkers. */
class PracticeSource implements TrajectorySource<PracticeFigures> {
  readonly #practice: Practice;
  readonly #practised: QuestionDeck;
  readonly #mixed: QuestionDeck;

  constructor(practice: Practice) {
    this.#practice = practice;
    this.#practised = new QuestionDeck(practice.practised);
    this.#mixed = new QuestionDeck(practice.mixed);
  }

  async collect(step: number, workshop: Workshop): Promise<Collected<PracticeFigures>> {
    const rolled = await this.#rollOut(step, workshop);
    workshop.endPhase('rollouts');
    const learnt = rolled.filter(isLearnt).flatMap(({ rollouts }) => rollouts);
    const { trajectories, gap } = await rescored(
      workshop.trainer,
      learnt.map(({ turns }) => turns),
    );
    workshop.endPhase('scoring');
    const turnsOf = new Map(learnt.map((rollout, i) => [rollout, trajectories[i] ?? []]));
    const groups = rolled.map(
      (group): RolledGroup => ({
        ...group,
        rollouts: group.rollouts.map((rollout) => ({ ...rollout, turns: turnsOf.get(rollout) ?? rollout.turns })),
      }),
    );
    const order = shuffled(createRng(this.#seed(step, DEAL)), [...groups.keys()]);
    const batches = minibatches(groups, order, this.#practice.settings.minibatches);
    return { batches, figures: practiceFigures(groups, gap) };
  }

  state(): z.input<typeof stateSchema> {
    return { practised: this.#practised.shares(), mixed: this.#mixed.shares() };
  }

  restore(state: unknown): void {
    const { practised, mixed } = stateSchema.parse(state);
    this.#practised.restore(practised);
    this.#mixed.restore(mixed);
  }

  #seed(step: number, what: number): number {
    return rolloutSeed(this.#practice.settings.seed, step, what, 0);
  }

  async #rollOut(step: number, { engines, signal }: Workshop): Promise<RolledGroup[]> {
    const { settings, tools } = this.#practice;
    const { members, maxTurns, zone, concurrency, seed } = settings;
    const drawn = (deck: QuestionDeck, count: number, what: number) =>
      deck.draw(count, this.#seed(step, what)).map((question): [QuestionDeck, PracticeQuestion] => [deck, question]);
    const decks = [
      ...drawn(this.#practised, settings.questions, DRAW_PRACTISED),
      ...drawn(this.#mixed, settings.mixed, DRAW_MIXED),
    ];
    const rolled = await rollOut(
      decks.map(([, question]) => question),
      { members, maxTurns, zone, concurrency, seed, step, tools, engines: engines.agents, ...(signal && { signal }) },
    );
    return decks.map(([deck, question], index) => {
      const rollouts = rolled[index] ?? [];
      deck.record(question, rollouts.reduce((sum, { reward }) => sum + reward, 0) / rollouts.length);
      return { isMixed: deck === this.#mixed, rollouts };
    });
  }
}
