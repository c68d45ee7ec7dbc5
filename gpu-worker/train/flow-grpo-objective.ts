/** Log-probabilities of a turn's action tokens a_1 … a_|a|, natural logarithms, under softmax(logits / temperature). */
export interface TurnScores {
  /** ℓ, by the policy that is trained. */
  readonly l: ArrayLike<number>;
  /** ℓ_old, by the policy that sampled them. */
  readonly old: ArrayLike<number>;
  /** ℓ_ref, by the reference. */
  readonly reference: ArrayLike<number>;
}

export interface MemberScores {
  /** A_i, the same for every token of every turn. */
  readonly advantage: number;
  /** What the trajectory weighs in the mean: 1 / (N · G). */
  readonly weight: number;
  /** In place of the settings' `dualClip`, for members that another policy sampled. */
  readonly dualClip?: number;
  readonly turns: readonly TurnScores[];
}

export interface ObjectiveSettings {
  /** ε_lo and ε_hi: the ratio is clipped to [1 − ε_lo, 1 + ε_hi]. */
  readonly epsilonLow: number;
  readonly epsilonHigh: number;
  /** β of the KL term. */
  readonly beta: number;
  /** c of Ye et al. 2020, above 1 + ε_hi: with a negative advantage a token loses no more than c · |A|. */
  readonly dualClip?: number | undefined;
}

/** The parts of the loss, and what is worth watching, over all tokens of the members. */
export interface ObjectiveMetrics {
  readonly tokens: number;
  /** loss = policyLoss + β · weightedK3: both with the weights of the loss. */
  readonly policyLoss: number;
  readonly weightedK3: number;
  /** Plain means over tokens. */
  readonly meanK3: number;
  readonly meanRatio: number;
  /** Share of the tokens whose clipped branch is strictly the smaller one; high: A > 0, low: A < 0. */
  readonly clipFraction: number;
  readonly clipFractionLow: number;
  readonly clipFractionHigh: number;
  /** Share of the tokens that the dual clip cut off. */
  readonly dualClipFraction: number;
  /** Share of the tokens whose ratio is out of range, whatever the sign of A. */
  readonly ratioBelowFraction: number;
  readonly ratioAboveFraction: number;
}

export interface ObjectiveResult {
  readonly loss: number;
  readonly metrics: ObjectiveMetrics;
  /** dloss/dℓ, by member, turn and token. */
  readonly derivatives: readonly (readonly Float64Array[])[];
}

/** The ratios between which a token's advantage has a derivative; outside, the clipped branch is the smaller one. */
export function openRatios(
  advantage: number,
  { epsilonLow, epsilonHigh }: ObjectiveSettings,
  dualClip: number | undefined,
): { readonly lowest: number; readonly highest: number } {
  if (advantage > 0) return { lowest: 0, highest: 1 + epsilonHigh };
  return { lowest: advantage < 0 ? 1 - epsilonLow : 0, highest: advantage < 0 ? (dualClip ?? Infinity) : Infinity };
}

/**
 * The Flow-GRPO objective on numbers alone (arXiv 2510.05592, equation 5), in float64:
 *
 * loss = − Σ_i w_i 1/T_i Σ_t 1/|a_t| Σ_j [min(ρ A, clip(ρ, 1 − ε_lo, 1 + ε_hi) A) − β k3], w_i = 1 / (N G)
 *
 * with ρ = exp(ℓ − ℓ_old) and k3 = exp(ℓ_ref − ℓ) − (ℓ_ref − ℓ) − 1. Without members everything is 0.
 */
export function flowGrpoObjective(members: readonly MemberScores[], settings: ObjectiveSettings): ObjectiveResult {
  const { epsilonLow, epsilonHigh, beta } = settings;
  const sums = { tokens: 0, policy: 0, weightedK3: 0, k3: 0, ratio: 0, low: 0, high: 0, dual: 0, below: 0, above: 0 };

  const derivatives = members.map(({ advantage: A, weight, turns, dualClip = settings.dualClip }) => {
    const { lowest, highest } = openRatios(A, settings, dualClip);
    return turns.map(({ l, old, reference }) => {
      const w = weight / turns.length / l.length;
      return Float64Array.from(l, (l_j, j) => {
        const ρ = Math.exp(l_j - (old[j] as number));
        const d = (reference[j] as number) - l_j;
        const k3 = Math.exp(d) - d - 1;
        const clipped = Math.min(Math.max(ρ, 1 - epsilonLow), 1 + epsilonHigh);
        const dual = A < 0 && dualClip !== undefined && ρ > dualClip;
        sums.tokens += 1;
        sums.policy -= w * (dual ? dualClip * A : Math.min(ρ * A, clipped * A));
        sums.weightedK3 += w * k3;
        sums.k3 += k3;
        sums.ratio += ρ;
        sums.low += A < 0 && ρ < 1 - epsilonLow ? 1 : 0;
        sums.high += A > 0 && ρ > 1 + epsilonHigh ? 1 : 0;
        sums.dual += dual ? 1 : 0;
        sums.below += ρ < 1 - epsilonLow ? 1 : 0;
        sums.above += ρ > 1 + epsilonHigh ? 1 : 0;
        // dρ/dℓ = ρ; dk3/dℓ = 1 − exp(ℓ_ref − ℓ)
        return w * (beta * (1 - Math.exp(d)) - (ρ >= lowest && ρ <= highest ? ρ * A : 0));
      });
    });
  });

  const share = (sum: number) => (sums.tokens === 0 ? 0 : sum / sums.tokens);
  return {
    loss: sums.policy + beta * sums.weightedK3,
    metrics: {
      tokens: sums.tokens,
      policyLoss: sums.policy,
      weightedK3: sums.weightedK3,
      meanK3: share(sums.k3),
      meanRatio: share(sums.ratio),
      clipFraction: share(sums.low + sums.high),
      clipFractionLow: share(sums.low),
      clipFractionHigh: share(sums.high),
      dualClipFraction: share(sums.dual),
      ratioBelowFraction: share(sums.below),
      ratioAboveFraction: share(sums.above),
    },
    derivatives,
  };
}
