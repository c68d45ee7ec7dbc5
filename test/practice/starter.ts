import { fileURLToPath } from 'node:url';
import { type PracticeSettings, practiceDefaults } from '../../gpu-worker/jobs/practice-settings.ts';
import { weightShapes } from '../../gpu-worker/models/decoder-weights.ts';
import { type LoadedModel, openModel } from '../../gpu-worker/models/model.ts';
import type { TensorMap } from '../../gpu-worker/train/trainer.ts';

export const starterFolder = fileURLToPath(new URL('../../starter/model', import.meta.url));
export const openStarter = (): Promise<LoadedModel> => openModel(starterFolder);

export const weightsOf = (model: LoadedModel): TensorMap =>
  new Map([...weightShapes(model.config)].map(([name, dims]) => [name, { dims, data: model.readTensor(name) }]));

/** Small enough for a test. */
export const settings = (more: Partial<PracticeSettings> = {}): PracticeSettings => ({
  ...practiceDefaults,
  questions: 6,
  mixed: 3,
  members: 4,
  maxTurns: 4,
  steps: 2,
  concurrency: 32,
  ...more,
});
