/** As it is read anywhere, without the marks of Markdown. */
export const plain = (text: string): string => text.replaceAll(/[*`]/g, '');

/** A platform on which the scenario is played, by one person, who is an admin too. Each act ends when it is done. */
export interface Stage {
  readonly platform: string;
  /** Asks in the open; where the conversation is new, in a new one. */
  ask(text: string, isNew: boolean): Promise<void>;
  /** Resolves when the person sees the end of the answer to the question asked last. @param end `plain` */
  seesAnswer(end: string): Promise<void>;
  rate(vote: 'up' | 'down'): Promise<void>;
  retract(): Promise<void>;
  giveReason(reason: string): Promise<void>;
  retrain(): Promise<void>;
  close(): Promise<void>;
}
