import type { Log } from '../../src/log.ts';
import type { LoadedModel } from '../models/model.ts';
import { type FlowGrpoStep, type FlowGrpoTrainer, openFlowGrpoTrainer, type Pace } from '../train/flow-grpo.ts';
import type { Groups } from '../train/flow-grpo-groups.ts';
import type { FlowGrpoSettings } from '../train/settings.ts';
import { TrainError } from '../train/train-error.ts';
import type { TensorMap, TrainerState } from '../train/trainer.ts';
import { MAX_LENGTH, openPolicyEngines, type PolicyEngines } from './policy-engines.ts';
import { entropyFactor, learningRateFactor } from './practice-settings.ts';
import type { Phase, SourceFigures, TrajectorySource } from './trajectory-source.ts';

export type { Collected, SourceFigures, TrajectorySource, Workshop } from './trajectory-source.ts';

/** How long a run goes on and how it learns. */
export interface LearningSettings {
  /** The run ends when one of them is reached. */
  readonly steps: number | null;
  readonly minutes: number | null;
  readonly seed: number;
  /** Of the rollouts' agents; see `Sampling`. */
  readonly leastConfidence?: number;
  readonly train: FlowGrpoSettings;
}

/** A step of a run. Times in milliseconds, means over the step's updates. */
export type LearningStep<Figures extends SourceFigures> = Omit<Figures, 'gap'> & {
  readonly step: number;
  /** Since the run began. */
  readonly updates: number;
  readonly skippedUpdates: number;
  readonly loss: number;
  readonly kl: number;
  readonly clipFraction: number;
  readonly gradNorm: number;
  readonly entropy: number | null;
  readonly learningRate: number;
  /** |log p by the engine − log p by the trainer| of the tokens that are learnt from, before the step's first update. */
  readonly gap: number;
  readonly largestGap: number;
  /** While rolling out. */
  readonly tokensPerSecond: number;
  readonly phases: Readonly<Record<Phase, number>>;
  readonly ms: number;
  readonly secondsLeft: number;
};

/** Where a run goes on: after a step, with the optimizer's memory and the source's. */
export interface LearningCheckpoint {
  readonly step: number;
  readonly updates: number;
  /** Updates in a row that were skipped. */
  readonly diverged: number;
  readonly elapsedMs: number;
  readonly source: unknown;
  readonly trainer: TrainerState;
}

export interface LearningOptions<Figures extends SourceFigures> {
  /** A planner of the starter family. */
  readonly model: LoadedModel;
  /** All of its weights: what training starts from and is held to. */
  readonly start: TensorMap;
  readonly source: TrajectorySource<Figures>;
  readonly settings: LearningSettings;
  /** Goes on after this step; the result is that of a run that was never interrupted. */
  readonly resume?: LearningCheckpoint | undefined;
  /** Threads that share a gradient; equal runs have equally many. Default: as the trainer chooses. */
  readonly workers?: number | undefined;
  readonly log?: Log | undefined;
  /** Ends the run early; what was learnt up to the last update is kept. */
  readonly signal?: AbortSignal | undefined;
  /** `stop` ends the run after this step. */
  readonly onStep?: (step: LearningStep<Figures>, checkpoint: () => LearningCheckpoint) => Promise<unknown>;
}

export interface Learnt {
  readonly weights: TensorMap;
  readonly steps: number;
  readonly updates: number;
}

/** Updates in a row whose gradient was not finite or exploded: then the run ends. */
const MOST_DIVERGED = 5;

/**
 * On-policy Flow-GRPO in the flow (arXiv 2510.05592, section 3): each step collects trajectories with the newest weights, learns
 * from them in a few updates, and loads the weights into the engines.
 * @throws TrainError when updates keep diverging; what generation and `onStep` throw
 */
export async function learn<Figures extends SourceFigures>(options: LearningOptions<Figures>): Promise<Learnt> {
  const { model, start, settings, resume, log, signal } = options;
  const { leastConfidence } = settings;
  const engines = await openPolicyEngines(model, { temperature: settings.train.temperature, leastConfidence }, log);
  try {
    const trainer = await openFlowGrpoTrainer({
      config: model.config,
      trainable: { kind: 'full' },
      start,
      maxLength: Math.min(MAX_LENGTH, model.config.maxPositions),
      settings: settings.train,
      ...(options.workers !== undefined && { workers: options.workers }),
    });
    try {
      if (resume !== undefined) trainer.restore(resume.trainer);
      await engines.load(trainer.weights());
      const run = new Run(options, engines, trainer);
      try {
        while (!run.isOver) await run.step();
      } catch (error) {
        // Stopped by hand: the rollouts under way are lost, the weights are not.
        if (signal?.aborted !== true) throw error;
      }
      return { weights: trainer.weights(), steps: run.steps, updates: run.updates };
    } finally {
      await trainer.close();
    }
  } finally {
    await engines.close();
  }
}

