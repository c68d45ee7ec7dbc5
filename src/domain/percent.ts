/** A share of 1 as people read it: `41.7 %`. */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
