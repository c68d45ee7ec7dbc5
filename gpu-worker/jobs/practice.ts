import type { Tool } from '../../src/domain/tool.ts';
import type { Log } from '../../src/log.ts';
import type { LoadedModel } from '../models/model.ts';
import { createRng, shuffled } from '../tasks/random.ts';
import { type FlowGrpoStep, type FlowGrpoTrainer, openFlowGrpoTrainer } from '../train/flow-grpo.ts';
import type { Groups } from '../train/flow-grpo-groups.ts';
import { TrainError } from '../train/train-error.ts';
import type { TensorMap } from '../train/trainer.ts';
import { MAX_LENGTH, openPolicyEngines, type PolicyEngines } from './policy-engines.ts';
import { minibatches, type RolledGroup } from './practice-groups.ts';
import { type PracticeStep, stepOf } from './practice-metrics.ts';
import { type PracticeQuestion, QuestionDeck, type QuestionSource } from './practice-questions.ts';
import { rescored } from './practice-scores.ts';
import { learningRateFactor, type PracticeSettings } from './practice-settings.ts';
import { rollOut, rolloutSeed } from './rollouts.ts';

export interface PracticeOptions {
  /** A planner of the starter family. */
  readonly model: LoadedModel;
  /** All of its weights: what training starts from and is held to. */
  readonly start: TensorMap;
  readonly practised: QuestionSource;
  /** Questions of other kinds. */
  readonly mixed: QuestionSource;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly settings: PracticeSettings;
  readonly log?: Log;
  /** Ends the run early; what was learnt up to the last update is kept. */
  readonly signal?: AbortSignal;
  readonly onStep?: (step: PracticeStep) => Promise<void>;
}

export interface Practised {
  readonly weights: TensorMap;
  readonly steps: number;
  readonly updates: number;
}

/** Updates in a row whose gradient was not finite: then the run ends. */
const MOST_DIVERGED = 5;

/** What is random beside the rollouts; no question has such a number. */
const DRAW_PRACTISED = -2;
const DRAW_MIXED = -3;
const DEAL = -4;

/**
 * On-policy Flow-GRPO in the flow (arXiv 2510.05592, section 3): each step rolls out questions with the newest weights, learns
 * from the rollouts in a few updates, and loads the weights into the engine.
 * @throws TrainError when updates keep diverging; what generation and `onStep` throw
 */
export async function practise(options: PracticeOptions): Promise<Practised> {
  const { model, start, settings, log, signal } = options;
  const engines = await openPolicyEngines(model, settings.train.temperature, log);
  try {
    const trainer = await openFlowGrpoTrainer({
      config: model.config,
      trainable: { kind: 'full' },
      start,
      maxLength: Math.min(MAX_LENGTH, model.config.maxPositions),
      settings: settings.train,
    });
    try {
      await engines.load(start);
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

class Run {
  steps = 0;
  updates = 0;
  readonly #options: PracticeOptions;
  readonly #engines: PolicyEngines;
  readonly #trainer: FlowGrpoTrainer;
  readonly #practised: QuestionDeck;
  readonly #mixed: QuestionDeck;
  readonly #began = performance.now();
  #diverged = 0;

  constructor(options: PracticeOptions, engines: PolicyEngines, trainer: FlowGrpoTrainer) {
    this.#options = options;
    this.#engines = engines;
    this.#trainer = trainer;
    this.#practised = new QuestionDeck(options.practised);
    this.#mixed = new QuestionDeck(options.mixed);
  }

  /** Share of the run that is over, in [0, 1]. */
  get #done(): number {
    const { steps, minutes } = this.#options.settings;
    const byTime = minutes === null ? 0 : (performance.now() - this.#began) / (minutes * 60_000);
    return Math.min(1, Math.max(byTime, steps === null ? 0 : this.steps / steps));
  }

  get isOver(): boolean {
    return this.#done >= 1 || this.#options.signal?.aborted === true;
  }

  async step(): Promise<void> {
    const step = this.steps + 1;
    const timer = phases();
    const rolled = await this.#rollOut(step);
    timer.end('rollouts');
    const { groups, gap } = await rescored(this.#trainer, rolled);
    timer.end('scoring');
    const order = shuffled(createRng(this.#seed(step, DEAL)), [...groups.keys()]);
    const rate = () => this.#options.settings.train.learningRate * learningRateFactor(this.updates + 1, this.#done);
    const learnt: FlowGrpoStep[] = [];
    const batches = minibatches(groups, order, this.#options.settings.minibatches);
    for (const batch of batches) {
      const result = await this.#update(batch, rate());
      if (result !== null) learnt.push(result);
    }
    timer.end('learning');
    await this.#engines.load(this.#trainer.weights());
    timer.end('loading');
    this.steps = step;
    const elapsedMs = performance.now() - this.#began;
    const metrics = {
      step,
      updates: this.updates,
      skipped: batches.length - learnt.length,
      learningRate: rate(),
      done: this.#done,
      elapsedMs,
    };
    await this.#options.onStep?.(stepOf(groups, learnt, gap, timer.ms, metrics));
  }

  #seed(step: number, what: number): number {
    return rolloutSeed(this.#options.settings.seed, step, what, 0);
  }

  async #rollOut(step: number): Promise<RolledGroup[]> {
    const { settings, tools, signal } = this.#options;
    const decks: readonly (readonly [QuestionDeck, PracticeQuestion])[] = [
      ...this.#practised
        .draw(settings.questions, this.#seed(step, DRAW_PRACTISED))
        .map((question) => [this.#practised, question] as const),
      ...this.#mixed
        .draw(settings.mixed, this.#seed(step, DRAW_MIXED))
        .map((question) => [this.#mixed, question] as const),
    ];
    const { members, maxTurns, zone, concurrency, seed } = settings;
    const rolled = await rollOut(
      decks.map(([, question]) => question),
      {
        members,
        maxTurns,
        zone,
        concurrency,
        seed,
        step,
        tools,
        ...(signal && { signal }),

        engines: this.#engines.agents,
      },
    );
    return decks.map(([deck, question], index) => {
      const rollouts = rolled[index] ?? [];
      deck.record(question, rollouts.reduce((sum, { reward }) => sum + reward, 0) / rollouts.length);
      return { isMixed: deck === this.#mixed, rollouts };
    });
  }

  /** One update; null when its gradient was not finite, which changes no weight. */
  async #update(groups: Groups, learningRate: number): Promise<FlowGrpoStep | null> {
    try {
      const result = await this.#trainer.step(groups, learningRate);
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

/** Milliseconds of each phase of a step. */
function phases() {
  const ms = { rollouts: 0, scoring: 0, learning: 0, loading: 0 };
  let began = performance.now();
  return {
    ms,
    end(phase: keyof typeof ms): void {
      const instant = performance.now();
      ms[phase] = instant - began;
      began = instant;
    },
  };
}
