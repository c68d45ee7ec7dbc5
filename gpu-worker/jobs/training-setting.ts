import type { Db } from '../../src/db/database.ts';
import type { HeldRun } from '../../src/db/run-queries.ts';
import type { Log } from '../../src/log.ts';
import type { LoadedModel } from '../models/model.ts';
import type { TensorMap } from '../train/trainer.ts';
import type { LearningCheckpoint, LearningStep } from './learning-run.ts';
import type { SourceFigures } from './trajectory-source.ts';

/** What a run works with. */
export interface TrainingSetting {
  readonly db: Db;
  /** A model folder or the name of a pulled repository, and where those are. */
  readonly model: string;
  readonly home: string;
  /** Of people whose own zone is not known. */
  readonly zone: string;
  /** Of live answers. */
  readonly temperature: number;
  /** Budget of turns of live answers. */
  readonly maxTurns: number;
  /** Of a gate. */
  readonly gateQuestions: number;
  /** The name of this worker. */
  readonly worker: string;
  readonly log: Log;
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
  ) => Promise<'stop' | unknown>;
}

/** Thrown through the learning loop when the run belongs to another worker by now. */
export class RunLost extends Error {}
