import { availableParallelism } from 'node:os';
import type { ModelConfig } from '../models/config.ts';
import type { LoraModule } from '../models/decoder-weights.ts';
import { loraModules, loraShapes, weightShapes } from '../models/decoder-weights.ts';
import type { StoredTensor } from '../models/safetensors.ts';
import { openThread, type Thread } from '../runtime/thread.ts';
import type { AdamWSettings, Range } from './adamw.ts';
import { clipFactor } from './adamw.ts';
import type { Evaluation } from './evaluation.ts';
import { checkExamples, gathered } from './evaluation.ts';
import type { Objective } from './loss-graph.ts';
import type { Example } from './micro-batch.ts';
import { planMicroBatches } from './micro-batch.ts';
import type { Parameter, TensorMap } from './parameters.ts';
import { flattened, parametersOf, tensorsOf, totalSize } from './parameters.ts';
import { countSketch } from './sketch.ts';
import { TrainError } from './train-error.ts';
import type { ProgramStart, SharedState, TrainProgram } from './train-program.ts';

export type { Evaluation, TensorMap };

export type Trainable =
  | { readonly kind: 'full' }
  /** The LoRA matrices of `modules`, all seven by default; the checkpoint's weights stay in its files. */
  | {
      readonly kind: 'lora';
      readonly rank: number;
      /** alpha / r */
      readonly scale: number;
      readonly modules?: readonly LoraModule[];
      readonly frozen: ReadonlyMap<string, StoredTensor>;
    };

export interface TrainerOptions {
  readonly config: ModelConfig;
  readonly trainable: Trainable;
  /** What training starts from: every weight, or every LoRA matrix, by its name. */
  readonly start: TensorMap;
  /** What `gradients` differentiates; a weighted sum of negative log-probabilities by default. */
  readonly objective?: Objective;
  /** The longest sequence, in tokens. */
  readonly maxLength: number;
  /** Threads that each compute the gradients of a share of the batch. Default: all processors for small models, else 1. */
  readonly workers?: number;
  /** CPU threads of each worker's operators. Default: the processors divided by the workers. */
  readonly threads?: number;
  /** Tokens with padding that one run computes; default 512: then the activations stay in the processor's cache. */
  readonly maxTokens?: number;
  /** Keeps the starting weights for `score` with `reference`. LoRA needs none: there the reference is the base. */
  readonly keepReference?: boolean;
}

/** The optimizer's memory, each array with all parameters one after the other. */
export interface TrainerState {
  readonly step: number;
  readonly weights: Float32Array;
  readonly m: Float32Array;
  readonly v: Float32Array;
}

export interface ScoreOptions {
  readonly temperature?: number;
  /** Use the weights that training started from; for LoRA those of the base. */
  readonly reference?: boolean;
}

export type UpdateSettings = AdamWSettings & {
  readonly learningRate: number;
  readonly maxGradNorm: number;
  /** A gradient of a larger norm is refused, like one that is not finite. */
  readonly explodingGradNorm?: number | undefined;
};

/** Computes gradients of an objective over log-probabilities and takes AdamW steps, in worker threads. */
export interface Trainer {
  readonly parameters: readonly Parameter[];
  /** Computes the gradients of the loss over all the examples, instead of those before. @throws TrainError */
  gradients(examples: readonly Example[], options?: Pick<ScoreOptions, 'temperature'>): Promise<Evaluation>;
  score(examples: readonly Example[], options?: ScoreOptions): Promise<Evaluation>;
  /** Clips the gradients to `maxGradNorm` and steps. Returns their norm before clipping. @throws TrainError when it diverged */
  update(settings: UpdateSettings): Promise<number>;
  /** Copies of the trained tensors, and of the gradients before the next step. */
  weights(): TensorMap;
  gradientTensors(): TensorMap;
  /** Of the last gradients, before an update. */
  gradientSketch(): Float64Array;
  state(): TrainerState;
  restore(state: TrainerState): void;
  close(): Promise<void>;
}

const largestParallelModel = 50_000_000;

