import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { checkBase, loraSettingsOf, weightsFromBytes } from '../../../gpu-worker/jobs/policy-weights.ts';
import { saveAdapter } from '../../../gpu-worker/models/adapter.ts';
import { baseModelLabel, baseModelName } from '../../../gpu-worker/models/base-model.ts';
import { modelFolder } from '../../../gpu-worker/models/location.ts';
import { type LoadedModel, openModel, saveModel } from '../../../gpu-worker/models/model.ts';
import { writeAtomically } from '../../../gpu-worker/models/write-files.ts';
import { FoursightError, InputError } from '../../errors.ts';
import { modelCard } from './model-card.ts';
import { readStoredPolicy, type StoredPolicy } from './stored.ts';

/** What `policy export --json` prints. */
export interface ExportReceipt {
  readonly version: number;
  /** Absolute. */
  readonly dir: string;
  readonly kind: 'base' | 'lora' | 'full';
}

const CARD = 'README.md';

/**
 * Writes a version into a new or empty folder, with a model card: LoRA weights as PEFT reads them, all weights as a Hugging
 * Face folder, version 0 as the base model's folder.
 * @param version the live one unless given
 * @throws InputError when the folder holds something, the version is unknown; FoursightError when it cannot be written
 */
export async function exportPolicy(to: string, version?: number): Promise<ExportReceipt> {
  const dir = resolve(to);
  await checkFolder(dir);
  const policy = await readStoredPolicy(version);
  const baseModel = await writeWeights(dir, policy);
  await writeAtomically(join(dir, CARD), [modelCard(policy.detail, policy.run, baseModel)]);
  return { version: policy.detail.version, dir, kind: policy.detail.kind };
}

/** @throws InputError unless the folder is new or empty */
export async function checkFolder(dir: string): Promise<void> {
  const held = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new InputError('EXPORT_FOLDER_UNUSABLE', `${dir} is no folder to write to`, 'Name a new or empty folder.', {
      cause: error,
    });
  });
  if (held.length > 0)
    throw new InputError('EXPORT_FOLDER_NOT_EMPTY', `${dir} is not empty`, 'Name a new or empty folder.');
}

/** @returns the name of the base model */
async function writeWeights(dir: string, { config, detail, weights }: StoredPolicy): Promise<string> {
  const what = `policy version ${detail.version}`;
  if (weights?.kind === 'lora') {
    const { rank, modules, scale } = loraSettingsOf(weights, what);
    const tensors = weightsFromBytes(weights.bytes, what);
    // alpha as it gives this scale, whatever rule the weights came with.
    const adapter = { rank, alpha: scale * rank, modules, tensors };
    await saveAdapter(dir, adapter, baseModelLabel(weights.baseModel));
    return weights.baseModel;
  }
  const model = await openModel(modelFolder(config.model, config.home));
  const base = await baseModelName(model);
  if (weights === undefined) await copyModel(dir, model);
  else {
    checkBase(weights, base, what);
    await saveModel(dir, weightsFromBytes(weights.bytes, what), 'float32', { copyFrom: model.dir });
  }
  return base;
}

/** The files of the folder itself, where models have theirs. */
async function copyModel(dir: string, model: LoadedModel): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
    for (const entry of await readdir(model.dir, { withFileTypes: true }))
      if (!entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== CARD)
        await copyFile(join(model.dir, entry.name), join(dir, entry.name));
  } catch (error) {
    throw new FoursightError(
      'EXPORT_NOT_WRITTEN',
      `${model.dir} cannot be copied to ${dir}`,
      'Check the permissions of the folder and the space on its disk.',
      { cause: error },
    );
  }
}
