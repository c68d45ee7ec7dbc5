/** A number puzzle: combine all the numbers with + − × ÷ to reach the target. */
export interface Puzzle {
  /** Whole numbers or fractions as text, e.g. `13` or `8/3`. */
  readonly numbers: readonly string[];
  readonly target: string;
}
