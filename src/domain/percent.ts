/** A share of 1 as people read it: `41.7 %`. */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** A difference of shares in points, with its sign: `+3.1`, `−0.4`. */
export const signedPoints = (difference: number): string =>
  `${difference < 0 ? '−' : '+'}${(100 * Math.abs(difference)).toFixed(1)}`;
