/** The clock, as far as waiting and counting need it. */
export interface Timers {
  /** In milliseconds, from any moment on. */
  now(): number;
  /** @returns what calls it off */
  after(ms: number, run: () => void): () => void;
}

export const systemTimers: Timers = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Until so much time has passed, or the signal aborts. */
export function waitFor(timers: Timers, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      stop();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const stop = timers.after(ms, done);
    signal.addEventListener('abort', done);
  });
}
