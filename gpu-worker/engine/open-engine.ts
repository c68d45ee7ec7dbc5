import { availableParallelism } from 'node:os';
import type { Log } from '../../src/log.ts';
import { loraShapes, weightShapes } from '../models/decoder-weights.ts';
import type { LoadedModel } from '../models/model.ts';
import { RuntimeError } from '../runtime/runtime-error.ts';
import { openThread } from '../runtime/thread.ts';
import { baseWeights, type DecodeProgram, type DecodeStart } from './decode-program.ts';
import { loraRank } from './decoder-sessions.ts';
import type { Engine, GenerateRequest, WeightSet } from './engine.ts';
import { EngineError } from './engine-error.ts';

export interface EngineOptions {
  readonly model: Pick<LoadedModel, 'config' | 'dir' | 'tensors'>;
  /** CPU threads of one operator; default 1 for small models, which gain nothing from more, else all. */
  readonly threads?: number;
  /** Sequences that decode together; default 32. More wait. */
  readonly maxBatch?: number;
  /** Tokens of a prompt with its answer; default what the model allows, at most 4,096. */
  readonly maxLength?: number;
  /** Bytes of caches of finished sequences, kept for prompts that begin like them; default 64 MiB. */
  readonly prefixCacheBytes?: number;
  /**
   * Whether a draw that the last bits of the logits may have decided is decided by logits computed for its sequence alone, so that
   * what a request samples does not depend on what else is decoded. A computation of the whole sequence for about one
   * token in a thousand; default true for small models.
   */
  readonly exact?: boolean;
  readonly log?: Log;
}

const smallModel = 50_000_000;

/**
 * Opens a model for generating and scoring in a thread of its own.
 * @throws RuntimeError when ONNX Runtime cannot load it
 */
export async function openEngine({ model, log, ...options }: EngineOptions): Promise<Engine> {
  const { config } = model;
  const parameters = sum([...weightShapes(config).values()].map((shape) => shape.reduce((a, b) => a * b, 1)));
  const start: DecodeStart = {
    config,
    dir: model.dir,
    tensors: model.tensors,
    threads: options.threads ?? (parameters < smallModel ? 1 : availableParallelism()),
    maxBatch: options.maxBatch ?? 32,
    maxLength: Math.min(options.maxLength ?? 4_096, config.maxPositions),
    exact: options.exact ?? parameters < smallModel,
    shelfBytes: options.prefixCacheBytes ?? 64 * 2 ** 20,
  };
  const started = performance.now();
  const thread = await openThread<DecodeProgram>(new URL('./decode-program.ts', import.meta.url), start);
  log?.info({ parameters, threads: start.threads, ms: Math.round(performance.now() - started) }, 'engine opened');

  const { maxLength } = start;
  const loaded = new Set([baseWeights]);
  let closed = false;
  let lastId = 0;
  const closedError = (cause?: unknown) =>
    new EngineError('ENGINE_CLOSED', 'the engine is closed', 'Open it again.', { cause });
  const checkOpen = () => {
    if (closed) throw closedError();
  };
  const call: typeof thread.call = (method, argument) =>
    thread.call(method, argument).catch((error: unknown) => {
      throw closed ? closedError(error) : error;
    });
  const check = (ids: readonly number[], weights: string, most: number, least: number) => {
    checkOpen();
    if (!loaded.has(weights))
      throw new EngineError('WEIGHTS_UNKNOWN', `no weights are loaded as "${weights}"`, 'Load them before using them.');
    if (ids.length < least)
      throw new EngineError('PROMPT_TOO_SHORT', `${ids.length} tokens given, at least ${least} needed`, 'Give more.');
    if (ids.length > most)
      throw new EngineError(
        'PROMPT_TOO_LONG',
        `${ids.length} tokens given, at most ${most} fit`,
        'Shorten the prompt or open the engine with a larger maxLength.',
      );
    const unknown = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= config.vocabSize);
    if (unknown !== undefined)
      throw new EngineError(
        'TOKEN_UNKNOWN',
        `token ${unknown} is not one of the model's ${config.vocabSize}`,
        "Use this model's own tokenizer.",
      );
  };

  return {
    maxLength,
    failed: thread.died.then(
      (cause) => new EngineError('ENGINE_FAILED', 'the engine has failed', 'Open it again.', { cause }),
    ),
    async generate(request) {
      const { ids, weights = baseWeights, signal } = request;
      check(ids, weights, maxLength - 1, 1);
      checkSampling(request);
      signal?.throwIfAborted();
      lastId += 1;
      const id = lastId;
      const answer = call('generate', {
        id,
        ids,
        weights,
        maxTokens: Math.min(request.maxTokens, maxLength - ids.length),
        temperature: request.temperature,
        seed: request.seed,
        stopIds: request.stopIds,
      });
      return signal === undefined
        ? answer
        : unlessAborted(answer, signal, () => void thread.call('abort', id).catch(ignored));
    },
    async score({ ids, temperature = 1, weights = baseWeights }) {
      check(ids, weights, maxLength, 2);
      if (!(temperature > 0))
        throw new EngineError('TEMPERATURE_INVALID', `a temperature of ${temperature}`, 'Score with one above 0.');
      return call('score', { ids, temperature, weights });
    },
    async load(name, weights) {
      checkOpen();
      if (name === baseWeights)
        throw new EngineError('WEIGHTS_RESERVED', `"${name}" names the model's own weights`, 'Take another name.');
      checkWeights(config, name, weights);
      await call('load', { name, weights });
      loaded.add(name);
    },
    async unload(name) {
      checkOpen();
      if (name !== baseWeights && loaded.delete(name)) await call('unload', name);
    },
    async close() {
      if (closed) return;
      closed = true;
      await thread.close();
    },
  };
}

