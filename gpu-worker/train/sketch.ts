/** Numbers of a sketch: inner products deviate by about 1/√SKETCH_SIZE = 0.8 % of the product of the norms. */
export const SKETCH_SIZE = 16_384;

/**
 * The count sketch of a vector, the sum of several (Charikar, Chen & Farach-Colton 2002): each number goes, with a random sign, to a random
 * place, the same for every vector of this length. Inner products are kept in expectation, so that gradients too large to be
 * held side by side can be compared.
 */
export function countSketch(parts: readonly Float32Array[]): Float64Array {
  const sketch = new Float64Array(SKETCH_SIZE);
  const [first = new Float32Array()] = parts;
  for (let i = 0; i < first.length; i++) {
    let sum = 0;
    for (const part of parts) sum += part[i] as number;
    const hash = mixed(i);
    const place = hash % SKETCH_SIZE;
    sketch[place] = (sketch[place] as number) + (hash >>> 31 === 0 ? sum : -sum);
  }
  return sketch;
}

export function innerProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** A hash of 32 bits (the finaliser of MurmurHash3, public domain by Austin Appleby). */
function mixed(index: number): number {
  let h = index + 0x9e3779b9;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
