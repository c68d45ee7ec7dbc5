import { percent } from '../../src/domain/percent.ts';
import { normalisedAnswer, type RatedAnswer, rewardOf } from '../../src/domain/reward.ts';
import type { Tool } from '../../src/domain/tool.ts';
import { createRng, shuffled } from '../tasks/random.ts';
import type { PlannerTurn } from '../train/flow-grpo-groups.ts';
import { type Gap, rescored } from './action-scores.ts';
import {
  type Collected,
  type LearningOptions,
  type LearningStep,
  type Learnt,
  learn,
  mean,
  type SourceFigures,
  type TrajectorySource,
  type Workshop,
} from './learning-run.ts';
import { MAX_LENGTH } from './policy-engines.ts';
import type { QuestionSource } from './practice-questions.ts';
import { dealtOut, type RatedMember, type WeighedGroup, weighed } from './retrain-groups.ts';
import { nearEnough } from './retrain-live.ts';
import { type RatedQuestion, ratedQuestions } from './retrain-questions.ts';
import type { RetrainSettings } from './retrain-settings.ts';
import { type Rollout, type RolloutQuestion, rollOut, rolloutSeed } from './rollouts.ts';
import { chanceOf, chancesOfVotes, MOST_CHANCE } from './vote-signal.ts';

/** What `retrain` tells of a step. */
export interface RetrainFigures extends SourceFigures {
  /** Rollouts of rated questions whose answer people had rated; `reward` is their mean. */
  readonly rewarded: number;
  readonly leftOut: number;
  /** How probable the votes are by chance, of the first step: see `chanceOf`. */
  readonly chance: number | null;
  /** Live trajectories; only the first step has any. */
  readonly liveUsed: number;
  readonly liveLeftOut: number;
}

/** A step of `retrain`, as it is stored. */
export type RetrainStep = LearningStep<RetrainFigures>;

export interface RetrainOptions extends Omit<LearningOptions<RetrainFigures>, 'source' | 'settings'> {
  /** The version whose weights are `start`. */
  readonly parentVersion: number;
  readonly rated: readonly RatedAnswer[];
  /** Questions of every kind on which the policy is held to its parent. No checker is asked of them. */
  readonly anchors: QuestionSource;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly settings: RetrainSettings;
}

export type Retrained =
  | ({ readonly status: 'learnt' } & Learnt)
  /** The votes part nothing that the policy would do: there is nothing to learn, and no weights. */
  | { readonly status: 'no update'; readonly reason: string };

/** c of the dual clip for live trajectories (Ye et al. 2020). */
const DUAL_CLIP = 3;
/** What is random beside the rollouts; no question has such a number. */
const DRAW_RATED = -2;
const DRAW_ANCHORS = -3;
const DEAL = -4;
const ANCHORS = -5;
const DEALINGS = -6;

/** Ends a run before its first update. */
class NothingToLearn extends Error {
  override readonly name = 'NothingToLearn';
}

/**
 * Learns from people's votes: the rewards are theirs alone (design decision 10).
 * @throws what `learn` throws
 */
export async function retrain(options: RetrainOptions): Promise<Retrained> {
  try {
    return { status: 'learnt', ...(await learn({ ...options, source: new RetrainSource(options) })) };
  } catch (error) {
    if (error instanceof NothingToLearn) return { status: 'no update', reason: error.message };
    throw error;
  }
}

/**
 * Rated questions, rolled out with memory, notes and clock as they were. A rollout with the answer of a rated one has its
 * reward. Nothing is remembered between two steps.
 */
class RetrainSource implements TrajectorySource<RetrainFigures> {
  readonly #options: RetrainOptions;
  readonly #questions: readonly RatedQuestion[];

  constructor(options: RetrainOptions) {
    this.#options = options;
    this.#questions = ratedQuestions(options.rated, options.settings.zone);
  }

