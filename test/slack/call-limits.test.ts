import { describe, expect, it } from 'vitest';
import { callLimits, overLimits, usesOf } from './call-limits.ts';
import type { Call } from './fake/journal.ts';

const callOf = (method: string, args: Call['args']): Call => ({
  method,
  args,
  team: null,
  at: 0,
  outcome: 'ok',
  detail: [],
  isInjected: false,
});
const blocksOf = (...blocks: readonly object[]) => ({ blocks: JSON.stringify(blocks) });
const long = (length: number) => 'x'.repeat(length);

describe('the limits of calls', () => {
  it.each([
    ['text', callOf('chat.postMessage', { text: long(40_001) })],
    ['text', callOf('chat.update', { text: long(4_001) })],
    ['blocks', callOf('chat.update', blocksOf(...Array.from({ length: 51 }, () => ({ type: 'divider' }))))],
    [
      'markdown blocks together',
      callOf('chat.postMessage', blocksOf(...[7_000, 5_001].map((n) => ({ type: 'markdown', text: long(n) })))),
    ],
    [
      'text of section',
      callOf('chat.postEphemeral', blocksOf({ type: 'section', text: { type: 'mrkdwn', text: long(3_001) } })),
    ],
    [
      'text of button',
      callOf(
        'response_url',
        blocksOf({ type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: long(76) } }] }),
      ),
    ],
    ['action_id of *', callOf('chat.postMessage', blocksOf({ type: 'actions', elements: [{ action_id: long(256) }] }))],
    ['title', callOf('views.open', { view: JSON.stringify({ title: { type: 'plain_text', text: long(25) } }) })],
    ['prompts', callOf('assistant.threads.setSuggestedPrompts', { prompts: JSON.stringify([1, 2, 3, 4, 5]) })],
    ['limit', callOf('conversations.replies', { limit: '1001' })],
    ['metadata', callOf('chat.postMessage', { metadata: JSON.stringify({ event_payload: long(8_000) }) })],
  ])('see %s that is too large', (what, call) => {
    expect(overLimits([call])).toEqual([expect.stringContaining(`${what} of `)]);
  });

  it('let pass what just fits, and say how far it went', () => {
    const call = callOf('chat.update', { text: long(4_000), ...blocksOf({ type: 'markdown', text: long(12_000) }) });
    expect(overLimits([call])).toEqual([]);
    const used = usesOf([call]).filter(({ largest }) => largest > 0);
    expect(used.map(({ limit, largest }) => [limit.what, largest])).toEqual([
      ['text', 4_000],
      ['blocks', 1],
      ['markdown blocks together', 12_000],
    ]);
    expect(callLimits.length).toBeGreaterThan(25);
  });
});
