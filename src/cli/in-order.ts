/** Works on up to `limit` items at once and yields the results in the order of the items. Stops at the first failure. */
export async function* inOrder<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T, index: number) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  let next = 0;
  const start = () => {
    const item = items[next];
    if (next >= items.length || item === undefined) return;
    const started = work(item, next++);
    // Reported when its turn comes; until then a rejection must not end the process.
    started.catch(() => undefined);
    running.push(started);
  };
  while (running.length < limit && next < items.length) start();
  for (let result = running.shift(); result !== undefined; result = running.shift()) {
    yield await result;
    start();
  }
}
