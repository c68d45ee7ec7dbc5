import type { Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/tensor-type.ts';
import type { ModelConfig } from './config.ts';
import type { DecoderWeights } from './decoder-weights.ts';
import { layerName, linearLayers } from './decoder-weights.ts';

/** What differs between answering and training: where tokens come from, how attention is computed. */
export interface Lowering {
  /** Token ids, [tokens]: all rows of the batch one after the other. */
  readonly ids: Value;
  /** Which tokens' logits are wanted, [rows]: indices into `ids`. */
  readonly rows: Value;
  /** Rotates queries and keys by their positions and attends. [tokens, heads · headDim] from q, k and v of [tokens, …]. */
  attention(q: Value, k: Value, v: Value, layer: number): Value;
}

/**
 * The decoder of Qwen2, and by the flags of its configuration Qwen3, Llama 3 and Mistral: the one definition from which
 * the serving and the training graph are lowered. Returns the hidden states before the LM head, [rows, hidden].
 *
 * In the last layer only the chosen rows are computed after attention: nothing else reads the other ones.
 */
export function decoderHidden(graph: Graph, config: ModelConfig, weights: DecoderWeights, lowering: Lowering): Value {
  const norm = (x: Value, name: string) =>
    graph.node('SimplifiedLayerNormalization', [x, weights.of(`${name}.weight`)], {
      axis: -1,
      epsilon: config.rmsNormEps,
    });
  const chosen = (x: Value) => graph.node('Gather', [x, lowering.rows], { axis: 0 });

  let x = graph.node('Gather', [weights.of('model.embed_tokens.weight'), lowering.ids], { axis: 0 });
  for (let layer = 0; layer < config.layers; layer++) {
    const name = layerName(layer);
    const linear = (input: Value, module: keyof ReturnType<typeof linearLayers>) =>
      project(graph, weights, linearLayers(config, layer)[module], input);

    const h = norm(x, `${name}.input_layernorm`);
    const headNorm = (heads: Value, part: 'q' | 'k') => {
      if (!config.qkNorm) return heads;
      const split = graph.reshape(heads, ['heads of tokens', config.headDim]);
      return graph.reshape(norm(split, `${name}.self_attn.${part}_norm`), heads.shape);
    };
    const q = headNorm(linear(h, 'q_proj'), 'q');
    const k = headNorm(linear(h, 'k_proj'), 'k');
    let heads = lowering.attention(q, k, linear(h, 'v_proj'), layer);
    if (layer === config.layers - 1) {
      x = chosen(x);
      heads = chosen(heads);
    }
    x = graph.node('Add', [x, linear(heads, 'o_proj')]);

    const m = norm(x, `${name}.post_attention_layernorm`);
    const gate = graph.node('QuickGelu', [linear(m, 'gate_proj')], { alpha: 1 });
    x = graph.node('Add', [x, linear(graph.node('Mul', [gate, linear(m, 'up_proj')]), 'down_proj')]);
  }
  return norm(x, 'model.norm');
}

/** Logits [rows, vocabulary] of hidden states [rows, hidden]. */
export function languageModelHead(graph: Graph, config: ModelConfig, weights: DecoderWeights, hidden: Value): Value {
  const head = weights.of(config.tieWordEmbeddings ? 'model.embed_tokens.weight' : 'lm_head.weight');
  return graph.node('Gemm', [hidden, head], { transB: 1 });
}

/** y = W x + b + scale · B (A x) */
function project(
  graph: Graph,
  weights: DecoderWeights,
  { name, module, bias }: ReturnType<typeof linearLayers>[keyof ReturnType<typeof linearLayers>],
  x: Value,
): Value {
  const w = weights.of(`${name}.weight`);
  const y = graph.node('Gemm', bias ? [x, w, weights.of(`${name}.bias`)] : [x, w], { transB: 1 });
  const lora = weights.lora(module, name);
  if (lora === undefined) return y;
  const inner = graph.node('Mul', [graph.node('Gemm', [x, lora.a], { transB: 1 }), lora.scale]);
  return graph.node('Gemm', [inner, lora.b, y], { transB: 1 });
}
