import type { Graph, GraphNode } from '../onnx/graph.ts';
import type { OpName } from '../onnx/ops.ts';
import type { Value } from '../onnx/tensor-type.ts';
import { GraphError } from '../onnx/tensor-type.ts';
import type { Rule } from './rule.ts';
import { notDifferentiable } from './rule.ts';
import { rules } from './rules.ts';

/**
 * Adds the nodes that compute the gradient of the scalar `loss` by each of `parameters`, in their order: reverse
 * accumulation, from the graph's last node to its first. Gradients have their parameters' shapes.
 * @param loss a value of shape [], or values with the loss's derivatives by them, of their shapes. How those derivatives
 *   are computed is not differentiated.
 * @throws GraphError where the way from a parameter to the loss passes an operator without a rule, or there is no way
 */
export function gradients(
  graph: Graph,
  loss: Value | ReadonlyMap<Value, Value>,
  parameters: readonly Value[],
): Value[] {
  const nodes = [...graph.nodes];
  const dependent = dependents(nodes, parameters);
  const found = new Map<Value, Value>(loss instanceof Map ? loss : [[scalarLoss(loss as Value), graph.scalar(1)]]);

  for (const node of nodes.reverse()) {
    const byOutputs = node.outputs.map((output) => found.get(output));
    if (byOutputs.every((g) => g === undefined) || !node.outputs.some((output) => dependent.has(output))) continue;
    const byInputs = ruleOf(node)({
      graph,
      inputs: node.inputs as never,
      outputs: node.outputs as never,
      attributes: node.attributes as never,
      g: byOutputs[0] as Value,
      gradients: byOutputs,
    });
    node.inputs.forEach((input, i) => {
      const g = byInputs[i];
      if (input === undefined || g === undefined || !dependent.has(input)) return;
      const sum = found.get(input);
      found.set(input, sum === undefined ? g : graph.node('Add', [sum, g]));
    });
  }
  return parameters.map((parameter) => {
    const g = found.get(parameter);
    if (g === undefined) throw new GraphError(`the loss does not depend on ${parameter.name}`);
    return g;
  });
}

function scalarLoss(loss: Value): Value {
  if (loss.shape.length > 0) throw new GraphError(`the loss has the shape [${loss.shape.join(', ')}], not []`);
  return loss;
}

/** Everything that is computed from the parameters, and they themselves. */
function dependents(nodes: readonly GraphNode[], parameters: readonly Value[]): ReadonlySet<Value> {
  const dependent = new Set<Value>(parameters);
  for (const node of nodes)
    if (node.inputs.some((input) => input !== undefined && dependent.has(input)))
      for (const output of node.outputs) dependent.add(output);
  return dependent;
}

function ruleOf(node: GraphNode): Rule<OpName> {
  const rule = rules[node.op];
  if (rule === notDifferentiable) throw new GraphError(`a gradient passes ${node.op}, which has no rule`);
  return rule as unknown as Rule<OpName>;
}
