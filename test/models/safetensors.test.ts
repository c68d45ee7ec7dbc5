import { writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { narrow, widen } from '../../gpu-worker/models/float-conversion.ts';
import { readCheckpointHeaders, readSafetensorsHeader, readStoredTensor } from '../../gpu-worker/models/safetensors.ts';
import { writeAtomically, writeSafetensors } from '../../gpu-worker/models/write-files.ts';
import { temporaryFolder } from './golden-folder.ts';

const allHalves = Uint16Array.from({ length: 1 << 16 }, (_, i) => i);
const isNaN16 = (half: number, type: string) =>
  type === 'float16' ? (half & 0x7fff) > 0x7c00 : (half & 0x7fff) > 0x7f80;

describe.each(['float16', 'bfloat16'] as const)('%s', (type) => {
  it('comes back bit by bit after widening', () => {
    const back = new Uint16Array(narrow(widen(new Uint8Array(allHalves.buffer), type), type).buffer);
    for (const half of allHalves)
      if (isNaN16(half, type)) expect(isNaN16(back[half] ?? 0, type)).toBe(true);
      else if (back[half] !== half) expect.fail(`${half} came back as ${back[half]}`);
  });

  it('rounds to the nearest value, halves to even', () => {
    const finite = [...allHalves].filter((half) => half < (type === 'float16' ? 0x7c00 : 0x7f00));
    const values = widen(new Uint8Array(Uint16Array.from(finite).buffer), type);
    const between = new Float32Array(finite.length - 1);
    const above = new Float32Array(finite.length - 1);
    const bits = new Uint32Array(above.buffer);
    for (let i = 0; i + 1 < finite.length; i++) {
      between[i] = ((values[i] ?? 0) + (values[i + 1] ?? 0)) / 2;
      above[i] = between[i] ?? 0;
      bits[i] = (bits[i] ?? 0) + 1;
    }
    const rounded = new Uint16Array(narrow(between, type).buffer);
    const roundedUp = new Uint16Array(narrow(above, type).buffer);
    for (let i = 0; i + 1 < finite.length; i++) {
      if (rounded[i] !== i + (i % 2)) expect.fail(`between ${i} and ${i + 1} became ${rounded[i]}`);
      if (roundedUp[i] !== i + 1) expect.fail(`above the middle of ${i} and ${i + 1} became ${roundedUp[i]}`);
    }
  });
});

describe('a safetensors file', () => {
  const tensors = new Map([
    ['a', { dims: [2, 3], data: Float32Array.of(1, -2.5, 3e-3, 4, 5e5, -0) }],
    ['empty', { dims: [0, 4], data: new Float32Array() }],
    ['scalar', { dims: [], data: Float32Array.of(7) }],
  ]);

  it.each(['float32', 'float16', 'bfloat16'] as const)('written as %s is read again', async (dtype) => {
    const file = join(await temporaryFolder(), 'x.safetensors');
    await writeSafetensors(file, tensors, dtype);
    const stored = readSafetensorsHeader(file);
    expect([...stored.keys()].sort()).toEqual(['a', 'empty', 'scalar']);
    for (const [name, { dims, data }] of tensors) {
      const tensor = stored.get(name);
      if (tensor === undefined) throw new Error(`${name} is missing`);
      expect(tensor).toMatchObject({ dtype, shape: dims });
      expect(readStoredTensor(name, tensor)).toEqual(widen(Uint8Array.from(narrow(data, dtype)), dtype));
    }
  });

  it('appears whole or not at all', async () => {
    const folder = await temporaryFolder();
    function* breaking() {
      yield 'the first part';
      throw new Error('no second part');
    }
    await expect(writeAtomically(join(folder, 'x.safetensors'), breaking())).rejects.toThrow(/cannot be written/);
    expect(await readdir(folder)).toEqual([]);
  });

  const entry = (begin: number, end: number, shape: unknown = [(end - begin) / 4], dtype = 'F32') => ({
    dtype,
    shape,
    data_offsets: [begin, end],
  });
  it.each([
    ['overlapping tensors', { a: entry(0, 8), b: entry(4, 12) }, 12, /overlaps/],
    ['a gap', { a: entry(0, 4), b: entry(8, 12) }, 12, /gap/],
    ['missing bytes', { a: entry(0, 40) }, 12, /truncated/],
    ['extra bytes', { a: entry(0, 4) }, 12, /belong to no tensor/],
    ['a shape that does not fit', { a: entry(0, 12, [4]) }, 12, /cannot lie in/],
    ['a shape that overflows', { a: entry(0, 12, [2 ** 40, 2 ** 40]) }, 12, /cannot lie in/],
    ['a negative size', { a: entry(0, 12, [-3]) }, 12, /impossible shape/],
    ['a fractional size', { a: entry(0, 12, [1.5, 2]) }, 12, /impossible shape/],
    ['offsets in reverse', { a: entry(12, 0, [3]) }, 12, /cannot lie in/],
    ['an unknown type', { a: entry(0, 12, [3], 'F31') }, 12, /unknown type "F31"/],
    ['an entry that is no object', { a: 3 }, 12, /unknown type/],
    ['a header that is no object', [1], 12, /not a JSON object/],
  ])('with %s is refused', async (_, header, dataBytes, message) => {
    const file = join(await temporaryFolder(), 'x.safetensors');
    const json = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(json.length));
    writeFileSync(file, Buffer.concat([length, json, Buffer.alloc(dataBytes)]));
    expect(() => readSafetensorsHeader(file)).toThrow(message);
    expect(() => readSafetensorsHeader(file)).toThrow(file);
  });

  it.each([
    ['is empty', Buffer.alloc(0), /truncated/],
    ['claims an enormous header', Buffer.from('ffffffffffffff7f00', 'hex'), /header would be/],
    [
      'has no JSON',
      Buffer.from('0400000000000000{]{]'.replace('0400000000000000', '\x04\0\0\0\0\0\0\0'), 'latin1'),
      /not JSON/,
    ],
  ])('that %s is refused', async (_, bytes, message) => {
    const file = join(await temporaryFolder(), 'x.safetensors');
    writeFileSync(file, bytes);
    expect(() => readSafetensorsHeader(file)).toThrow(message);
  });

  it('is not followed out of the folder by an index', async () => {
    const folder = await temporaryFolder();
    const index = { weight_map: { a: '../x.safetensors' } };
    writeFileSync(join(folder, 'model.safetensors.index.json'), JSON.stringify(index));
    await expect(readCheckpointHeaders(folder)).rejects.toThrow(/no shard's name/);
  });
});
