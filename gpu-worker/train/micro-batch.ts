/** One sequence and what is learnt from it. */
export interface Example {
  readonly ids: readonly number[];
  /**
   * One number a token: the weight of log p(ids[t] | ids[<t]) in the loss, which is the negative weighted sum. Tokens with
   * weight 0 cost no logits. The first token has no prediction, so its weight is 0.
   */
  readonly weights: ArrayLike<number>;
  /** What an objective needs beside the weight of each token, by name; read where the weight is not 0. */
  readonly columns?: Readonly<Record<string, ArrayLike<number>>>;
}

/** Several sequences of similar length as the inputs of `lossGraph`. */
export interface MicroBatch {
  readonly batch: number;
  readonly time: number;
  /** [batch, time] */
  readonly ids: BigInt64Array;
  readonly positions: BigInt64Array;
  readonly segments: BigInt64Array;
  /** [rows]: `row · time + column` of the tokens that predict. */
  readonly rows: BigInt64Array;
  readonly targets: BigInt64Array;
  /** By the name of the column, one number a row; `weights` among them. */
  readonly columns: Readonly<Record<string, Float32Array>>;
  /** Where each row's prediction belongs: index of the example, and of the token in it. */
  readonly origins: Int32Array;
}

const tokenSegment = 1n;
const paddingSegment = 0n;

/** Tokens that must be computed: up to the last one that predicts. */
export function computedLength({ weights }: Example): number {
  for (let t = weights.length - 1; t > 0; t--) if (weights[t] !== 0) return t;
  return 0;
}

/**
 * Shares the examples among the workers and cuts each share into micro-batches of sequences of similar length, at most
 * `maxTokens` tokens with padding (a longer sequence alone). Examples without any weight are left out.
 */
export function planMicroBatches(examples: readonly Example[], workers: number, maxTokens: number): MicroBatch[][] {
  const order = examples
    .map((example, index) => ({ example, index, length: computedLength(example) }))
    .filter(({ length }) => length > 0)
    .sort((a, b) => b.length - a.length || a.index - b.index);
  return Array.from({ length: workers }, (_, worker) => {
    // Dealt out in snake order (0 1 1 0 0 1 …), so that nobody always gets the longer one of a pair.
    const share = order.filter((_, i) => {
      const place = i % (2 * workers);
      return (place < workers ? place : 2 * workers - 1 - place) === worker;
    });
    const batches: MicroBatch[] = [];
    for (let start = 0; start < share.length; ) {
      const longest = share[start]?.length ?? 1;
      const end = start + Math.max(1, Math.floor(maxTokens / longest));
      batches.push(microBatch(share.slice(start, end), longest));
      start = end;
    }
    return batches;
  });
}

function microBatch(members: readonly { example: Example; index: number; length: number }[], time: number): MicroBatch {
  const size = members.length * time;
  const ids = new BigInt64Array(size);
  const positions = new BigInt64Array(size);
  const segments = new BigInt64Array(size).fill(paddingSegment);
  const rows: number[] = [];
  const targets: number[] = [];
  const columns: Record<string, number[]> = { weights: [] };
  const origins: number[] = [];
  members.forEach(({ example, index, length }, row) => {
    for (let t = 0; t < length; t++) {
      const at = row * time + t;
      ids[at] = BigInt(example.ids[t] ?? 0);
      positions[at] = BigInt(t);
      segments[at] = tokenSegment;
      const weight = example.weights[t + 1] ?? 0;
      if (weight === 0) continue;
      rows.push(at);
      targets.push(example.ids[t + 1] ?? 0);
      columns.weights?.push(weight);
      for (const [name, values] of Object.entries(example.columns ?? {})) {
        columns[name] ??= [];
        columns[name].push(values[t + 1] ?? Number.NaN);
      }
      origins.push(index, t + 1);
    }
  });
  return {
    batch: members.length,
    time,
    ids,
    positions,
    segments,
    rows: BigInt64Array.from(rows, BigInt),
    targets: BigInt64Array.from(targets, BigInt),
    columns: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, Float32Array.from(values)])),
    origins: Int32Array.from(origins),
  };
}
