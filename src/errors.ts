/** What every error of Foursight carries: a stable code, what failed with which value, and what to do about it. */
export class FoursightError extends Error {
  override readonly name: string = 'FoursightError';
  /** Stable, upper case with underscores, e.g. `MODEL_FOLDER_INVALID`. */
  readonly code: string;
  /** One sentence that tells a person what to do next. */
  readonly remedy: string;

  constructor(code: string, message: string, remedy: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.remedy = remedy;
  }
}

/** The environment or a configuration file holds something that cannot be used. */
export class ConfigError extends FoursightError {
  override readonly name = 'ConfigError';
}

/** Something a person or a peer sent does not have the expected form. */
export class InputError extends FoursightError {
  override readonly name = 'InputError';
}

/** An adapter could not post something. */
export class DeliveryError extends FoursightError {
  override readonly name = 'DeliveryError';
  /** Trying again would come to the same. */
  readonly isFinal: boolean;
  /** The platform said how long to wait. */
  readonly retryAfterMs: number | null;

  constructor(
    code: string,
    message: string,
    remedy: string,
    options: { cause?: unknown; isFinal?: boolean; retryAfterMs?: number | null } = {},
  ) {
    super(code, message, remedy, options);
    this.isFinal = options.isFinal ?? false;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The message of anything thrown and, where it has one, its remedy, as sentences. */
export const withRemedy = (error: unknown): string =>
  `${messageOf(error).replace(/\.$/, '')}.${error instanceof FoursightError ? ` ${error.remedy}` : ''}`;
