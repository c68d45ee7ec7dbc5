/** A seed of 31 bits from an id: FNV-1a, so that a worker that takes over draws the same. */
export function seedOf(id: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(id, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash & 0x7fffffff;
}
