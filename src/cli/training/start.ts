import { basename } from 'node:path';
import { loadAdapter, saveAdapter } from '../../../gpu-worker/models/adapter.ts';
import { loraModules } from '../../../gpu-worker/models/decoder-weights.ts';
import type { LoadedModel } from '../../../gpu-worker/models/model.ts';
import { allWeights, saveModel } from '../../../gpu-worker/models/model.ts';
import { loraStart } from '../../../gpu-worker/train/lora-start.ts';
import type { OptimizerSettings } from '../../../gpu-worker/train/settings.ts';
import type { TensorMap, Trainable } from '../../../gpu-worker/train/trainer.ts';
import { InputError } from '../../errors.ts';

/** What training starts from, and how its weights are saved: a PEFT folder or, with all weights, a model folder. */
export interface TrainingStart {
  readonly trainable: Trainable;
  readonly tensors: TensorMap;
  save(out: string, weights: TensorMap): Promise<void>;
}

/**
 * @param lora a PEFT folder to start from; its rank and alpha win over the settings'
 * @throws InputError when LoRA weights are given and all weights are to be trained
 */
export async function trainingStart(
  model: LoadedModel,
  lora: string | undefined,
  settings: Pick<OptimizerSettings, 'trainable' | 'loraRank' | 'loraAlpha' | 'seed'>,
): Promise<TrainingStart> {
  if (settings.trainable === 'full') {
    if (lora !== undefined)
      throw new InputError(
        'LORA_WITH_FULL_TRAINING',
        '--lora names weights that are not trained when "trainable" is "full"',
        'Leave out --lora, or set "trainable" to "lora".',
      );
    return {
      trainable: { kind: 'full' },
      tensors: allWeights(model),
      // Not in 16 bits, even where the checkpoint is: rounding to bfloat16 would undo every change below 0.2 %.
      save: (out, weights) => saveModel(out, weights, 'float32', { copyFrom: model.dir }),
    };
  }
  const given = lora === undefined ? undefined : await loadAdapter(lora, model.config);
  const rank = given?.rank ?? settings.loraRank;
  const alpha = given?.alpha ?? settings.loraAlpha;
  const scale = given?.scale ?? alpha / rank;
  const modules = given?.modules ?? loraModules;
  return {
    trainable: { kind: 'lora', rank, scale, modules, frozen: model.tensors },
    tensors: given?.tensors ?? loraStart(model.config, rank, settings.seed, modules),
    // alpha as it gives this scale, whatever rule the weights came with.
    save: (out, tensors) => saveAdapter(out, { rank, alpha: scale * rank, modules, tensors }, basename(model.dir)),
  };
}
