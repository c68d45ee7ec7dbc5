/** One thing that somebody does, or that is done for them. */
export type Step =
  /** Begins a conversation. */
  | { readonly does: 'ask'; readonly text: string; readonly answer: string }
  /** Goes on in it. */
  | { readonly does: 'follow up'; readonly text: string; readonly answer: string }
  /** Rates the last answer; rated otherwise before, that vote is changed. */
  | { readonly does: 'rate'; readonly vote: 'up' | 'down' }
  | { readonly does: 'retract' }
  /** Says why the last answer was wrong. */
  | { readonly does: 'give a reason'; readonly reason: string }
  /** An admin asks for a training. */
  | { readonly does: 'retrain' };

/** Longer than one message of any platform. */
const AT_LENGTH = Array.from({ length: 500 }, (_, line) => `Line ${line} of a long answer.`).join('\n\n');

/** What a team does on any platform, in this order; what must be stored is the same on each. */
export const scenario: readonly Step[] = [
  { does: 'ask', text: 'What is 12 * 33?', answer: 'The answer is **396**.' },
  { does: 'rate', vote: 'up' },
  { does: 'follow up', text: 'And divided by 4?', answer: '99' },
  { does: 'rate', vote: 'up' },
  { does: 'rate', vote: 'down' },
  { does: 'follow up', text: 'Sure?', answer: 'Yes: `396 / 4 = 99`.' },
  { does: 'rate', vote: 'down' },
  { does: 'retract' },
  { does: 'ask', text: 'Who is on call?', answer: 'Nobody told me.' },
  { does: 'rate', vote: 'down' },
  { does: 'give a reason', reason: 'It is Ann until Friday.' },
  { does: 'ask', text: 'Tell me at length.', answer: AT_LENGTH },
  { does: 'rate', vote: 'up' },
  { does: 'retrain' },
];
