/**
 * Works through places, some at a time: those that somebody waits for first, then in order.
 * @param signal when it aborts, no more are begun
 * @throws what the work throws, at once; what has begun goes on to its end, and no more is begun
 */
export async function severalAtOnce<Place>(
  places: readonly Place[],
  work: (place: Place) => Promise<void>,
  options: {
    readonly atOnce: number;
    readonly signal: AbortSignal;
    readonly isUrgent?: (place: Place) => boolean;
  },
): Promise<void> {
  const { atOnce, signal, isUrgent = () => false } = options;
  const rest = [...places];
  let hasFailed = false;
  const some = async () => {
    while (!signal.aborted && !hasFailed) {
      const [place] = rest.splice(Math.max(0, rest.findIndex(isUrgent)), 1);
      if (place === undefined) return;
      try {
        await work(place);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, some));
}
