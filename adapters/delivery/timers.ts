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
