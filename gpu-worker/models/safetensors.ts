import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { StoredType } from './config.ts';
import { widen } from './float-conversion.ts';
import { invalidFile, unsupported } from './model-error.ts';
import { isObject, readJson, unreadable } from './read-files.ts';
import type { NamedTensor } from './write-files.ts';

/** Where a tensor lies: `length` bytes from byte `offset` of `file`, row-major, little-endian. */
export interface StoredTensor {
  /** `unsupported` for integers, booleans and the like, which decoders do not read. */
  readonly dtype: StoredType | 'unsupported';
  readonly shape: readonly number[];
  /** Absolute. */
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

const elementBytes: Readonly<Record<string, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
};
const readable: Readonly<Record<string, StoredType>> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' };
const maxHeaderBytes = 100_000_000;

/**
 * The tensors of one .safetensors file by name, from its header alone. The header must account for every byte of the
 * file, without overlaps.
 * @throws ModelError when the file is missing, truncated or damaged
 */
export function readSafetensorsHeader(file: string): Map<string, StoredTensor> {
  const descriptor = openForReading(file);
  try {
    const { size } = fstatSync(descriptor);
    return tensorsOf({ file, size, read: (into, position) => readFully(descriptor, into, position, file) });
  } finally {
    closeSync(descriptor);
  }
}

/**
 * The tensors of a .safetensors file in memory, as float32; copies. Checked like a file.
 * @param name for errors: whose bytes they are
 * @throws ModelError when the bytes are damaged or a tensor is not a float of at most 32 bits
 */
export function readSafetensorsBytes(bytes: Uint8Array, name: string): Map<string, NamedTensor> {
  const read = (into: Uint8Array, position: number) => into.set(bytes.subarray(position, position + into.length));
  const stored = tensorsOf({ file: name, size: bytes.length, read });
  return new Map(
    [...stored].map(([tensorName, tensor]) => [
      tensorName,
      { dims: tensor.shape, data: floatsOf(tensorName, tensor, read) },
    ]),
  );
}

/** A .safetensors file, wherever it is; `read` fills the whole of `into`. */
interface Source {
  readonly file: string;
  readonly size: number;
  read(into: Uint8Array, position: number): void;
}

function tensorsOf(source: Source): Map<string, StoredTensor> {
  const { file, size } = source;
  const { header, start } = headerText(source);
  let entries: unknown;
  try {
    entries = JSON.parse(header);
  } catch (error) {
    throw invalidFile(file, 'the header is not JSON; the file is damaged', error);
  }
  if (!isObject(entries)) throw invalidFile(file, 'the header is not a JSON object');
  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of Object.entries(entries))
    if (name !== '__metadata__') tensors.set(name, storedTensor(file, start, name, entry));
  let covered = start;
  for (const [name, { offset, length }] of [...tensors].sort(
    ([, a], [, b]) => a.offset - b.offset || a.length - b.length,
  )) {
    if (offset !== covered)
      throw invalidFile(file, `${quoted(name)} ${offset < covered ? 'overlaps another tensor' : 'follows a gap'}`);
    covered = offset + length;
  }
  if (covered > size) throw invalidFile(file, `truncated: ${size} bytes of ${covered}; download it again`);
  if (covered < size) throw invalidFile(file, `${size - covered} bytes at the end belong to no tensor`);
  return tensors;
}

/**
 * The tensors of a checkpoint folder: of `model.safetensors`, or of the shards that `model.safetensors.index.json` names.
 * @throws ModelError
 */
