import type { ModelConfig } from '../models/config.ts';
import type { LoraModule } from '../models/decoder-weights.ts';
import { loraShapes } from '../models/decoder-weights.ts';
import { randomNumbers } from './random.ts';
import type { TensorMap } from './trainer.ts';

/** LoRA matrices to start from, as PEFT draws them: A uniform in ±1 / √in, B 0, so that the model starts unchanged. */
export function loraStart(config: ModelConfig, rank: number, seed: number, modules?: readonly LoraModule[]): TensorMap {
  const random = randomNumbers(seed);
  return new Map(
    [...loraShapes(config, rank, modules)].map(([name, dims]) => {
      const data = new Float32Array(dims.reduce((a, b) => a * b, 1));
      const bound = name.includes('.lora_A.') ? 1 / Math.sqrt(dims[1] ?? 1) : 0;
      return [name, { dims, data: bound === 0 ? data : data.map(() => bound * (2 * random() - 1)) }] as const;
    }),
  );
}
