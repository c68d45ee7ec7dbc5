import { describe, expect, it } from 'vitest';
import { draw, greedy, uniform } from '../../gpu-worker/engine/sampler.ts';

const VOCABULARY = 60;
/** Peaked and flat rows, some with equal logits. */
function logitsOf(row: number): Float32Array {
  const spread = [0.5, 3, 12][row % 3] ?? 1;
  const logits = Float32Array.from({ length: VOCABULARY }, (_, id) => spread * (uniform(row, id) - 0.5) * 2);
  if (row % 5 === 0) logits[row % VOCABULARY] = logits[(row * 7) % VOCABULARY] ?? 0;
  return logits;
}
/** The same logits with the last bits of another way of computing them. */
const shaken = (logits: Float32Array, row: number): Float32Array =>
  logits.map((logit, id) => logit + 1e-5 * (uniform(row + 5_000_000, id) - 0.5));

describe('a draw', () => {
  it('that the last bits of the logits decide is known as close, whichever way it fell', () => {
    const scratch = new Float64Array(VOCABULARY);
    const counts = { close: 0, parted: 0 };
    const draws = 60_000;
    for (let row = 0; row < draws; row += 1) {
      const logits = logitsOf(row);
      // Every other one lies within the noise of a boundary between two tokens.
      const first = draw(logits, 0.5, uniform(9, row), scratch);
      const boundary = row % 2 === 0 ? uniform(9, row) : boundaryAbove(logits, first.id, 0.5);
      const u = Math.min(0.999999, Math.max(0, boundary + 4e-6 * (uniform(10, row) - 0.5)));
      const [one, other] = [draw(logits, 0.5, u, scratch), draw(shaken(logits, row), 0.5, u, scratch)];
      if (one.isClose) counts.close += 1;
      if (one.id === other.id) continue;
      counts.parted += 1;
      expect(one.isClose && other.isClose).toBe(true);
    }
    expect(counts.parted).toBeGreaterThan(1_000);
    expect(counts.close).toBeLessThan(0.6 * draws);
  });

  it('of the likeliest token is close when another is as likely', () => {
    expect(greedy(Float32Array.of(1, 2, 2 - 1e-5)).isClose).toBe(true);
    expect(greedy(Float32Array.of(1, 2, 1.9)).isClose).toBe(false);
  });

  it('of the only token is never close', () => {
    const logits = Float32Array.of(-1e30, 5, -1e30);
    for (const u of [0, 1e-9, 0.5, 1 - 1e-9])
      expect(draw(logits, 1, u, new Float64Array(3))).toMatchObject({ id: 1, isClose: false });
  });
});

/** The upper end of a token's share of [0, 1). */
function boundaryAbove(logits: Float32Array, id: number, temperature: number): number {
  const weights = [...logits].map((logit) => Math.exp(logit / temperature));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.slice(0, id + 1).reduce((a, b) => a + b, 0) / sum;
}