class Run<Figures extends SourceFigures> {
  steps: number;
  updates: number;
  readonly #options: LearningOptions<Figures>;
  readonly #engines: PolicyEngines;
  readonly #trainer: FlowGrpoTrainer;
  readonly #began: number;
  #diverged: number;
  #stopped = false;

  constructor(options: LearningOptions<Figures>, engines: PolicyEngines, trainer: FlowGrpoTrainer) {
    this.#options = options;
    this.#engines = engines;
    this.#trainer = trainer;
    const { resume, source } = options;
    this.steps = resume?.step ?? 0;
    this.updates = resume?.updates ?? 0;
    this.#diverged = resume?.diverged ?? 0;
    this.#began = performance.now() - (resume?.elapsedMs ?? 0);
    if (resume !== undefined) source.restore(resume.source);
  }

  /** Share of the run that is over, in [0, 1]. */
  get #done(): number {
    const { steps, minutes } = this.#options.settings;
    const byTime = minutes === null ? 0 : (performance.now() - this.#began) / (minutes * 60_000);
    return Math.min(1, Math.max(byTime, steps === null ? 0 : this.steps / steps));
  }

  get isOver(): boolean {
    return this.#done >= 1 || this.#stopped || this.#options.signal?.aborted === true;
  }

  async step(): Promise<void> {
    const { source, settings, signal, onStep } = this.#options;
    const step = this.steps + 1;
    const phases = { rollouts: 0, scoring: 0, learning: 0, loading: 0 };
    let phaseBegan = performance.now();
    const endPhase = (phase: Phase) => {
      const instant = performance.now();
      phases[phase] += instant - phaseBegan;
      phaseBegan = instant;
    };
    const [engines, trainer] = [this.#engines, this.#trainer];
    const { batches, figures } = await source.collect(step, { engines, trainer, endPhase, ...(signal && { signal }) });
    const pace = (): Pace => ({
      learningRate: settings.train.learningRate * learningRateFactor(this.updates + 1, this.#done),
      entropyFactor: entropyFactor(this.#done),
    });
    const learnt: FlowGrpoStep[] = [];
    for (const batch of batches) {
      const result = await this.#update(batch, pace());
      if (result !== null) learnt.push(result);
    }
    endPhase('learning');
    await engines.load(trainer.weights());
    endPhase('loading');
    this.steps = step;
    const { gap, ...more } = figures;
    const elapsedMs = performance.now() - this.#began;
    const done = this.#done;
    const told: LearningStep<Figures> = {
      ...more,
      step,
      updates: this.updates,
      skippedUpdates: batches.length - learnt.length,
      ...meansOf(learnt),
      learningRate: pace().learningRate,
      gap: gap.mean,
      largestGap: gap.largest,
      tokensPerSecond: phases.rollouts === 0 ? 0 : (figures.tokens / phases.rollouts) * 1_000,
      phases,
      ms: phases.rollouts + phases.scoring + phases.learning + phases.loading,
      secondsLeft: (elapsedMs * (1 - done)) / done / 1_000,
    };
    this.#stopped = (await onStep?.(told, () => this.#checkpoint())) === 'stop';
  }

  #checkpoint(): LearningCheckpoint {
    return {
      step: this.steps,
      updates: this.updates,
      diverged: this.#diverged,
      elapsedMs: performance.now() - this.#began,
      source: this.#options.source.state(),
      trainer: this.#trainer.state(),
    };
  }

  /** One update; null when its gradient was not finite or exploded, which changes no weight. */
  async #update(groups: Groups, pace: Pace): Promise<FlowGrpoStep | null> {
    try {
      const result = await this.#trainer.step(groups, pace);
      this.#diverged = 0;
      this.updates += 1;
      return result;
    } catch (error) {
      if (!(error instanceof TrainError) || error.code !== 'TRAINING_DIVERGED') throw error;
      this.#diverged += 1;
      this.#options.log?.warn({ err: error, step: this.steps + 1 }, 'an update was skipped');
      if (this.#diverged > MOST_DIVERGED) throw error;
      return null;
    }
  }
}

export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;

function meansOf(learnt: readonly FlowGrpoStep[]) {
  const entropies = learnt.flatMap(({ entropy }) => (entropy === undefined ? [] : [entropy]));
  return {
    loss: mean(learnt.map(({ loss }) => loss)),
    kl: mean(learnt.map(({ kl }) => kl)),
    clipFraction: mean(learnt.map(({ clipFraction }) => clipFraction)),
    gradNorm: mean(learnt.map(({ gradNorm }) => gradNorm)),
    entropy: entropies.length === 0 ? null : mean(entropies),
  };
}