  async collect(step: number, workshop: Workshop): Promise<Collected<RetrainFigures>> {
    const { settings } = this.#options;
    const passes = Math.ceil(this.#questions.length / settings.questions);
    const isFirst = step <= passes;
    const questions = this.#dealt((step - 1) % passes);
    const rolled = await this.#rollOut(
      questions.map(({ rollout }) => rollout),
      { step, seed: settings.seed, members: membersOf(settings, questions.length) },
      workshop,
    );
    const anchors = (await this.#rolledAnchors(step, workshop)).filter(({ turns }) => turns.length > 0);
    workshop.endPhase('rollouts');
    const all = [...rolled.flat(), ...anchors];
    const { trajectories, gap } = await rescored(
      workshop.trainer,
      all.map(({ turns }) => turns),
    );
    const turnsOf = new Map(all.map((rollout, i) => [rollout, trajectories[i] ?? []]));
    const live = isFirst ? await this.#live(questions, workshop) : [];
    workshop.endPhase('scoring');
    const members = questions.map((question, q): RatedMember[] => [
      ...(rolled[q] ?? []).flatMap((rollout) => {
        const turns = turnsOf.get(rollout) ?? [];
        return turns.length === 0 ? [] : [ratedMember(question, rollout.answer, turns)];
      }),
      ...(live[q] ?? []),
    ]);
    const groups = weighed(members, settings.leastDeviation);
    const chance = step === 1 ? await this.#chanceOf(members, groups, workshop) : null;
    const order = shuffled(createRng(this.#seed(step, DEAL)), [...groups.keys()]);
    const held = anchors.map((rollout) => turnsOf.get(rollout) ?? []);
    return {
      batches: dealtOut(groups, order, held, settings),
      figures: this.#figures(questions, rolled, { anchors, live, gap, chance, isFirst, kept: groups.length }),
    };
  }

  /** How probable such votes are without a preference. @throws NothingToLearn when they may well be chance */
  async #chanceOf(
    members: readonly (readonly RatedMember[])[],
    groups: readonly WeighedGroup[],
    { trainer, endPhase }: Workshop,
  ): Promise<number> {
    if (groups.every((group) => group.members.every(({ advantage }) => advantage === 0)))
      throw new NothingToLearn('the votes part no answers that the policy gives');
    const chances = await chancesOfVotes(trainer, members, {
      leastDeviation: this.#options.settings.leastDeviation,
      seed: this.#seed(1, DEALINGS),
    });
    endPhase('scoring');
    const chance = chanceOf(chances);
    if (chance > MOST_CHANCE)
      throw new NothingToLearn(
        `the votes may be chance: at random they would pull the planner as far in ${percent(chances.pull)} of cases, and agree as much in ${percent(chances.agreement)}; more votes may tell`,
      );
    return chance;
  }

  state(): null {
    return null;
  }

  restore(): void {
    // A step depends on its number and the seed alone.
  }

  /** A run goes through all of its questions before one comes again. */
  #dealt(part: number): readonly RatedQuestion[] {
    const most = this.#options.settings.questions;
    return shuffled(createRng(this.#seed(0, DRAW_RATED)), this.#questions).slice(part * most, (part + 1) * most);
  }

  #seed(step: number, what: number): number {
    return rolloutSeed(this.#options.settings.seed, step, what, 0);
  }

  #rollOut(
    questions: readonly RolloutQuestion[],
    own: { readonly step: number; readonly seed: number; readonly members: number },
    { engines, signal }: Workshop,
  ): Promise<Rollout[][]> {
    const { tools, settings } = this.#options;
    const { maxTurns, zone, concurrency } = settings;
    return rollOut(questions, {
      ...own,
      ...{ maxTurns, zone, concurrency, tools, engines: engines.agents },
      ...(signal && { signal }),
    });
  }

  async #rolledAnchors(step: number, workshop: Workshop): Promise<Rollout[]> {
    const { anchors: source, settings } = this.#options;
    const rng = createRng(this.#seed(step, DRAW_ANCHORS));
    const questions = Array.from({ length: settings.anchors }, () => ({ ...source(rng), isRight: () => false }));
    const own = { step, seed: this.#seed(step, ANCHORS), members: settings.anchorMembers };
    return (await this.#rollOut(questions, own, workshop)).flat();
  }

  /** The live trajectories of each question that may be learnt from. */
  async #live(questions: readonly RatedQuestion[], { trainer }: Workshop): Promise<RatedMember[][]> {
    const { parentVersion, settings, model } = this.#options;
    const { vocabSize, maxPositions } = model.config;
    const near = await nearEnough(
      trainer,
      questions.flatMap(({ live }) => live),
      {
        parentVersion,
        mostVersionsBack: settings.mostVersionsBack,
        temperature: settings.train.temperature,
        vocabSize,
        maxLength: Math.min(MAX_LENGTH, maxPositions),
      },
    );
    return questions.map((question) =>
      question.live.flatMap((answer): RatedMember[] => {
        const turns = near.get(answer);
        return turns === undefined ? [] : [{ ...ratedMember(question, answer.answer, turns), dualClip: DUAL_CLIP }];
      }),
    );
  }

  #figures(
    questions: readonly RatedQuestion[],
    rolled: readonly (readonly Rollout[])[],
    more: {
      readonly anchors: readonly Rollout[];
      readonly live: readonly (readonly RatedMember[])[];
      readonly gap: Gap;
      readonly chance: number | null;
      readonly isFirst: boolean;
      readonly kept: number;
    },
  ): RetrainFigures {
    const rewards = questions.map(({ votesOn }, q) =>
      (rolled[q] ?? []).flatMap(({ answer }) => {
        const votes = votesOn(answer);
        return votes === null ? [] : [rewardOf(votes)];
      }),
    );
    const all = [...rolled.flat(), ...more.anchors];
    const rewarded = rewards.flat().length;
    const liveUsed = more.live.flat().length;
    return {
      reward: mean(rewards.flat()),
      rewarded,
      leftOut: rolled.flat().length - rewarded,
      chance: more.chance,
      liveUsed,
      liveLeftOut: more.isFirst ? questions.flatMap(({ live }) => live).length - liveUsed : 0,
      droppedGroups: questions.length - more.kept,
      gap: more.gap,
      rollouts: all.length,
      tokens: all.reduce((sum, { actionTokens }) => sum + actionTokens, 0),
    };
  }
}

const ratedMember = ({ votesOn }: RatedQuestion, answer: string, turns: readonly PlannerTurn[]): RatedMember => ({
  answer: normalisedAnswer(answer),
  votes: votesOn(answer),
  turns,
});

const membersOf = ({ members, rollouts }: RetrainSettings, questions: number): number =>
  Math.max(1, Math.min(members, Math.floor(rollouts / questions)));
