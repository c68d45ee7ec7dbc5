export interface AdamWSettings {
  readonly betas: readonly [number, number];
  readonly adamEpsilon: number;
  readonly weightDecay: number;
}

type Floats = Float32Array | Float64Array;

/** The optimizer's arrays, all of one length and layout. */
export interface AdamWArrays {
  readonly weights: Floats;
  readonly gradients: Floats;
  /** Running mean of the gradient. */
  readonly m: Floats;
  /** Running mean of its square. */
  readonly v: Floats;
}

/** The part of the arrays that one worker updates: from `start` up to `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export function sumOfSquares(x: Floats, { start, end }: Range): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += (x[i] as number) ** 2;
  return sum;
}

/** What gradients of this norm are multiplied with so that it is at most `maxGradNorm` (as torch's clip_grad_norm_). */
export const clipFactor = (gradNorm: number, maxGradNorm: number): number =>
  Math.min(1, maxGradNorm / (gradNorm + 1e-6));

/**
 * One step of AdamW (Loshchilov and Hutter 2019, algorithm 2, with decay lr · wd as in torch), in place.
 * @param step of this update, from 1
 * @param clip what the gradients are multiplied with
 */
export function adamWStep(
  { weights, gradients, m, v }: AdamWArrays,
  { start, end }: Range,
  { betas: [beta1, beta2], adamEpsilon, weightDecay }: AdamWSettings,
  { step, learningRate, clip }: { readonly step: number; readonly learningRate: number; readonly clip: number },
): void {
  const keep = 1 - learningRate * weightDecay;
  const stepSize = learningRate / (1 - beta1 ** step);
  const correction2 = Math.sqrt(1 - beta2 ** step);
  for (let i = start; i < end; i++) {
    const g = (gradients[i] as number) * clip;
    const mean = beta1 * (m[i] as number) + (1 - beta1) * g;
    const square = beta2 * (v[i] as number) + (1 - beta2) * g * g;
    m[i] = mean;
    v[i] = square;
    weights[i] = (weights[i] as number) * keep - (stepSize * mean) / (Math.sqrt(square) / correction2 + adamEpsilon);
  }
}