export async function readCheckpointHeaders(dir: string): Promise<Map<string, StoredTensor>> {
  const indexFile = join(dir, 'model.safetensors.index.json');
  const index = await readJson(indexFile);
  if (index === undefined) return readSafetensorsHeader(join(dir, 'model.safetensors'));
  const weightMap = isObject(index) ? index.weight_map : undefined;
  if (!isObject(weightMap)) throw invalidFile(indexFile, 'it has no weight_map');
  const shards = new Map<string, Map<string, StoredTensor>>();
  const tensors = new Map<string, StoredTensor>();
  for (const [name, shard] of Object.entries(weightMap)) {
    if (typeof shard !== 'string' || basename(shard) !== shard || !shard.endsWith('.safetensors'))
      throw invalidFile(indexFile, `${quoted(name)} lies in ${quoted(shard)}, which is no shard's name`);
    const held = shards.get(shard) ?? readSafetensorsHeader(join(dir, shard));
    shards.set(shard, held);
    const tensor = held.get(name);
    if (tensor === undefined) throw invalidFile(indexFile, `${quoted(name)} is not in ${shard}`);
    tensors.set(name, tensor);
  }
  return tensors;
}

/**
 * The values of a tensor as float32, row-major; exact for all three types.
 * @throws ModelError when its type is not a float of at most 32 bits, or the file has become shorter
 */
export function readStoredTensor(name: string, tensor: StoredTensor): Float32Array<ArrayBuffer> {
  const descriptor = openForReading(tensor.file);
  try {
    return floatsOf(name, tensor, (into, position) => readFully(descriptor, into, position, tensor.file));
  } finally {
    closeSync(descriptor);
  }
}

function floatsOf(
  name: string,
  { dtype, file, offset, length }: StoredTensor,
  read: Source['read'],
): Float32Array<ArrayBuffer> {
  if (dtype === 'unsupported') throw unsupported(file, `${quoted(name)} is not stored as fp32, fp16 or bf16`);
  const bytes = new Uint8Array(length);
  read(bytes, offset);
  return widen(bytes, dtype);
}

const quoted = (value: unknown) => JSON.stringify(value)?.slice(0, 200) ?? 'nothing';

function headerText({ file, size, read }: Source): { header: string; start: number } {
  if (size < 8) throw invalidFile(file, `truncated: ${size} bytes are too few for a header`);
  const prefix = new Uint8Array(8);
  read(prefix, 0);
  const length = new DataView(prefix.buffer).getBigUint64(0, true);
  if (length > maxHeaderBytes || Number(length) > size - 8)
    throw invalidFile(file, `the header would be ${length} bytes of the file's ${size}; it is truncated or damaged`);
  const header = new Uint8Array(Number(length));
  read(header, 8);
  return { header: new TextDecoder().decode(header), start: 8 + header.length };
}

function storedTensor(file: string, start: number, name: string, entry: unknown): StoredTensor {
  const { dtype, shape, data_offsets: offsets } = isObject(entry) ? entry : {};
  const size = typeof dtype === 'string' ? elementBytes[dtype] : undefined;
  if (typeof dtype !== 'string' || size === undefined)
    throw invalidFile(file, `${quoted(name)} has the unknown type ${quoted(dtype)}`);
  if (!isNaturals(shape)) throw invalidFile(file, `${quoted(name)} has the impossible shape ${quoted(shape)}`);
  if (!isNaturals(offsets) || offsets.length !== 2)
    throw invalidFile(file, `${quoted(name)} has the impossible offsets ${quoted(offsets)}`);
  const [begin = 0, end = 0] = offsets;
  const length = shape.reduce((product, dim) => product * dim, size);
  if (!Number.isSafeInteger(length) || end - begin !== length)
    throw invalidFile(
      file,
      `${quoted(name)} of type ${dtype} and shape [${shape}] cannot lie in bytes ${begin} to ${end}`,
    );
  return { dtype: readable[dtype] ?? 'unsupported', shape, file, offset: start + begin, length };
}

const isNaturals = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length <= 16 && value.every((item) => Number.isSafeInteger(item) && item >= 0);

function openForReading(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (error) {
    throw unreadable(file, error);
  }
}

function readFully(descriptor: number, into: Uint8Array, position: number, file: string): void {
  for (let done = 0; done < into.length; ) {
    let count: number;
    try {
      // Systems read at most 2 GiB at once.
      count = readSync(descriptor, into, done, Math.min(into.length - done, 1 << 30), position + done);
    } catch (error) {
      throw unreadable(file, error);
    }
    if (count === 0) throw invalidFile(file, `truncated: it ends at byte ${position + done}`);
    done += count;
  }
}
