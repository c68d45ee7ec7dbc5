/** A question's life, in milliseconds on one clock. */
export interface Asked {
  readonly sentAt: number;
  readonly answeredAt: number;
}

/**
 * The questions whose life overlaps no outage. An outage lasts from a kill until the first answer to a question that was sent
 * after it: a question that a killed worker holds is taken over only when its lock has run out, 6 to 8 s later.
 * @param kills instants of kills of what answers
 */
export function undisturbed(asked: readonly Asked[], kills: readonly number[]): Asked[] {
  const outages = kills.map((from) => ({
    from,
    to: Math.min(...asked.filter(({ sentAt }) => sentAt > from).map(({ answeredAt }) => answeredAt)),
  }));
  return asked.filter(({ sentAt, answeredAt }) => outages.every(({ from, to }) => answeredAt < from || sentAt > to));
}

/** The value below which a share of the latencies lies, in milliseconds. */
export function quantile(asked: readonly Asked[], share: number): number {
  const sorted = asked.map(({ sentAt, answeredAt }) => answeredAt - sentAt).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
