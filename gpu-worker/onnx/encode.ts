import { BinaryWriter } from '@bufbuild/protobuf/wire';
import type { Graph, GraphNode, Initializer } from './graph.ts';
import { elementTypeCodes } from './infer.ts';
import type { AttributeKind } from './operator.ts';
import { operatorOf } from './ops.ts';
import type { TensorType, Value } from './tensor-type.ts';

const varint = 0;
const lengthDelimited = 2;
const fixed32 = 5;

const irVersion = 10;
const opset = 21;

type Body = (writer: BinaryWriter) => void;

const integer = (w: BinaryWriter, field: number, value: number) => w.tag(field, varint).int64(value);
const text = (w: BinaryWriter, field: number, value: string) => w.tag(field, lengthDelimited).string(value);
const bytes = (w: BinaryWriter, field: number, value: Uint8Array) => w.tag(field, lengthDelimited).bytes(value);
const message = (w: BinaryWriter, field: number, body: Body) => {
  w.tag(field, lengthDelimited).fork();
  body(w);
  w.join();
};

/**
 * The graph as an ONNX ModelProto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3). Nodes and initializers
 * that no output needs are left out; all inputs are kept.
 */
export function encode(graph: Graph): Uint8Array {
  const writer = new BinaryWriter();
  integer(writer, 1, irVersion);
  text(writer, 2, 'foursight');
  message(writer, 7, (w) => writeGraph(w, graph));
  for (const [domain, version] of [
    ['', opset],
    ['com.microsoft', 1],
  ] as const)
    message(writer, 8, (w) => {
      text(w, 1, domain);
      integer(w, 2, version);
    });
  return writer.finish();
}

/** The nodes that the outputs depend on, in order, and all values these read. */
export function liveParts(graph: Graph): { nodes: GraphNode[]; read: ReadonlySet<Value> } {
  const read = new Set<Value>(graph.outputs.values());
  const nodes: GraphNode[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => read.has(output))) continue;
    nodes.push(node);
    for (const input of node.inputs) if (input !== undefined) read.add(input);
  }
  return { nodes: nodes.reverse(), read };
}

function writeGraph(writer: BinaryWriter, graph: Graph): void {
  const { nodes, read } = liveParts(graph);
  const { names, copies } = outputNames(graph);
  const nameOf = (value: Value) => names.get(value) ?? value.name;
  for (const node of nodes) message(writer, 1, (w) => writeNode(w, node, read, nameOf));
  for (const [name, value] of copies)
    message(writer, 1, (w) => {
      text(w, 1, nameOf(value));
      text(w, 2, name);
      text(w, 4, 'Identity');
    });
  text(writer, 2, graph.name);
  for (const initializer of graph.initializers)
    if (read.has(initializer.value)) message(writer, 5, (w) => writeInitializer(w, initializer));
  for (const input of graph.inputs) message(writer, 11, (w) => writeValueInfo(w, input.name, input));
  for (const [name, value] of graph.outputs) message(writer, 12, (w) => writeValueInfo(w, name, value));
}

/** A node's output takes the name of the graph output that it is; a value that has a name already is copied to the others. */
function outputNames(graph: Graph): { names: Map<Value, string>; copies: [string, Value][] } {
  const fixed = new Set<Value>([...graph.inputs, ...graph.initializers.map(({ value }) => value)]);
  const names = new Map<Value, string>();
  const copies: [string, Value][] = [];
  for (const [name, value] of graph.outputs) {
    if (fixed.has(value) || names.has(value)) copies.push([name, value]);
    else names.set(value, name);
  }
  return { names, copies };
}

function writeNode(
  writer: BinaryWriter,
  node: GraphNode,
  read: ReadonlySet<Value>,
  nameOf: (value: Value) => string,
): void {
  const { domain, attributes } = operatorOf(node.op);
  for (const input of node.inputs) text(writer, 1, input === undefined ? '' : nameOf(input));
  const used = node.outputs.findLastIndex((output) => read.has(output)) + 1;
  for (const output of node.outputs.slice(0, used)) text(writer, 2, nameOf(output));
  text(writer, 4, node.op);
  if (domain !== '') text(writer, 7, domain);
  for (const [name, value] of Object.entries(node.attributes)) {
    const kind = attributes[name];
    if (kind !== undefined && value !== undefined) message(writer, 5, (w) => writeAttribute(w, name, kind, value));
  }
}

type AttributeValue = number | string | readonly number[];
const attributeTypes: Readonly<Record<AttributeKind, number>> = { float: 1, int: 2, string: 3, ints: 7 };

function writeAttribute(writer: BinaryWriter, name: string, kind: AttributeKind, value: AttributeValue): void {
  text(writer, 1, name);
  if (kind === 'float') writer.tag(2, fixed32).float(Number(value));
  else if (kind === 'int') integer(writer, 3, Number(value));
  else if (kind === 'string') bytes(writer, 4, new TextEncoder().encode(String(value)));
  else for (const item of value as readonly number[]) integer(writer, 8, item);
  integer(writer, 20, attributeTypes[kind]);
}

function writeInitializer(writer: BinaryWriter, { value, data }: Initializer): void {
  for (const dim of value.shape) integer(writer, 1, Number(dim));
  integer(writer, 2, elementTypeCodes[value.type]);
  text(writer, 8, value.name);
  if ('bytes' in data) {
    bytes(writer, 9, data.bytes);
    return;
  }
  const { file, offset, length } = data;
  for (const [key, entry] of Object.entries({ location: file, offset: String(offset), length: String(length) }))
    message(writer, 13, (w) => {
      text(w, 1, key);
      text(w, 2, entry);
    });
  integer(writer, 14, 1);
}

function writeValueInfo(writer: BinaryWriter, name: string, { type, shape }: TensorType): void {
  text(writer, 1, name);
  message(writer, 2, (w) =>
    message(w, 1, (tensor) => {
      integer(tensor, 1, elementTypeCodes[type]);
      message(tensor, 2, (dims) => {
        for (const dim of shape)
          message(dims, 1, (d) => {
            if (typeof dim === 'number') integer(d, 1, dim);
            else text(d, 2, dim);
          });
      });
    }),
  );
}
