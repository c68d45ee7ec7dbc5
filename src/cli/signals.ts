const FORCED = 130;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Aborts on the first SIGINT, SIGTERM or, when the terminal is closed, SIGHUP. On the second, `force` runs and the process
 * ends at once, with exit code 130.
 */
export const onStopSignals = (force: () => void = () => undefined): AbortSignal => listen(force).signal;

/** Runs `work` with a signal like that of `onStopSignals`, which is listened for only as long as it runs. */
export async function withStopSignals<T>(work: (stopped: AbortSignal) => Promise<T>): Promise<T> {
  const { signal, close } = listen(() => undefined);
  try {
    return await work(signal);
  } finally {
    close();
  }
}

function listen(force: () => void): { signal: AbortSignal; close: () => void } {
  const stop = new AbortController();
  const heard = () => {
    if (stop.signal.aborted) {
      force();
      process.exit(FORCED);
    }
    stop.abort();
  };
  // Where nobody reads any more, on a closed terminal or a broken pipe, there is nothing left to say but much to close.
  const unread = () => stop.abort();
  const outputs = [process.stdout, process.stderr];
  for (const signal of SIGNALS) process.on(signal, heard);
  for (const output of outputs) output.on('error', unread);
  return {
    signal: stop.signal,
    close() {
      for (const signal of SIGNALS) process.off(signal, heard);
      for (const output of outputs) output.off('error', unread);
    },
  };
}

/** Resolves when the signal has been aborted. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
