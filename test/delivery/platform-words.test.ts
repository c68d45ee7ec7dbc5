import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../adapters/delivery/', import.meta.url);
const PLATFORM_WORD =
  /\b(?:slack|discord|guilds?|ts|blocks?|embeds?|mrkdwn|ephemeral|channels?|threads?|snowflakes?|bolt|modals?|slash|team_?id)\b/i;

describe('what all platforms share', () => {
  it('knows no word of any of them', () => {
    const found = readdirSync(folder).flatMap((name) =>
      readFileSync(new URL(name, folder), 'utf8')
        .split('\n')
        .filter((line) => PLATFORM_WORD.test(line.replace(/'[^']*\.ts'/, '')))
        .map((line) => `${name}: ${line.trim()}`),
    );
    expect(found).toEqual([]);
    expect(PLATFORM_WORD.test('the thread of a channel')).toBe(true);
  });
});
