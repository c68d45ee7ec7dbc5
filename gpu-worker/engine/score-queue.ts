import type { ModelConfig } from '../models/config.ts';
import { callDecoder } from './decoder-call.ts';
import type { Decoder } from './decoder-sessions.ts';
import { KvBatch } from './kv-batch.ts';
import { logProbability, notFinite } from './sampler.ts';

export interface ScoreJob {
  /** At least two. */
  readonly ids: readonly number[];
  readonly temperature: number;
  /** Log-probability of `ids[1:]`. */
  finish(logprobs: Float32Array<ArrayBuffer>): void;
  fail(error: unknown): void;
}

/** Tokens of one run, and logits that it may return (64 MiB). */
const maxTokens = 1_024;
const maxLogits = 2 ** 24;

/** Scores whole sequences. Those of about the same length run together, padded at the right. */
export class ScoreQueue {
  readonly #decoder: Decoder;
  readonly #config: ModelConfig;
  readonly #tokens: number;
  readonly #noCache: KvBatch;
  #waiting: ScoreJob[] = [];

  constructor(decoder: Decoder, config: ModelConfig) {
    this.#decoder = decoder;
    this.#config = config;
    this.#noCache = new KvBatch(config, 0);
    this.#tokens = Math.max(1, Math.min(maxTokens, Math.floor(maxLogits / config.vocabSize)));
  }

  get busy(): boolean {
    return this.#waiting.length > 0;
  }

  add(job: ScoreJob): void {
    this.#waiting.push(job);
  }

  /** Scores one batch: the sequence that has waited longest and those that fit to it. */
  async turn(): Promise<void> {
    const jobs = this.#take();
    const [first] = jobs;
    if (first === undefined) return;
    try {
      if (first.ids.length > this.#tokens) await this.#scoreInPieces(first);
      else await this.#scoreTogether(jobs);
    } catch (error) {
      for (const job of jobs) job.fail(error);
    }
  }

  #take(): ScoreJob[] {
    const [first, ...others] = this.#waiting;
    if (first === undefined) return [];
    const length = first.ids.length;
    const jobs = [first];
    let longest = length;
    const alike = others
      .filter(({ ids }) => ids.length >= length * 0.8 && ids.length <= length * 1.25)
      .sort((a, b) => Math.abs(a.ids.length - length) - Math.abs(b.ids.length - length));
    for (const job of alike) {
      longest = Math.max(longest, job.ids.length);
      if ((jobs.length + 1) * longest > this.#tokens) break;
      jobs.push(job);
    }
    const taken = new Set(jobs);
    this.#waiting = this.#waiting.filter((job) => !taken.has(job));
    return jobs;
  }

  async #scoreTogether(jobs: readonly ScoreJob[]): Promise<void> {
    const logits = await callDecoder(this.#decoder, {
      pieces: jobs.map(({ ids }) => ids.slice(0, -1)),
      cached: jobs.map(() => 0),
      cache: this.#noCache,
      firstRow: 0,
      wanted: 'all',
    });
    let at = 0;
    for (const job of jobs) {
      const count = job.ids.length - 1;
      try {
        job.finish(this.#logprobs(logits, at, job, 1, count));
      } catch (error) {
        job.fail(error);
      }
      at += count;
    }
  }

  async #scoreInPieces(job: ScoreJob): Promise<void> {
    const count = job.ids.length - 1;
    const cache = new KvBatch(this.#config, count);
    cache.reserve(1, count, []);
    const logprobs = new Float32Array(count);
    for (let start = 0; start < count; start += this.#tokens) {
      const end = Math.min(start + this.#tokens, count);
      const logits = await callDecoder(this.#decoder, {
        pieces: [job.ids.slice(start, end)],
        cached: [start],
        cache,
        firstRow: 0,
        wanted: 'all',
      });
      logprobs.set(this.#logprobs(logits, 0, job, start + 1, end - start), start);
    }
    job.finish(logprobs);
  }

  /** Of the tokens from `first`, whose predictions begin at row `at` of the logits. */
  #logprobs(
    logits: Float32Array,
    at: number,
    { ids, temperature }: ScoreJob,
    first: number,
    count: number,
  ): Float32Array<ArrayBuffer> {
    const { vocabSize } = this.#config;
    return Float32Array.from({ length: count }, (_, t) => {
      const row = logits.subarray((at + t) * vocabSize, (at + t + 1) * vocabSize);
      const logprob = logProbability(row, ids[first + t] ?? 0, temperature);
      if (Number.isNaN(logprob)) throw notFinite();
      return logprob;
    });
  }
}
