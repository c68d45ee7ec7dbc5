import { z } from 'zod';
import type { PolicyWeights } from '../../src/db/policy-store.ts';
import { FoursightError } from '../../src/errors.ts';
import type { WeightSet } from '../engine/engine.ts';
import { isSameBase } from '../models/base-model.ts';
import { loraModules } from '../models/decoder-weights.ts';
import { readSafetensorsBytes } from '../models/safetensors.ts';
import { type NamedTensor, safetensorsOf } from '../models/write-files.ts';
import type { TensorMap } from '../train/trainer.ts';

/** What the settings of a version with LoRA weights hold, beside what else its run keeps there. */
export const loraSettingsSchema = z.object({
  rank: z.number().int().positive(),
  /** alpha / r */
  scale: z.number(),
  modules: z.array(z.enum(loraModules)).min(1),
});
export type LoraSettings = z.output<typeof loraSettingsSchema>;

/** The weights of a version as they are stored: one .safetensors file, float32. */
export const weightsToBytes = (tensors: TensorMap): Buffer => Buffer.concat([...safetensorsOf(tensors, 'float32')]);

/**
 * @param what for the error: whose weights they are
 * @throws FoursightError when the bytes are no such file
 */
export function weightsFromBytes(bytes: Uint8Array, what: string): Map<string, NamedTensor> {
  try {
    return readSafetensorsBytes(bytes, what);
  } catch (error) {
    throw unusable(what, error);
  }
}

/** @throws FoursightError when the settings of LoRA weights lack rank, scale or modules */
export function loraSettingsOf({ settings }: Pick<PolicyWeights, 'settings'>, what: string): LoraSettings {
  const parsed = loraSettingsSchema.safeParse(settings);
  if (!parsed.success) throw unusable(what, parsed.error);
  return parsed.data;
}

/** A version's weights as an engine loads them. @throws FoursightError when they cannot be read */
export function weightSetOf(stored: Pick<PolicyWeights, 'kind' | 'settings' | 'bytes'>, what: string): WeightSet {
  const tensors = weightsFromBytes(stored.bytes, what);
  return stored.kind === 'full'
    ? { kind: 'full', tensors }
    : { kind: 'lora', tensors, scale: loraSettingsOf(stored, what).scale };
}

/**
 * @param base the name of the model that is to run the version, `baseModelName`
 * @throws FoursightError when the version was trained on another
 */
export function checkBase({ baseModel }: Pick<PolicyWeights, 'baseModel'>, base: string, what: string): void {
  if (isSameBase(baseModel, base)) return;
  throw new FoursightError(
    'POLICY_OF_OTHER_MODEL',
    `${what} belongs to the model ${baseModel}, but ${base} is configured`,
    'Set FOURSIGHT_MODEL to the model that it was trained on, or make another version live: `foursight policy promote 0`.',
  );
}

const unusable = (what: string, cause: unknown): FoursightError =>
  new FoursightError(
    'POLICY_WEIGHTS_UNUSABLE',
    `${what}: its weights cannot be read`,
    'Make another version live with `foursight policy rollback` or `foursight policy promote`.',
    { cause },
  );
