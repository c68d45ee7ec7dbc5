import type { ModelConfig } from '../../gpu-worker/models/config.ts';
import { weightShapes } from '../../gpu-worker/models/decoder-weights.ts';
import { createRandom } from './random.ts';

export interface WeightTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** How strongly the previous-token heads look back, in units of the biases. */
const AMPLITUDE = 5;
/** What is left of the weights of those heads, so that their biases decide at first. */
const DAMPING = 0.2;

/**
 * Weights from nothing. Two heads of layer 0 start out looking one and two tokens back, through the biases of their queries and keys
 * alone: RoPE turns a key by its position, so a key that is turned ahead by d positions meets the query of d positions later.
 * Copying forms much earlier that way; at serving it is a plain Qwen2.
 */
export function initialWeights(config: ModelConfig, seed: number): Map<string, WeightTensor> {
  const random = createRandom(seed);
  const { hiddenSize, layers, headDim } = config;
  const deviation = (name: string, inputs: number): number => {
    if (name.includes('embed_tokens')) return 0.05;
    if (/o_proj|down_proj/.test(name)) return 1 / Math.sqrt(inputs * 2 * layers);
    return 0.7 / Math.sqrt(inputs);
  };
  const weights = new Map<string, WeightTensor>();
  for (const [name, dims] of weightShapes(config)) {
    const data = new Float32Array(dims.reduce((product, size) => product * size, 1));
    if (name.includes('norm')) data.fill(1);
    else if (!name.endsWith('.bias')) {
      const scale = deviation(name, dims.at(-1) ?? hiddenSize);
      for (let i = 0; i < data.length; i++) data[i] = random.normal() * scale;
    }
    weights.set(name, { dims, data });
  }
  for (const [head, back] of [
    [0, 1],
    [1, 2],
  ] as const) {
    if (head < Math.min(config.heads, config.kvHeads)) lookBack(config, weights, head, back, headDim);
  }
  return weights;
}

function lookBack(
  config: ModelConfig,
  weights: Map<string, WeightTensor>,
  head: number,
  back: number,
  headDim: number,
): void {
  const half = headDim / 2;
  for (const projection of ['q_proj', 'k_proj']) {
    const weight = weights.get(`model.layers.0.self_attn.${projection}.weight`)?.data;
    const bias = weights.get(`model.layers.0.self_attn.${projection}.bias`)?.data;
    if (weight === undefined || bias === undefined) return;
    const from = head * headDim;
    for (let i = from * config.hiddenSize; i < (from + headDim) * config.hiddenSize; i++)
      weight[i] = (weight[i] ?? 0) * DAMPING;
    // The fast half of the frequencies tells neighbours apart.
    for (let i = 0; i < half / 2; i++) {
      const angle = projection === 'k_proj' ? back * config.ropeTheta ** ((-2 * i) / headDim) : 0;
      bias[from + i] = AMPLITUDE * Math.cos(angle);
      bias[from + half + i] = AMPLITUDE * Math.sin(angle);
    }
  }
}
