import { dirname } from 'node:path';
import type { ModelConfig } from '../models/config.ts';
import type { TrainOptions } from '../models/decoder-train.ts';
import { storedWeights } from '../models/decoder-weights.ts';
import type { StoredTensor } from '../models/safetensors.ts';
import type { Session, SessionOptions, Tensors } from '../runtime/session.ts';
import { openSession, tensor } from '../runtime/session.ts';
import type { AdamWSettings, Range } from './adamw.ts';
import { adamWStep, sumOfSquares } from './adamw.ts';
import type { LossGraph, Objective } from './loss-graph.ts';
import { gradientName, lossGraph, scoreGraph } from './loss-graph.ts';
import type { MicroBatch } from './micro-batch.ts';
import { totalSize } from './parameters.ts';

/** Memory that the workers and the trainer see: float32, every array with all parameters one after the other. */
export interface SharedState {
  readonly weights: SharedArrayBuffer;
  readonly m: SharedArrayBuffer;
  readonly v: SharedArrayBuffer;
  /** One a worker; the sum is built in the first. */
  readonly gradients: readonly SharedArrayBuffer[];
  /** The starting weights, where they are kept as the reference. */
  readonly reference: SharedArrayBuffer | null;
}

export interface ProgramStart {
  readonly config: ModelConfig;
  readonly maxLength: number;
  /** LoRA's rank; null trains all weights. */
  readonly lora: Pick<NonNullable<TrainOptions['lora']>, 'rank' | 'modules'> | null;
  readonly loraScale: number;
  readonly objective: Objective;
  /** Where the weights that LoRA adapts lie; null where all weights are trained. */
  readonly frozen: ReadonlyMap<string, StoredTensor> | null;
  readonly shared: SharedState;
  readonly worker: number;
  readonly session: SessionOptions;
}

export interface BatchResult {
  /** 0 where the objective's value is computed outside. */
  readonly loss: number;
  /** For each micro-batch, in the order of its rows. */
  readonly logProbabilities: readonly Float32Array[];
  /** Likewise; empty unless the objective has an entropy bonus. */
  readonly entropies: readonly Float32Array[];
}

export interface RunRequest {
  readonly batches: readonly MicroBatch[];
  readonly temperature: number;
  /** Score with the starting weights instead of the trained ones. */
  readonly reference?: boolean;
}

export interface UpdateRequest {
  readonly range: Range;
  readonly settings: AdamWSettings;
  readonly step: number;
  readonly learningRate: number;
  readonly clip: number;
}

/** What a training thread does; the trainer calls the methods of all workers in the same order. */
export interface TrainProgram {
  /** Writes the gradients of the loss over all micro-batches into this worker's shared array. */
  gradients(request: RunRequest): Promise<BatchResult>;
  score(request: RunRequest): Promise<BatchResult>;
  /** Adds the first `workers` gradients within the range; returns the sum of its squares. */
  reduce(request: { readonly range: Range; readonly workers: readonly number[] }): number;
  update(request: UpdateRequest): void;
  close(): Promise<void>;
}