/** The thread's errors that nobody waits for: a request that ended before its abort arrived. */
function ignored(error: unknown): void {
  if (!(error instanceof RuntimeError)) throw error;
}

function checkSampling({ maxTokens, temperature, seed }: GenerateRequest): void {
  if (!Number.isInteger(maxTokens) || maxTokens < 1)
    throw new EngineError('MAX_TOKENS_INVALID', `maxTokens is ${maxTokens}`, 'Ask for at least one token.');
  if (!(temperature >= 0) || !Number.isFinite(temperature))
    throw new EngineError('TEMPERATURE_INVALID', `the temperature is ${temperature}`, 'Take 0 (greedy) or more.');
  if (!Number.isSafeInteger(seed))
    throw new EngineError('SEED_INVALID', `the seed is ${seed}`, 'Take a whole number up to 2^53.');
}

function checkWeights(config: LoadedModel['config'], name: string, { kind, tensors }: WeightSet): void {
  const full = kind === 'full';
  const shapes: ReadonlyMap<string, readonly number[]> = full
    ? weightShapes(config)
    : loraShapes(config, loraRank(tensors));
  const refuse = (what: string) =>
    new EngineError('WEIGHTS_INVALID', `the weights "${name}": ${what}`, 'Load weights that were made for this model.');
  if (tensors.size === 0) throw refuse('they are empty');
  for (const [tensorName, { dims, data }] of tensors) {
    const shape = shapes.get(tensorName);
    if (shape === undefined) throw refuse(`the model has no ${tensorName}`);
    if (shape.join() !== dims.join() || data.length !== dims.reduce((a, b) => a * b, 1))
      throw refuse(`${tensorName} is [${dims}], not [${shape}]`);
  }
  if (full) for (const tensorName of shapes.keys()) if (!tensors.has(tensorName)) throw refuse(`no ${tensorName}`);
}

/** Rejects with the signal's reason as soon as it aborts. */
function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal, onAbort: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      onAbort();
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
