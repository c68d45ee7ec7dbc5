import { FoursightError } from '../../src/errors.ts';

/** Training cannot start or go on. */
export class TrainError extends FoursightError {
  override readonly name = 'TrainError';
}
