import type { EngineError } from './engine-error.ts';

/** A request for tokens. Concurrent requests are decoded together; each has its own length, temperature and weights. */
export interface GenerateRequest {
  /** The prompt, at least one token. */
  readonly ids: readonly number[];
  readonly maxTokens: number;
  /** 0 is greedy. The log-probabilities are those of the distribution sampled from; greedy ones are at temperature 1. */
  readonly temperature: number;
  /** The same seed, prompt and weights give the same tokens, whatever else is in the batch. */
  readonly seed: number;
  /** Generation ends with one of these; it is part of the result. */
  readonly stopIds: readonly number[];
  /** Weights added with `Engine.load`; `base` is the model as it was opened. */
  readonly weights?: string;
  readonly signal?: AbortSignal;
}

export interface Generation {
  readonly ids: readonly number[];
  /** Natural logarithms, one for each id. */
  readonly logprobs: readonly number[];
  readonly finishReason: 'stop' | 'length';
}

export interface ScoreRequest {
  readonly ids: readonly number[];
  /** Default 1. */
  readonly temperature?: number;
  readonly weights?: string;
}

/** A named set of trainable weights: all of the model's, or LoRA matrices. Names are the checkpoint's (LoRA: PEFT's). */
export interface WeightSet {
  readonly kind: 'full' | 'lora';
  readonly tensors: ReadonlyMap<string, { readonly dims: readonly number[]; readonly data: Float32Array }>;
  /** Only LoRA: alpha / r. */
  readonly scale?: number;
}

/** Runs one language model. Everything blocking happens in a worker thread. */
export interface Engine {
  readonly maxLength: number;
  /**
   * @throws EngineError for an empty or too long prompt, unknown weights, a closed engine; AbortError on abort;
   * RuntimeError when the model's numbers are not finite, or the graph or its thread failed
   */
  generate(request: GenerateRequest): Promise<Generation>;
  /** Log-probability of `ids[1:]`. */
  score(request: ScoreRequest): Promise<Float32Array>;
  /**
   * Adds a copy of the weights. A name that is loaded already means the new ones from then on; requests under way keep
   * the old. @throws EngineError for weights that do not fit the model
   */
  load(name: string, weights: WeightSet): Promise<void>;
  /** Requests under way are still served. */
  unload(name: string): Promise<void>;
  /** Resolves with ENGINE_FAILED when the engine's thread has died: every request fails from then on. */
  readonly failed: Promise<EngineError>;
  close(): Promise<void>;
}
