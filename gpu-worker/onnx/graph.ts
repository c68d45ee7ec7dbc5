import type { AttributesOf, InputsOf, OpName, OutputsOf } from './ops.ts';
import { operatorOf } from './ops.ts';
import type { Dim, ElementType, Shape, Value } from './tensor-type.ts';
import { GraphError } from './tensor-type.ts';

/** One application of an operator. */
export interface GraphNode<K extends OpName = OpName> {
  readonly op: K;
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes: AttributesOf<K>;
  readonly outputs: readonly Value[];
}

/** Where an initializer's bytes lie, little-endian: in the model itself, or in a file such as a `.safetensors`. */
export type InitializerData =
  | { readonly bytes: Uint8Array }
  | {
      /** Relative to the folder of the encoded model. */
      readonly file: string;
      readonly offset: number;
      readonly length: number;
    };

export interface Initializer {
  readonly value: Value;
  readonly data: InitializerData;
}

/**
 * Builds an ONNX graph, node by node in the order of computation. Every value knows its element type and shape, and an
 * operator that does not fit its inputs is refused when it is added.
 *
 * @example
 * const graph = new Graph('linear');
 * const x = graph.input('x', 'float32', ['rows', 4]);
 * const w = graph.input('w', 'float32', [3, 4]);
 * graph.output('y', graph.node('Gemm', [x, w], { transB: 1 })); // [rows, 3]
 */
export class Graph {
  readonly name: string;
  readonly nodes: GraphNode[] = [];
  readonly inputs: Value[] = [];
  readonly initializers: Initializer[] = [];
  readonly outputs = new Map<string, Value>();
  readonly #names = new Set<string>();
  readonly #constants = new Map<string, Value>();
  #count = 0;

  constructor(name: string) {
    this.name = name;
  }

  input(name: string, type: ElementType, shape: Shape): Value {
    const value = { name: this.#claim(name), type, shape };
    this.inputs.push(value);
    return value;
  }

  initializer(name: string, type: ElementType, shape: Shape, data: InitializerData): Value {
    const value = { name: this.#claim(name), type, shape };
    this.initializers.push({ value, data });
    return value;
  }

  /** A float32 constant. */
  floats(data: Float32Array, shape: Shape): Value {
    return this.initializer(this.#fresh('floats'), 'float32', shape, { bytes: bytesOf(data) });
  }

  /** A float32 scalar; equal ones are shared. */
  scalar(number: number): Value {
    return this.#constant(`float ${number}`, () => this.floats(Float32Array.of(number), []));
  }

  /** A constant int64 vector; equal ones are shared. */
  integers(numbers: readonly number[], elements: Shape = numbers): Value {
    return this.#constant(`ints ${numbers.join()} as ${elements.join()}`, () => {
      const bytes = bytesOf(BigInt64Array.from(numbers, BigInt));
      const plain = this.initializer(this.#fresh('integers'), 'int64', [numbers.length], { bytes });
      const value = { ...plain, elements };
      this.initializers[this.initializers.length - 1] = { value, data: { bytes } };
      return value;
    });
  }

  /** An int64 vector that holds a shape; unknown sizes are read from the graph inputs that have them. */
  dims(shape: Shape): Value {
    const numbers = shape.filter((dim) => typeof dim === 'number');
    if (numbers.length === shape.length) return this.integers(numbers);
    return this.#constant(`dims ${shape.join()}`, () => {
      const parts = shape.map((dim) => (typeof dim === 'number' ? this.integers([dim]) : this.#sizeOf(dim)));
      return this.#known(this.node('Concat', parts, { axis: 0 }), shape);
    });
  }

  /** The shape of `x` as an int64 vector. */
  shapeOf(x: Value): Value {
    if (x.shape.every((dim) => typeof dim === 'number')) return this.dims(x.shape);
    return this.#constant(`shape of ${x.name}`, () => this.#known(this.node('Shape', [x]), x.shape));
  }

  reshape(x: Value, to: Shape): Value {
    if (to.length === x.shape.length && to.every((dim, i) => dim === x.shape[i])) return x;
    // ONNX copies a size of 0 from the same axis and works one of -1 out.
    const sizes = to.map((dim, i) => (typeof dim === 'number' ? dim : dim === x.shape[i] ? 0 : -1));
    const shape = sizes.filter((size) => size === -1).length <= 1 ? this.integers(sizes, to) : this.dims(to);
    return this.node('Reshape', [x, shape]);
  }

  /** Adds a node and returns its first output. */
  node<K extends OpName>(op: K, inputs: InputsOf<K>, attributes?: AttributesOf<K>): Value {
    return this.apply(op, inputs, attributes)[0] as Value;
  }

  /** Adds a node and returns all its outputs. */
  apply<K extends OpName>(op: K, inputs: InputsOf<K>, attributes?: AttributesOf<K>): OutputsOf<K> {
    const given = attributes ?? ({} as AttributesOf<K>);
    const outputs = operatorOf(op)
      .infer(inputs, given)
      .map((type) => ({ name: this.#fresh(op), ...type }));
    this.nodes.push({ op, inputs, attributes: given, outputs });
    return outputs as unknown as OutputsOf<K>;
  }

  output(name: string, value: Value): void {
    this.#claim(name);
    this.outputs.set(name, value);
  }

  #sizeOf(dim: Dim): Value {
    return this.#constant(`size ${dim}`, () => {
      const holder = this.inputs.find((input) => input.shape.includes(dim));
      if (holder === undefined) throw new GraphError(`no input of ${this.name} has the size ${dim}`);
      const axis = holder.shape.indexOf(dim);
      return this.node('Shape', [holder], { start: axis, end: axis + 1 });
    });
  }

  /** The same tensor with its elements known. */
  #known(value: Value, elements: Shape): Value {
    const known = { ...value, elements };
    const last = this.nodes.length - 1;
    const node = this.nodes[last];
    if (node !== undefined) this.nodes[last] = { ...node, outputs: [known] };
    return known;
  }

  #constant(key: string, make: () => Value): Value {
    const found = this.#constants.get(key);
    if (found !== undefined) return found;
    const made = make();
    this.#constants.set(key, made);
    return made;
  }

  #claim(name: string): string {
    if (this.#names.has(name)) throw new GraphError(`${this.name} has two values named ${name}`);
    this.#names.add(name);
    return name;
  }

  #fresh(prefix: string): string {
    this.#count += 1;
    return `${prefix}#${this.#count}`;
  }
}

const bytesOf = (data: ArrayBufferView): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
