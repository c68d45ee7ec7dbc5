import type { Tool } from '../../src/domain/tool.ts';

/** What the assistant can do, as people read it. */
export const abilities =
  'I can calculate (17 * 23 + 4), convert units (26 miles to km), tell dates, times and time zones (days until 24 December, the time in Tokyo), remember facts for your team and recall them, and play Game of 24.';

export const help: Tool = {
  metadata: {
    name: 'help',
    does: 'Says what the assistant can do.',
    inputs: ['no command'],
    output: 'A list of abilities in plain words.',
    limits: 'Answers nothing else.',
    bestPractice: 'For anything that no other tool can do.',
  },
  run: async () => ({ result: abilities }),
};
