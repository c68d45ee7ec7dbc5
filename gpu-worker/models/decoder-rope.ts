import type { ModelConfig } from './config.ts';

/** Angle per position of each rotary frequency, [headDim / 2]. Source: transformers, modeling_rope_utils.py. */
export function rotaryFrequencies({ headDim, ropeTheta, ropeScaling }: ModelConfig): Float64Array {
  const frequencies = Float64Array.from({ length: headDim / 2 }, (_, i) => ropeTheta ** ((-2 * i) / headDim));
  if (ropeScaling === null) return frequencies;
  if (ropeScaling.type === 'linear') return frequencies.map((frequency) => frequency / ropeScaling.factor);
  const { factor, lowFreqFactor, highFreqFactor, originalMaxPositions } = ropeScaling;
  return frequencies.map((frequency) => {
    const wavelength = (2 * Math.PI) / frequency;
    if (wavelength < originalMaxPositions / highFreqFactor) return frequency;
    if (wavelength > originalMaxPositions / lowFreqFactor) return frequency / factor;
    const smooth = (originalMaxPositions / wavelength - lowFreqFactor) / (highFreqFactor - lowFreqFactor);
    return ((1 - smooth) * frequency) / factor + smooth * frequency;
  });
}

export interface RotaryTables {
  /** [positions, headDim / 2] */
  readonly cosines: Float32Array;
  readonly sines: Float32Array;
}

export function rotaryTables(config: ModelConfig, positions: number): RotaryTables {
  const frequencies = rotaryFrequencies(config);
  const half = frequencies.length;
  const angle = (index: number) => Math.floor(index / half) * (frequencies[index % half] ?? 0);
  const length = positions * half;
  return {
    cosines: Float32Array.from({ length }, (_, index) => Math.cos(angle(index))),
    sines: Float32Array.from({ length }, (_, index) => Math.sin(angle(index))),
  };
}
