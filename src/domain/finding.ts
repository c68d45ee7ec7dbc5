/** What one check of the set-up found. */
export interface Finding {
  readonly check: string;
  /** `warning`: it works, though not as somebody may expect. */
  readonly state: 'ok' | 'warning' | 'problem';
  readonly says: string;
  /** What to do about it; null when nothing has to be done. */
  readonly remedy: string | null;
}

/** A finding without the name of its check. */
export type Outcome = Omit<Finding, 'check'>;

export const fine = (says: string): Outcome => ({ state: 'ok', says, remedy: null });
export const warning = (says: string, remedy: string): Outcome => ({ state: 'warning', says, remedy });
export const problem = (says: string, remedy: string): Outcome => ({ state: 'problem', says, remedy });
