import { z } from 'zod';
import type { Db } from '../../src/db/database.ts';
import type { HeldRun } from '../../src/db/run-queries.ts';
import type { Log } from '../../src/log.ts';
import type { LoadedModel } from '../models/model.ts';
import type { TensorMap } from '../train/trainer.ts';
import type { LearningCheckpoint, LearningStep } from './learning-run.ts';
import type { SourceFigures } from './trajectory-source.ts';

/**
 * What a run comes to depends on these beside its settings. Its first worker decides; those that take the run over keep to them,
 * whatever their own configuration and machine are.
 */
export const termsSchema = z.object({
  /** Of people whose own zone is not known. */
  zone: z.string(),
  /** Of live answers. */
  temperature: z.number(),
  /** Budget of turns of live answers. */
  maxTurns: z.number(),
  /** Of a gate. */
  gateQuestions: z.number(),
  /** Threads that share a gradient: its sum is taken in their order. */
  workers: z.number(),
});
export type Terms = z.output<typeof termsSchema>;

/** What a run works with. */
export interface TrainingSetting extends Omit<Terms, 'workers'> {
  readonly db: Db;
  /** A model folder or the name of a pulled repository, and where those are. */
  readonly model: string;
  readonly home: string;
  /** The name of this worker. */
  readonly worker: string;
  readonly log: Log;
  readonly workers?: number;
}

/** `lost`: another worker has taken the run over; `over`: it had ended before. */
export type TrainingEnd = 'ended' | 'lost' | 'over';

/** What a kind of run works with between claim and candidate. */
export interface LearningJob {
  readonly held: HeldRun;
  readonly setting: TrainingSetting;
  readonly model: LoadedModel;
  readonly start: TensorMap;
  readonly resume: LearningCheckpoint | undefined;
  readonly onStep: <F extends SourceFigures>(
    step: LearningStep<F>,
    checkpoint: () => LearningCheckpoint,
  ) => Promise<unknown>;
}

/** Thrown through the learning loop when the run belongs to another worker by now. */
export class RunLost extends Error {}
