const FORCED = 130;

/**
 * Aborts on the first SIGINT, SIGTERM or, when the terminal is closed, SIGHUP. On the second, `force` runs and the process
 * ends at once, with exit code 130.
 */
export function onStopSignals(force: () => void = () => undefined): AbortSignal {
  const stop = new AbortController();
  const heard = () => {
    if (stop.signal.aborted) {
      force();
      process.exit(FORCED);
    }
    stop.abort();
  };
  process.on('SIGINT', heard);
  process.on('SIGTERM', heard);
  process.on('SIGHUP', heard);
  // Where nobody reads any more, on a closed terminal or a broken pipe, there is nothing left to say but much to close.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => stop.abort());
  return stop.signal;
}

/** Resolves when the signal has been aborted. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
