import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkBase, weightSetOf, weightsFromBytes, weightsToBytes } from '../../gpu-worker/jobs/policy-weights.ts';

const tensors = new Map([
  ['a', { dims: [2, 2], data: Float32Array.of(1, -2.5, 3e-38, 0.1) }],
  ['b', { dims: [0], data: new Float32Array() }],
  ['c', { dims: [3], data: Float32Array.of(-0, 1 / 3, Number.MAX_VALUE) }],
]);

describe('the weights of a policy', () => {
  it('come back from their bytes as they were', () => {
    const bytes = weightsToBytes(tensors);
    expect(weightsFromBytes(bytes, 'it')).toEqual(tensors);
    // Wherever in memory the bytes begin.
    const shifted = Buffer.concat([Buffer.alloc(3), bytes]).subarray(3);
    expect(weightsFromBytes(shifted, 'it')).toEqual(tensors);
    expect(weightsToBytes(weightsFromBytes(bytes, 'it'))).toEqual(bytes);
  });

  it('of LoRA have the scale of their settings', () => {
    const settings = { rank: 4, alpha: 16, scale: 4, modules: ['q_proj'], learningRate: 1e-6 };
    const set = weightSetOf({ kind: 'lora', settings, bytes: weightsToBytes(tensors) }, 'it');
    expect(set).toEqual({ kind: 'lora', tensors, scale: 4 });
  });

  it('are refused, with what to do, when they cannot be read or belong to another model', () => {
    const bytes = weightsToBytes(tensors);
    const kept = { kind: 'lora', settings: {}, bytes } as const;
    expect(() => weightsFromBytes(bytes.subarray(0, -1), 'policy 7')).toThrow('policy 7: its weights cannot be read');
    expect(() => weightSetOf(kept, 'policy 7')).toThrow('policy 7: its weights cannot be read');
    const [base, other] = [`m@${randomUUID()}`, `m@${randomUUID()}`];
    expect(() => checkBase({ baseModel: base }, base, 'policy 7')).not.toThrow();
    expect(() => checkBase({ baseModel: base }, other, 'policy 7')).toThrow(`policy 7 belongs to the model ${base}`);
  });
});
