import { describe, expect, it } from 'vitest';
import { conversationKey, isDirectChannel, messageKey, messagePlace, threadPlace } from '../../adapters/slack/keys.ts';
import { CHANNEL, DIRECT, TS } from './payloads.ts';

describe('keys', () => {
  it('are places and back', () => {
    expect(messagePlace(messageKey({ channel: CHANNEL, ts: TS }))).toEqual({ channel: CHANNEL, ts: TS });
    expect(threadPlace(conversationKey({ channel: DIRECT, threadTs: TS }))).toEqual({ channel: DIRECT, threadTs: TS });
  });

  it.each([
    '',
    'x',
    CHANNEL,
    `${CHANNEL}:`,
    `:${TS}`,
    `${CHANNEL}:1731000000`,
    `${CHANNEL}:${TS}:1`,
    `c1:${TS}`,
    `${CHANNEL}:${TS}\n`,
  ])('%j is none', (key) => {
    expect(messagePlace(key)).toBeUndefined();
    expect(threadPlace(key)).toBeUndefined();
  });

  it('of direct messages are recognised', () => {
    expect([DIRECT, CHANNEL].map(isDirectChannel)).toEqual([true, false]);
  });
});
