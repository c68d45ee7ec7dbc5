/** What a run of the flow may use up. */
export interface Budgets {
  /** Turns of the trajectory, those of an earlier worker included. */
  readonly turns: number;
  /** Seconds of work, those of committed turns included. */
  readonly seconds: number;
  /** Seconds one run of a tool may take. */
  readonly toolSeconds: number;
}

/** The paper's, at evaluation. */
export const defaultBudgets: Budgets = { turns: 10, seconds: 300, toolSeconds: 20 };

/** A point in time as a signal. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** It will not fire any more. */
  clear(): void;
}

/**
 * A signal that fires after `ms`. `AbortSignal.timeout` would not do: `AbortSignal.any` holds its sources weakly, so a
 * timeout that nobody else holds is collected and never fires.
 */
export function deadline(ms: number): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Interrupted(`${ms} ms are over`)), Math.max(0, Math.ceil(ms)));
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

/** The wait was ended by its signal. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * Waits for work, but not beyond the signal: even work that ignores its signal does not hold the caller.
 * @throws Interrupted when the signal fires first
 */
export async function untilAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  if (signal.aborted) throw new Interrupted('interrupted', { cause: signal.reason });
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new Interrupted('interrupted', { cause: signal.reason }));
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work(), aborted]);
  } catch (error) {
    // Work that heeds its signal rejects in its own way; to the caller both are an interruption.
    if (signal.aborted && !(error instanceof Interrupted)) {
      throw new Interrupted('interrupted', { cause: error });
    }
    throw error;
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
  }
}
