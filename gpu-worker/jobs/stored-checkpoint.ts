import { z } from 'zod';
import type { StoredCheckpoint } from '../../src/db/run-queries.ts';
import { stateOfBytes } from '../train/checkpoint.ts';
import type { TrainerState } from '../train/trainer.ts';
import type { LearningCheckpoint } from './learning-run.ts';

const positionSchema = z.object({
  step: z.number().int(),
  updates: z.number().int(),
  diverged: z.number().int(),
  elapsedMs: z.number(),
  source: z.unknown(),
  /** Of the optimizer. */
  trainerStep: z.number().int(),
});

export const storedPosition = (
  position: Omit<LearningCheckpoint, 'trainer'>,
  trainer: Pick<TrainerState, 'step'>,
): Record<string, unknown> => ({ ...position, trainerStep: trainer.step });

/** @throws ZodError, TrainError when it was not written by `storedPosition` and `stateBytes` */
export function resumed({ position, bytes }: Pick<StoredCheckpoint, 'position' | 'bytes'>): LearningCheckpoint {
  const { trainerStep, ...rest } = positionSchema.parse(position);
  return { ...rest, trainer: stateOfBytes(bytes, trainerStep) };
}
