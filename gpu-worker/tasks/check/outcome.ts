/** What the person's clock showed when the question was asked. */
export interface CheckClock {
  readonly now: Date;
  /** IANA. */
  readonly zone: string;
}

/** How a question was answered. */
export interface Outcome extends CheckClock {
  readonly answer: string;
  readonly turns: readonly {
    readonly tool: string;
    readonly command: string;
    readonly result: string;
    readonly error: string | null;
  }[];
}
