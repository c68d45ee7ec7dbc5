import { describe, expect, it } from 'vitest';
import {
  conversationKey,
  conversationPlace,
  idAt,
  isId,
  messageKey,
  messagePlace,
  msOfId,
} from '../../adapters/discord/keys.ts';

const CHANNEL = '1310000000000000001';
const MESSAGE = '1311111111111111111';

describe('keys of Discord', () => {
  it('lead back to where they come from', () => {
    expect(messagePlace(messageKey({ channel: CHANNEL, id: MESSAGE }))).toEqual({ channel: CHANNEL, id: MESSAGE });
    const place = { channel: CHANNEL, root: MESSAGE };
    expect(conversationPlace(conversationKey(place))).toEqual(place);
  });

  it('sort messages by their time, wherever they are', () => {
    const early = messageKey({ channel: '1399999999999999999', id: idAt(1_764_000_000_000) });
    const late = messageKey({ channel: '1300000000000000000', id: idAt(1_764_000_000_001) });
    expect(early < late).toBe(true);
  });

  it('are not found in what is none', () => {
    for (const key of ['', 'C024BE91L:1482960137.003543', MESSAGE, `${MESSAGE}:`, `${MESSAGE}:x`])
      expect(messagePlace(key)).toBeUndefined();
    expect(isId(12)).toBe(false);
  });

  it('tell their moment to the millisecond', () => {
    expect(msOfId('175928847299117063')).toBe(1_462_015_105_796);
    expect(msOfId(idAt(1_764_000_000_123))).toBe(1_764_000_000_123);
    expect(idAt(0)).toHaveLength(19);
  });
});
