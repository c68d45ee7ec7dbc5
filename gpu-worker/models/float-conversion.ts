import type { StoredType } from './config.ts';

export const bytesPerElement: Readonly<Record<StoredType, number>> = { float32: 4, float16: 2, bfloat16: 2 };

/** Little-endian bytes of a stored tensor as float32 values; exact for all three types. */
export function widen(bytes: Uint8Array<ArrayBuffer>, type: StoredType): Float32Array<ArrayBuffer> {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const { buffer, byteOffset, byteLength } = aligned;
  if (type === 'float32') return new Float32Array(buffer, byteOffset, byteLength / 4);
  const halves = new Uint16Array(buffer, byteOffset, byteLength / 2);
  const wide = new Float32Array(halves.length);
  if (type === 'bfloat16') {
    const bits = new Uint32Array(wide.buffer);
    for (let i = 0; i < halves.length; i++) bits[i] = (halves[i] ?? 0) << 16;
  } else {
    halfTable ??= Float32Array.from({ length: 1 << 16 }, (_, half) => halfToNumber(half));
    for (let i = 0; i < halves.length; i++) wide[i] = halfTable[halves[i] ?? 0] ?? 0;
  }
  return wide;
}

/** The little-endian bytes of `values`, rounded to nearest, ties to even; float16 overflows to infinity. */
export function narrow(values: Float32Array, type: StoredType): Uint8Array {
  if (type === 'float32') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  const round = type === 'bfloat16' ? roundToBfloat16 : roundToFloat16;
  for (let i = 0; i < bits.length; i++) halves[i] = round(bits[i] ?? 0);
  return new Uint8Array(halves.buffer);
}

let halfTable: Float32Array | undefined;

function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function roundToBfloat16(bits: number): number {
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40;
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

function roundToFloat16(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x47800000) return sign | 0x7c00;
  const exponent = magnitude >>> 23;
  const significand = (magnitude & 0x7fffff) | 0x800000;
  // Bits that do not fit: 13 for normal numbers, more the further a number is below 2^-14.
  const dropped = exponent >= 113 ? 13 : 126 - exponent;
  if (dropped > 24) return sign;
  const kept = significand >>> dropped;
  const rest = significand & ((1 << dropped) - 1);
  const half = 1 << (dropped - 1);
  const up = rest > half || (rest === half && (kept & 1) === 1) ? 1 : 0;
  // A carry out of the significand moves into the exponent, as it should.
  return exponent >= 113 ? sign | (((exponent - 112) << 10) + (kept & 0x3ff) + up) : sign | (kept + up);
}
