import { describe, expect, it } from 'vitest';
import { reactionVotes } from '../../adapters/delivery/reaction-votes.ts';

describe('reactions as votes', () => {
  const voteOf = reactionVotes({ up: ['white_check_mark', ':ship_it:', '✅'], down: ['x', '❌', 'Nope'] });

  it.each(['+1', 'thumbsup', ':+1:', '+1::skin-tone-3', ':thumbsup::skin-tone-6:', '👍', '👍🏽', '👍🏿', '👍\ufe0f'])(
    '%s is a 👍',
    (name) => {
      expect(voteOf(name)).toBe('up');
      expect(reactionVotes()(name)).toBe('up');
    },
  );

  it.each(['-1', 'thumbsdown', '-1::skin-tone-2', '👎', '👎🏻', ':thumbsdown:'])('%s is a 👎', (name) => {
    expect(voteOf(name)).toBe('down');
  });

  it('knows the configured ones besides', () => {
    expect(['white_check_mark', 'ship_it', '✅', ':x:', '❌', 'nope'].map(voteOf)).toEqual([
      'up',
      'up',
      'up',
      'down',
      'down',
      'down',
    ]);
    expect(reactionVotes()('white_check_mark')).toBeUndefined();
  });

  it.each(['', ':', '::', 'eyes', 'thumbsup_all', '+10', '🎉', '🏽', 'skin-tone-3', '__proto__'])(
    '%j is none',
    (name) => {
      expect(voteOf(name)).toBeUndefined();
    },
  );

  it('does not let an alias turn a thumb around', () => {
    expect(reactionVotes({ up: ['-1'], down: ['+1'] })('+1')).toBe('up');
  });
});
