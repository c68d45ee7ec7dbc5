import { describe, expect, it } from 'vitest';
import { parseLine } from '../../adapters/console/command.ts';

describe('a line typed at the prompt', () => {
  it.each([
    ['What is 2 + 2?', { type: 'question', text: 'What is 2 + 2?' }],
    ['  -3 + 5 ', { type: 'question', text: '-3 + 5' }],
    ['- 3 + 5', { type: 'question', text: '- 3 + 5' }],
    ['+', { type: 'vote', vote: 'up', reason: null }],
    ['-', { type: 'vote', vote: 'down', reason: null }],
    ['👎', { type: 'vote', vote: 'down', reason: null }],
    ['/down it is 396', { type: 'vote', vote: 'down', reason: 'it is 396' }],
    ['/clear', { type: 'vote', vote: 'clear', reason: null }],
    ['/quit', { type: 'quit' }],
    ['/retrain dry-run', { type: 'command', command: { type: 'retrain', isDryRun: true } }],
    ['/policy promote 3', { type: 'command', command: { type: 'policyPromote', version: 3, isForced: false } }],
    ['/ask 2 + 2?', { type: 'question', text: '2 + 2?' }],
    ['/training on', { type: 'unknown', word: '/training' }],
    ['/quiet', { type: 'unknown', word: '/quiet' }],
    ['   ', { type: 'nothing' }],
  ])('%j', (line, command) => {
    expect(parseLine(line)).toEqual(command);
  });
});
