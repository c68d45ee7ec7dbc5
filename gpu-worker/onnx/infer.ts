import type { Dim, ElementType, TensorType, Value } from './tensor-type.ts';
import { axisOf, broadcast, dimOf, elementsOf, fixedDimOf, GraphError, integersOf, productOf } from './tensor-type.ts';

/** ONNX's numbers for element types (TensorProto.DataType). */
export const elementTypeCodes: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
};

export function elementTypeOf(code: number): ElementType {
  const found = Object.entries(elementTypeCodes).find(([, value]) => value === code);
  if (found === undefined) throw new GraphError(`element type ${code} is not known`);
  return found[0] as ElementType;
}

export const like = (x: TensorType): TensorType => ({ type: x.type, shape: x.shape });

export function reduced(x: Value, axes: Value, keepdims: number): TensorType {
  const gone = new Set(integersOf(axes).map((axis) => axisOf(x, axis)));
  const shape = x.shape.flatMap((dim, axis) => (gone.has(axis) ? (keepdims === 1 ? [1] : []) : [dim]));
  return { type: x.type, shape };
}

export function argMax(x: Value, axis: number, keepdims: number): TensorType {
  const at = axisOf(x, axis);
  return { type: 'int64', shape: x.shape.flatMap((dim, i) => (i === at ? (keepdims === 1 ? [1] : []) : [dim])) };
}

export function matMul(a: Value, b: Value, transA: number, transB: number): TensorType {
  const [m, k] = transA === 1 ? [dimOf(a, -1), dimOf(a, -2)] : [dimOf(a, -2), dimOf(a, -1)];
  const [k2, n] = transB === 1 ? [dimOf(b, -1), dimOf(b, -2)] : [dimOf(b, -2), dimOf(b, -1)];
  if (k !== k2) throw new GraphError(`product of [${a.shape.join(', ')}] and [${b.shape.join(', ')}]: ${k} and ${k2}`);
  return { type: a.type, shape: [...broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)), m, n] };
}

export function reshaped(x: Value, to: Value): TensorType {
  const shape = elementsOf(to);
  const before = productOf(x.shape, '?');
  const after = productOf(shape, '?');
  if (before !== '?' && after !== '?' && before !== after)
    throw new GraphError(`[${x.shape.join(', ')}] reshaped to [${shape.join(', ')}]`);
  return { type: x.type, shape };
}

export const expanded = (x: Value, to: Value): TensorType => ({
  type: x.type,
  shape: broadcast(x.shape, elementsOf(to)),
});

export function transposed(x: Value, perm: readonly number[] | undefined): TensorType {
  if (perm?.length !== x.shape.length) throw new GraphError(`transposing [${x.shape.join(', ')}] by [${perm}]`);
  return { type: x.type, shape: perm.map((axis) => dimOf(x, axis)) };
}

export function unsqueezed(x: Value, axes: Value): TensorType {
  const shape: Dim[] = [...x.shape];
  for (const axis of integersOf(axes).sort((a, b) => a - b)) shape.splice(axis, 0, 1);
  return { type: x.type, shape };
}

export function concatenated(parts: readonly Value[], axis: number): TensorType {
  const [first] = parts;
  if (first === undefined) throw new GraphError('concatenation of nothing');
  const at = axisOf(first, axis);
  const sizes = parts.map((part) => dimOf(part, at));
  const size =
    productOf(sizes, '') === '' ? sizes.join(' + ') : sizes.reduce<number>((sum, dim) => sum + Number(dim), 0);
  return { type: first.type, shape: first.shape.map((dim, i) => (i === at ? size : dim)) };
}

export function split(x: Value, sizes: Value, axis: number): TensorType[] {
  const at = axisOf(x, axis);
  return elementsOf(sizes).map((size) => ({ type: x.type, shape: x.shape.map((dim, i) => (i === at ? size : dim)) }));
}

export function sliced(x: Value, starts: Value, ends: Value, axes: Value): TensorType {
  const shape: Dim[] = [...x.shape];
  const [from, to] = [integersOf(starts), integersOf(ends)];
  integersOf(axes).forEach((axis, i) => {
    const size = fixedDimOf(x, axis);
    const clamp = (index = 0) => Math.min(Math.max(index < 0 ? index + size : index, 0), size);
    shape[axisOf(x, axis)] = clamp(to[i]) - clamp(from[i]);
  });
  return { type: x.type, shape };
}

export function padded(x: Value, pads: Value): TensorType {
  const added = integersOf(pads);
  const rank = x.shape.length;
  const shape = x.shape.map((dim, i) => {
    const more = (added[i] ?? 0) + (added[i + rank] ?? 0);
    return more === 0 ? dim : fixedDimOf(x, i) + more;
  });
  return { type: x.type, shape };
}

export function gathered(x: Value, indices: Value, axis: number): TensorType {
  const at = axisOf(x, axis);
  return { type: x.type, shape: [...x.shape.slice(0, at), ...indices.shape, ...x.shape.slice(at + 1)] };
}
