import type { Graph, GraphNode } from '../onnx/graph.ts';
import type { OpName } from '../onnx/ops.ts';
import type { Value } from '../onnx/tensor-type.ts';
import { GraphError } from '../onnx/tensor-type.ts';
import type { Backward, Rule } from './rule.ts';
import { zeros } from './rule.ts';
import { rules } from './rules.ts';

const ruleOf = (op: OpName): Rule<OpName> => rules[op] as unknown as Rule<OpName>;

/**
 * Reverse-mode differentiation, graph to graph: adds the nodes that compute the gradients of `y` to the graph that
 * computes `y`.
 * @param y a float value of the graph, a scalar unless `seed` is given
 * @param wrt the values (usually inputs) to differentiate with respect to
 * @param seed the gradient with respect to `y`, of its shape; 1 for a scalar
 * @returns one gradient for each of `wrt`, of its shape; zeros where `y` does not depend on it
 * @throws GraphError where the way from `y` to `wrt` leads through an operator without a derivative
 */
export function gradients(graph: Graph, y: Value, wrt: readonly Value[], seed?: Value): Value[] {
  if (seed === undefined && y.shape.length > 0) throw new GraphError(`${y.name} is no scalar: a gradient needs a seed`);
  const forward = [...graph.nodes];
  const active = new Set(wrt.map((value) => value.name));
  for (const node of forward) {
    if (ruleOf(node.op) === 'constant') continue;
    if (node.inputs.some((input) => input !== undefined && active.has(input.name)))
      for (const output of node.outputs) active.add(output.name);
  }
  const found = new Map<string, Value>([[y.name, seed ?? graph.scalar(1)]]);
  for (const node of forward.reverse()) backpropagate(graph, node, active, found);
  return wrt.map((value) => found.get(value.name) ?? zeros(graph, value.shape));
}

function backpropagate(graph: Graph, node: GraphNode, active: ReadonlySet<string>, found: Map<string, Value>): void {
  const incoming = node.outputs.map((output) => found.get(output.name));
  const wanted = node.inputs.map((input) => input !== undefined && active.has(input.name));
  if (incoming.every((gradient) => gradient === undefined) || !wanted.includes(true)) return;
  const rule = ruleOf(node.op);
  if (rule === 'constant') return;
  if (rule === 'none') throw new GraphError(`${node.op} has no derivative`);
  const [output] = node.outputs;
  const view: Backward<OpName> = {
    graph,
    inputs: node.inputs as Backward<OpName>['inputs'],
    outputs: node.outputs as unknown as Backward<OpName>['outputs'],
    attributes: node.attributes,
    dy: incoming[0] ?? zeros(graph, output?.shape ?? []),
    gradients: incoming,
    needs: (input) => wanted[input] === true,
  };
  rule(view).forEach((gradient, i) => {
    const input = node.inputs[i];
    if (gradient === undefined || input === undefined || wanted[i] !== true) return;
    const before = found.get(input.name);
    found.set(input.name, before === undefined ? gradient : graph.node('Add', [before, gradient]));
  });
}
