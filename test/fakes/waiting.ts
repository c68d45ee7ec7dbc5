const WAIT_MS = 10_000;

/**
 * A way to wait for what has not happened yet: whoever changes something says so, and whoever waits looks again.
 * `recently` says what happened last, for the error of one who waited in vain.
 */
export function createWaiting(recently: () => string) {
  const waiters = new Set<() => void>();
  return {
    changed(): void {
      for (const look of [...waiters]) look();
    },
    /** Resolves with the first value that is not undefined, null or false; looks again at every change. */
    waitFor<T>(look: () => T | undefined | null | false, what: string, timeoutMs = WAIT_MS): Promise<T> {
      return new Promise((resolve, reject) => {
        const done = (finish: () => void) => {
          clearTimeout(timer);
          waiters.delete(check);
          finish();
        };
        const check = () => {
          try {
            const value = look();
            if (value !== undefined && value !== null && value !== false) done(() => resolve(value));
          } catch (error) {
            done(() => reject(error));
          }
        };
        const timer = setTimeout(
          () => done(() => reject(new Error(`waited ${timeoutMs} ms for ${what}; ${recently()}`))),
          timeoutMs,
        );
        waiters.add(check);
        check();
      });
    },
  };
}