/** Opens one worker of a trainer: its own sessions and copy of the weights; state and gradients are shared. */
export async function open(start: ProgramStart): Promise<TrainProgram> {
  const { shared, config, maxLength } = start;
  const lora = start.lora === null ? {} : { lora: start.lora };
  const weightSource = start.frozen === null ? 'inputs' : storedWeights(start.frozen);
  const options: TrainOptions = { weights: weightSource, maxLength, ...lora };
  const [stored] = start.frozen?.values() ?? [];
  const settings = stored === undefined ? start.session : { ...start.session, folder: dirname(stored.file) };
  const training = lossGraph(config, options, start.objective);
  const outputs = Object.fromEntries(training.outputs.map((name) => [name, null]));
  const session = await openSession(training.model, settings);
  let scoring: Session | undefined;
  const openScoring = async () => {
    scoring ??= await openSession(scoreGraph(config, options).model, settings);
    return scoring;
  };

  const sharedWeights = new Float32Array(shared.weights);
  const reference = shared.reference === null ? undefined : new Float32Array(shared.reference);
  const allGradients = shared.gradients.map((buffer) => new Float32Array(buffer));
  const ownGradients = allGradients[start.worker] as Float32Array;
  const sum = allGradients[0] as Float32Array;
  const arrays = {
    weights: sharedWeights,
    gradients: sum,
    m: new Float32Array(shared.m),
    v: new Float32Array(shared.v),
  };

  const weights = parameterTensors(training, (name) => name);
  const gradients = parameterTensors(training, gradientName);
  const feedsOf = (batch: MicroBatch, temperature: number, scale: number): Tensors => ({
    ...weights.tensors,
    ...batchTensors(batch, temperature),
    ...(start.lora === null ? {} : { lora_scale: tensor('float32', Float32Array.of(scale), []) }),
  });

  return {
    async gradients({ batches, temperature }) {
      weights.flat.set(sharedWeights);
      let loss = 0;
      const logProbabilities: Float32Array[] = [];
      const entropies: Float32Array[] = [];
      for (const [i, batch] of batches.entries()) {
        const feeds = { ...feedsOf(batch, temperature, start.loraScale), ...columnTensors(batch, training.columns) };
        const results = await session.run(feeds, { ...outputs, ...gradients.tensors });
        loss += Number(results.loss?.data[0] ?? 0);
        logProbabilities.push(results.log_probabilities?.data as Float32Array);
        if (results.entropies !== undefined) entropies.push(results.entropies.data as Float32Array);
        if (i === 0) ownGradients.set(gradients.flat);
        else
          for (let j = 0; j < ownGradients.length; j++)
            ownGradients[j] = (ownGradients[j] ?? 0) + (gradients.flat[j] ?? 0);
      }
      return { loss, logProbabilities, entropies };
    },
    async score({ batches, temperature, reference: asReference = false }) {
      weights.flat.set(asReference && reference !== undefined ? reference : sharedWeights);
      const scale = asReference ? 0 : start.loraScale;
      const run = await openScoring();
      const logProbabilities: Float32Array[] = [];
      for (const batch of batches) {
        const results = await run.run(feedsOf(batch, temperature, scale), { log_probabilities: null });
        logProbabilities.push(results.log_probabilities?.data as Float32Array);
      }
      return { loss: 0, logProbabilities, entropies: [] };
    },
    reduce({ range, workers }) {
      for (const worker of workers.filter((index) => index !== 0)) {
        const other = allGradients[worker] as Float32Array;
        for (let i = range.start; i < range.end; i++) sum[i] = (sum[i] as number) + (other[i] as number);
      }
      return sumOfSquares(sum, range);
    },
    update: ({ range, settings, ...step }) => adamWStep(arrays, range, settings, step),
    async close() {
      await session.close();
      await scoring?.close();
    },
  };
}

/** One tensor a parameter, all in one array. */
function parameterTensors({ parameters }: LossGraph, nameOf: (name: string) => string) {
  const flat = new Float32Array(totalSize(parameters));
  let offset = 0;
  const entries = parameters.map(({ name, dims, size }) => {
    const part = flat.subarray(offset, offset + size);
    offset += size;
    return [nameOf(name), tensor('float32', part, dims)] as const;
  });
  return { flat, tensors: Object.fromEntries(entries) };
}

const columnTensors = ({ columns, rows }: MicroBatch, names: readonly string[]): Tensors =>
  Object.fromEntries(
    names.map((name) => [name, tensor('float32', columns[name] ?? new Float32Array(), [rows.length, 1])]),
  );

function batchTensors({ batch, time, ids, positions, segments, rows, targets }: MicroBatch, temperature: number) {
  return {
    ids: tensor('int64', ids, [batch, time]),
    positions: tensor('int64', positions, [batch, time]),
    segments: tensor('int64', segments, [batch, time]),
    rows: tensor('int64', rows, [rows.length]),
    targets: tensor('int64', targets, [targets.length, 1]),
    inverse_temperature: tensor('float32', Float32Array.of(1 / temperature), []),
  };
}
