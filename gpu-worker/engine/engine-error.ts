import { FoursightError } from '../../src/errors.ts';

/** A request that the engine cannot serve. */
export class EngineError extends FoursightError {
  override readonly name = 'EngineError';
}
