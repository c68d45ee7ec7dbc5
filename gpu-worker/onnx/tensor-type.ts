import { FoursightError } from '../../src/errors.ts';

export type ElementType =
  | 'float32'
  | 'float64'
  | 'float16'
  | 'bfloat16'
  | 'int64'
  | 'int32'
  | 'int8'
  | 'uint8'
  | 'bool';

/** A number, or the name of a size that is only known when the graph runs. Equal names are equal sizes. */
export type Dim = number | string;
export type Shape = readonly Dim[];

export interface TensorType {
  readonly type: ElementType;
  readonly shape: Shape;
}

/** A tensor of a graph: an input, an initializer or the output of a node. Compared by identity. */
export interface Value extends TensorType {
  readonly name: string;
  /** What an int64 vector holds where that is known: shapes, axes, split sizes. */
  readonly elements?: Shape;
}

/** The graph that is being built makes no sense. A defect of the caller, never of a person's input. */
export class GraphError extends FoursightError {
  override readonly name = 'GraphError';

  constructor(message: string) {
    super('GRAPH_INVALID', message, 'This is a defect in the code that builds the graph; please report it.');
  }
}

export const rankOf = (value: TensorType): number => value.shape.length;

/** `axis` counted from the front. */
export function axisOf(value: TensorType, axis: number): number {
  const rank = rankOf(value);
  const front = axis < 0 ? axis + rank : axis;
  if (front < 0 || front >= rank) throw new GraphError(`axis ${axis} of a tensor [${value.shape.join(', ')}]`);
  return front;
}

export function dimOf(value: TensorType, axis: number): Dim {
  return value.shape[axisOf(value, axis)] as Dim;
}

export function fixedDimOf(value: TensorType, axis: number): number {
  const dim = dimOf(value, axis);
  if (typeof dim !== 'number') throw new GraphError(`axis ${axis} of [${value.shape.join(', ')}] has no fixed size`);
  return dim;
}

/** What the int64 vector `value` holds, all of it numbers. */
export function integersOf(value: Value): number[] {
  return elementsOf(value).map((dim) => {
    if (typeof dim !== 'number') throw new GraphError(`${value.name} holds the unknown size ${dim}`);
    return dim;
  });
}

export function elementsOf(value: Value): Shape {
  if (value.elements === undefined) throw new GraphError(`the elements of ${value.name} are not known`);
  return value.elements;
}

/** The shape of an elementwise operation, by NumPy's rules. */
export function broadcast(...shapes: readonly Shape[]): Shape {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const dims = shapes.map((shape) => shape[shape.length - rank + axis] ?? 1).filter((dim) => dim !== 1);
    const [first = 1] = dims;
    if (dims.some((dim) => dim !== first))
      throw new GraphError(`no common shape of ${shapes.map((s) => `[${s.join(', ')}]`).join(' and ')}`);
    return first;
  });
}

export const productOf = (shape: Shape, unknown: string): Dim =>
  shape.every((dim) => typeof dim === 'number') ? shape.reduce<number>((a, b) => a * Number(b), 1) : unknown;
