/** A seeded source of numbers in [0, 1): mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const oddValues: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1,
  1.5,
  63,
  1e9,
  1e308,
  2 ** 53,
  '',
  'x',
  '597',
  '../../../etc/passwd',
  '__proto__',
  [],
  [[]],
  [0, -1],
  {},
  { content: 3 },
  '\ud800',
  'a'.repeat(10_000),
];

/** One random damage to a JSON value: an entry replaced, removed, doubled or swapped with another. */
export function damagedJson(value: unknown, random: () => number): unknown {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  if (typeof value !== 'object' || value === null || random() < 0.15) return pick(oddValues);
  // Arrays too are damaged by key, and put together again at the end.
  const copy: Record<string, unknown> = { ...value };
  const keys = Object.keys(copy);
  if (keys.length === 0) return pick(oddValues);
  const key = pick(keys);
  const kind = random();
  if (kind < 0.55) copy[key] = damagedJson(copy[key], random);
  else if (kind < 0.7) copy[key] = pick(oddValues);
  else if (kind < 0.85) delete copy[key];
  else copy[key] = copy[pick(keys)];
  return Array.isArray(value) ? Object.values(copy) : copy;
}

function damagedBytes(bytes: Buffer, random: () => number, within = bytes.length): Buffer {
  const copy = Buffer.from(bytes);
  const at = () => Math.floor(random() * within);
  const kind = random();
  if (kind < 0.4) for (let i = 0; i <= random() * 4; i++) copy[at()] = Math.floor(random() * 256);
  else if (kind < 0.6) return copy.subarray(0, at());
  else if (kind < 0.75) return Buffer.concat([copy, Buffer.from([Math.floor(random() * 256)])]);
  else if (kind < 0.9) {
    const start = at();
    return Buffer.concat([copy.subarray(0, start), copy.subarray(start + 1 + Math.floor(random() * 40))]);
  } else copy.fill(0, at());
  return copy;
}

/** A damaged copy of a file of a model folder: of its bytes, or of the values that it holds. */
export function damaged(name: string, bytes: Buffer, random: () => number): Buffer {
  const json = (text: Buffer) => Buffer.from(JSON.stringify(damagedJson(JSON.parse(text.toString()), random)) ?? '');
  if (name.endsWith('.safetensors')) {
    const length = Number(bytes.readBigUInt64LE());
    // Damage to the values themselves cannot be noticed; damage to the header must be.
    if (random() < 0.4) return damagedBytes(bytes, random, 8 + length);
    const header = json(bytes.subarray(8, 8 + length));
    const prefix = Buffer.alloc(8);
    prefix.writeBigUInt64LE(BigInt(header.length));
    return Buffer.concat([prefix, header, bytes.subarray(8 + length)]);
  }
  return name.endsWith('.json') && random() < 0.7 ? json(bytes) : damagedBytes(bytes, random);
}
