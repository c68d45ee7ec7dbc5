import type { Graph } from '../onnx/graph.ts';
import type { AttributesOf, InputsOf, OpName, OutputsOf } from '../onnx/ops.ts';
import type { Value } from '../onnx/tensor-type.ts';

/** What a rule works from: a node, and the gradient of the loss by its outputs. */
export interface RuleContext<K extends OpName> {
  readonly graph: Graph;
  readonly inputs: InputsOf<K>;
  readonly outputs: OutputsOf<K>;
  readonly attributes: AttributesOf<K>;
  /** By the first output. */
  readonly g: Value;
  /** By each output; undefined where the loss does not depend on it. */
  readonly gradients: readonly (Value | undefined)[];
}

/** The vector-Jacobian product: gradients by the inputs, in order; undefined or left out where there is none. */
export type Rule<K extends OpName> = (context: RuleContext<K>) => readonly (Value | undefined)[];

/** For operators that have no gradient, and those that no training graph needs one of. */
export const notDifferentiable = 'not differentiable';

export type Rules = { readonly [K in OpName]: Rule<K> | typeof notDifferentiable };
