import { RuntimeError } from '../runtime/runtime-error.ts';

export interface Sample {
  readonly id: number;
  /** Natural logarithm of the token's probability. */
  readonly logprob: number;
  /** Whether so little speaks for this token and not for another that the last bits of the logits may have decided. */
  readonly isClose: boolean;
}

/** Two ways of computing the same logits part by at most some 1e-5: what lies closer together, they may order differently. */
const CLOSE_LOGITS = 1e-4;
const CLOSE_PROBABILITY = 3e-5;

/**
 * A uniform number in [0, 1) that depends on nothing but its arguments: what a request samples does not depend on the
 * batch that it is in. Two rounds of the 32-bit finalizer of MurmurHash3 for each half of the 53 bits.
 */
export function uniform(seed: number, position: number): number {
  const low = Math.trunc(seed) >>> 0;
  const high = Math.floor(Math.trunc(seed) / 2 ** 32) >>> 0;
  const key = mix(mix(low ^ 0x9e3779b9) ^ high);
  const a = mix(mix(key + Math.imul(position, 0x85ebca6b)) ^ 0x27d4eb2f);
  const b = mix(a ^ Math.imul(position + 1, 0xc2b2ae35));
  return ((a >>> 5) * 2 ** 26 + (b >>> 6)) / 2 ** 53;
}

function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** The likeliest token of a row of logits, the first of equals; its log-probability at temperature 1. */
export function greedy(logits: Float32Array): Sample {
  const id = argMax(logits);
  const most = logits[id] ?? 0;
  let near = 0;
  for (let other = 0; other < logits.length; other++) if ((logits[other] ?? 0) > most - CLOSE_LOGITS) near += 1;
  return { id, logprob: logProbability(logits, id, 1), isClose: near > 1 };
}

/** Draws from softmax(logits / temperature) by inverting its distribution at `u` in [0, 1). */
export function draw(logits: Float32Array, temperature: number, u: number, weights: Float64Array): Sample {
  const most = logits[argMax(logits)] ?? 0;
  let sum = 0;
  for (let id = 0; id < logits.length; id++) {
    const weight = Math.exp(((logits[id] ?? 0) - most) / temperature);
    weights[id] = weight;
    sum += weight;
  }
  const target = u * sum;
  let reached = 0;
  let id = 0;
  let last = 0;
  for (; id < logits.length; id++) {
    const weight = weights[id] ?? 0;
    if (weight === 0) continue;
    last = id;
    reached += weight;
    if (reached > target) break;
  }
  const chosen = id < logits.length ? id : last;
  const below = reached - (weights[chosen] ?? 0);
  const close = CLOSE_PROBABILITY * sum;
  // Below the first token and above the last there is no other.
  const isClose = (below > 0 && target - below < close) || (reached < sum && reached - target < close);
  return { id: chosen, logprob: ((logits[chosen] ?? 0) - most) / temperature - Math.log(sum), isClose };
}

/** What weights give that hold infinities or have diverged: then no token has a probability. */
export const notFinite = (): RuntimeError =>
  new RuntimeError(
    'LOGITS_NOT_FINITE',
    'the model gives no finite numbers',
    'Check the weights: they are damaged, or were trained with too high a learning rate.',
  );

/** log softmax(logits / temperature)[id] */
export function logProbability(logits: Float32Array, id: number, temperature: number): number {
  const most = logits[argMax(logits)] ?? 0;
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += Math.exp(((logits[i] ?? 0) - most) / temperature);
  return ((logits[id] ?? 0) - most) / temperature - Math.log(sum);
}

function argMax(logits: Float32Array): number {
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id] ?? 0;
    if (logit > most) {
      most = logit;
      best = id;
    }
  }
  return best;
}