/** @throws TrainError when `start` does not hold every parameter in its shape */
export async function openTrainer(options: TrainerOptions): Promise<Trainer> {
  const { config, trainable } = options;
  const shapes =
    trainable.kind === 'full' ? weightShapes(config) : loraShapes(config, trainable.rank, trainable.modules);
  const parameters = parametersOf(shapes);
  const size = totalSize(parameters);
  const modelSize = totalSize(parametersOf(weightShapes(config)));
  const cores = availableParallelism();
  const workers = options.workers ?? (modelSize <= largestParallelModel ? Math.min(cores, 8) : 1);
  const threads = options.threads ?? Math.max(1, Math.floor(cores / workers));
  const maxTokens = options.maxTokens ?? 512;

  const floats = () => new SharedArrayBuffer(4 * size);
  const reference = options.keepReference === true && trainable.kind === 'full' ? floats() : null;
  const shared: SharedState = {
    weights: floats(),
    m: floats(),
    v: floats(),
    gradients: Array.from({ length: workers }, floats),
    reference,
  };
  const weights = new Float32Array(shared.weights);
  weights.set(flattened(parameters, options.start));
  if (reference !== null) new Float32Array(reference).set(weights);
  const [m, v] = [new Float32Array(shared.m), new Float32Array(shared.v)];
  const gradients = shared.gradients.map((buffer) => new Float32Array(buffer));
  const sum = gradients[0] as Float32Array;

  const threadsOf: Thread<TrainProgram>[] = [];
  const close = async () => {
    await Promise.all(threadsOf.map((thread) => thread.close()));
  };
  try {
    for (let worker = 0; worker < workers; worker++)
      threadsOf.push(
        await openThread<TrainProgram>(new URL('./train-program.ts', import.meta.url), {
          config,
          maxLength: options.maxLength,
          lora: trainable.kind === 'lora' ? { rank: trainable.rank, modules: trainable.modules ?? loraModules } : null,
          loraScale: trainable.kind === 'lora' ? trainable.scale : 0,
          objective: options.objective ?? { kind: 'weighted' },
          frozen: trainable.kind === 'lora' ? trainable.frozen : null,
          shared,
          worker,
          session: { threads, memoryPattern: false },
        } satisfies ProgramStart),
      );
  } catch (error) {
    await close();
    throw error;
  }
  const onAll = <T>(work: (thread: Thread<TrainProgram>, worker: number) => Promise<T>) =>
    Promise.all(threadsOf.map(work));
  const ranges = Array.from(
    { length: workers },
    (_, i): Range => ({ start: Math.floor((size * i) / workers), end: Math.floor((size * (i + 1)) / workers) }),
  );

  let step = 0;
  let active: number[] = [];
  const run = async (method: 'gradients' | 'score', examples: readonly Example[], given: ScoreOptions = {}) => {
    checkExamples(examples, options.maxLength, config.vocabSize);
    const plan = planMicroBatches(examples, workers, maxTokens);
    const { temperature = 1, reference: asReference = false } = given;
    const busy = plan.flatMap((batches, worker) => (batches.length > 0 ? [worker] : []));
    const results = await onAll(async (thread, worker) => {
      const batches = plan[worker] ?? [];
      if (batches.length === 0) return { loss: 0, logProbabilities: [], entropies: [] };
      return await thread.call(method, { batches, temperature, reference: asReference });
    });
    return { evaluation: gathered(examples, plan, results), busy };
  };

  return {
    parameters,
    async gradients(examples, given) {
      const { evaluation, busy } = await run('gradients', examples, given);
      if (busy.length === 0)
        throw new TrainError('NOTHING_TO_LEARN', 'no token of the batch has a weight', batchRemedy);
      active = busy;
      return evaluation;
    },
    score: async (examples, given) => (await run('score', examples, given)).evaluation,
    async update({ learningRate, maxGradNorm, explodingGradNorm = Number.MAX_VALUE, ...settings }) {
      // The sum goes to the first worker's array, whose own share may be empty.
      if (!active.includes(0)) sum.fill(0);
      const squares = await onAll((thread, worker) =>
        thread.call('reduce', { range: ranges[worker] as Range, workers: active }),
      );
      active = [0];
      const norm = Math.sqrt(squares.reduce((a, b) => a + b, 0));
      if (!(norm <= explodingGradNorm))
        throw new TrainError('TRAINING_DIVERGED', `the gradient's norm is ${norm}`, 'Lower the learning rate.');
      step += 1;
      const clip = clipFactor(norm, maxGradNorm);
      await onAll((thread, worker) =>
        thread.call('update', { range: ranges[worker] as Range, settings, step, learningRate, clip }),
      );
      return norm;
    },
    weights: () => tensorsOf(parameters, weights),
    gradientTensors: () => tensorsOf(parameters, sum),
    gradientSketch: () => countSketch(active.flatMap((worker) => gradients[worker] ?? [])),
    state: () => ({ step, weights: weights.slice(), m: m.slice(), v: v.slice() }),
    restore(state) {
      for (const [into, from] of [
        [weights, state.weights],
        [m, state.m],
        [v, state.v],
      ] as const) {
        if (from.length !== size)
          throw new TrainError(
            'CHECKPOINT_OF_OTHER_MODEL',
            `a state of ${from.length} numbers for ${size} parameters`,
            'Restore the state with the model and the settings that it was saved with.',
          );
        into.set(from);
      }
      step = state.step;
    },
    close,
  };
}

const batchRemedy = 'Check the masks of the data: at least one token after the first must be 1.';
