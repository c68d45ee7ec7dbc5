import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { adamWStep, clipFactor, sumOfSquares } from '../../gpu-worker/train/adamw.ts';
import { largestDifference } from './qwen2-golden.ts';

type Matrices = Record<string, number[][]>;
interface Golden {
  optimizer: Record<string, unknown>;
  cases: { name: string; start: Matrices; steps: { grads: Matrices; grad_norm: number; params: Matrices }[] }[];
}

const file = new URL('../goldens/adamw.json', import.meta.url);
const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;
const flat = (matrices: Matrices) => Object.values(matrices).flat(2);
const settings = { betas: [0.9, 0.999], adamEpsilon: 1e-8, weightDecay: 0.01 } as const;

describe('AdamW', () => {
  for (const { name, start, steps } of golden.cases)
    for (const [Floats, tolerance] of [
      [Float64Array, 1e-12],
      [Float32Array, 1e-6],
    ] as const)
      it(`equals the reference: ${name}, ${Floats.name}`, () => {
        const weights = Floats.from(flat(start));
        const size = weights.length;
        const [m, v] = [new Floats(size), new Floats(size)];
        // Two ranges, as two workers would have them.
        const ranges = [
          { start: 0, end: 5 },
          { start: 5, end: size },
        ];
        steps.forEach(({ grads, grad_norm, params }, i) => {
          const gradients = Floats.from(flat(grads));
          const norm = Math.sqrt(ranges.reduce((sum, range) => sum + sumOfSquares(gradients, range), 0));
          expect(Math.abs(norm - grad_norm)).toBeLessThanOrEqual(tolerance * Math.max(1, grad_norm));
          const step = { step: i + 1, learningRate: 1e-3, clip: clipFactor(norm, 1) };
          for (const range of ranges) adamWStep({ weights, gradients, m, v }, range, settings, step);
          expect(largestDifference(weights, flat(params))).toBeLessThan(tolerance);
        });
      });
});
