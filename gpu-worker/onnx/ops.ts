import * as infer from './infer.ts';
import type { AttributeValues, Operator } from './operator.ts';
import { operator } from './operator.ts';
import type { TensorType, Value } from './tensor-type.ts';
import { broadcast } from './tensor-type.ts';

type Unary = [x: Value];
type Binary = [a: Value, b: Value];
/** `axes` holds constants. */
type Reduced = [x: Value, axes: Value];

const unary = () => operator({}, ([x]: Unary) => [infer.like(x)]);
const binary = () => operator({}, ([a, b]: Binary) => [{ type: a.type, shape: broadcast(a.shape, b.shape) }]);
const comparison = () => operator({}, ([a, b]: Binary) => [{ type: 'bool', shape: broadcast(a.shape, b.shape) }]);
const reduction = () =>
  operator({ keepdims: 'int' }, ([x, axes]: Reduced, { keepdims = 1 }) => [infer.reduced(x, axes, keepdims)]);
const alongAxis = () => operator({ axis: 'int' }, ([x]: Unary) => [infer.like(x)]);

/**
 * The operators that graphs of this program are made of: ONNX opset 21 and ONNX Runtime's `com.microsoft` 1, with the
 * attributes that are used and the types and shapes of their outputs. `autodiff/rules.ts` has one entry for each.
 */
export const ops = {
  Add: binary(),
  Sub: binary(),
  Mul: binary(),
  Div: binary(),
  Min: binary(),
  Max: binary(),
  Neg: unary(),
  Exp: unary(),
  Log: unary(),
  Sqrt: unary(),
  Reciprocal: unary(),
  Sigmoid: unary(),
  Identity: unary(),
  /** x · sigmoid(alpha · x); with alpha 1 it is SiLU. */
  QuickGelu: operator({ alpha: 'float' }, ([x]: Unary) => [infer.like(x)], 'com.microsoft'),
  Softmax: alongAxis(),
  LogSoftmax: alongAxis(),
  /** y = x / √(mean(x²) + epsilon) · scale over the last axis, and 1 / √(mean(x²) + epsilon). */
  SimplifiedLayerNormalization: operator({ axis: 'int', epsilon: 'float' }, ([x]: [x: Value, scale: Value]) => [
    infer.like(x),
    { type: x.type, shape: [...x.shape.slice(0, -1), 1] },
  ]),
  ReduceSum: reduction(),
  ReduceMean: reduction(),
  ReduceMax: reduction(),
  MatMul: operator({}, ([a, b]: Binary) => [infer.matMul(a, b, 0, 0)]),
  /** alpha · op(a) · op(b), where op swaps the last two axes. */
  FusedMatMul: operator(
    { transA: 'int', transB: 'int', alpha: 'float' },
    ([a, b]: Binary, { transA = 0, transB = 0 }) => [infer.matMul(a, b, transA, transB)],
    'com.microsoft',
  ),
  /** alpha · op(a) · op(b) + beta · bias on matrices. */
  Gemm: operator(
    { transA: 'int', transB: 'int', alpha: 'float', beta: 'float' },
    ([a, b]: [a: Value, b: Value, bias?: Value], { transA = 0, transB = 0 }) => [infer.matMul(a, b, transA, transB)],
  ),
  Reshape: operator({}, ([x, to]: [x: Value, to: Value]) => [infer.reshaped(x, to)]),
  Expand: operator({}, ([x, to]: [x: Value, to: Value]) => [infer.expanded(x, to)]),
  Transpose: operator({ perm: 'ints' }, ([x]: Unary, { perm }) => [infer.transposed(x, perm)]),
  Unsqueeze: operator({}, ([x, axes]: Reduced) => [infer.unsqueezed(x, axes)]),
  Squeeze: operator({}, ([x, axes]: Reduced) => [infer.reduced(x, axes, 0)]),
  Concat: operator({ axis: 'int' }, (parts: readonly Value[], { axis = 0 }) => [infer.concatenated(parts, axis)]),
  Split: operator({ axis: 'int' }, ([x, sizes]: [x: Value, sizes: Value], { axis = 0 }) => infer.split(x, sizes, axis)),
  Slice: operator({}, ([x, starts, ends, axes]: [x: Value, starts: Value, ends: Value, axes: Value]) => [
    infer.sliced(x, starts, ends, axes),
  ]),
  /** `pads` holds what is added before each axis, then after each; the value is 0. */
  Pad: operator({}, ([x, pads]: [x: Value, pads: Value]) => [infer.padded(x, pads)]),
  Where: operator({}, ([condition, a, b]: [condition: Value, a: Value, b: Value]) => [
    { type: a.type, shape: broadcast(condition.shape, a.shape, b.shape) },
  ]),
  Gather: operator({ axis: 'int' }, ([x, indices]: [x: Value, indices: Value], { axis = 0 }) => [
    infer.gathered(x, indices, axis),
  ]),
  GatherElements: operator({ axis: 'int' }, ([x, indices]: [x: Value, indices: Value]) => [
    { type: x.type, shape: indices.shape },
  ]),
  ScatterElements: operator({ axis: 'int', reduction: 'string' }, ([x]: [x: Value, indices: Value, updates: Value]) => [
    infer.like(x),
  ]),
  ScatterND: operator({ reduction: 'string' }, ([x]: [x: Value, indices: Value, updates: Value]) => [infer.like(x)]),
  /** Rotates the halves of each head by the position's angle. x is [batch, time, heads · size] or [batch, heads, time, size]. */
  RotaryEmbedding: operator(
    { num_heads: 'int', interleaved: 'int', rotary_embedding_dim: 'int' },
    ([x]: [x: Value, positions: Value, cosines: Value, sines: Value]) => [infer.like(x)],
    'com.microsoft',
  ),
  Cast: operator({ to: 'int' }, ([x]: Unary, { to = 1 }) => [{ type: infer.elementTypeOf(to), shape: x.shape }]),
  /** The sizes of the axes from `start` up to `end`. */
  Shape: operator({ start: 'int', end: 'int' }, ([x]: Unary, { start = 0, end = x.shape.length }) => [
    { type: 'int64', shape: [end - start] },
  ]),
  Equal: comparison(),
  Less: comparison(),
  LessOrEqual: comparison(),
  GreaterOrEqual: comparison(),
  And: comparison(),
  ArgMax: operator({ axis: 'int', keepdims: 'int' }, ([x]: Unary, { axis = 0, keepdims = 1 }) => [
    infer.argMax(x, axis, keepdims),
  ]),
};

export type OpName = keyof typeof ops;

type Table = typeof ops;
export type InputsOf<K extends OpName> = Parameters<Table[K]['infer']>[0];
export type AttributesOf<K extends OpName> = AttributeValues<Table[K]['attributes']>;
type TypesOf<K extends OpName> = ReturnType<Table[K]['infer']>;
type ValuesOf<T extends readonly TensorType[]> = { readonly [I in keyof T]: Value };
export type OutputsOf<K extends OpName> = ValuesOf<TypesOf<K>>;

/** The table's entry, for code that handles every operator alike. */
export const operatorOf = (op: OpName): Operator => ops[op] as unknown as Operator;
