import { describe, expect, it } from 'vitest';
import { stem } from '../../gpu-worker/tools/note-ranking.ts';
import { notes } from '../../gpu-worker/tools/notes.ts';
import type { ToolContext } from '../../src/domain/tool.ts';
import { memoryNotes, outcome, toolContext } from './tool-context.ts';

const run = (command: string, context: ToolContext) => outcome(async () => (await notes.run(command, context)).result);
const facts = [
  "Anna's birthday is 3 May",
  'Anna moved to Berlin',
  'The wifi password is bluebird',
  'The spare key is under the flowerpot',
  'Standup meetings start at 9:15',
  'The printer code is 4711',
  'The door code is 8842',
  'Ben parks in lot C',
  'Our rent is due on the first',
  'The guest wifi password is seagull',
];

describe('notes', () => {
  it.each([
    ["What is Anna's birthday?", facts[0]],
    ['when was Anna born', facts[0]],
    ['where does Anna live', facts[1]],
    ['where are the spare keys?', facts[3]],
    ['when does the standup begin', facts[4]],
    ['what is the code of the printer', facts[5]],
    ['code for the door', facts[6]],
    ["where did Ben's car get parked", facts[7]],
    ['when do we pay the rent?', facts[8]],
    ['guest wi-fi password', facts[9]],
    ['do you remember what I told you about printers', facts[5]],
  ])('recalls for %s: %s', async (query, fact) => {
    expect(await run(`recall ${query}`, toolContext({ notes: memoryNotes(...facts) }))).toBe(fact);
  });

  it('lets the later statement win', async () => {
    const context = toolContext({ notes: memoryNotes('The door code is 1111') });
    expect(await run('remember The door code is 2222', context)).toBe('noted');
    expect(await run('recall what is the door code?', context)).toBe('The door code is 2222');
  });

  it('says plainly when nothing was noted', async () => {
    const context = toolContext({ notes: memoryNotes(...facts) });
    expect(await run('recall who will win the next election', context)).toBe('error: nothing noted about that');
    expect(await run('recall the wifi password', toolContext())).toBe('error: nothing noted about that');
    expect(await run('recall what is it', context)).toBe('error: nothing noted about that');
  });

  it('keeps workspaces apart', async () => {
    const store = memoryNotes(...facts);
    expect(await run('recall door code', toolContext({ notes: store, workspaceId: 'other' }))).toMatch(/^error/);
  });

  it('writes nothing in a rollout', async () => {
    const context = toolContext({ readOnly: true });
    expect(await run('remember the plan is B', context)).toBe('noted');
    expect(await run('recall the plan', context)).toBe('error: nothing noted about that');
  });

  it.each([
    ['forget everything', 'say remember or recall'],
    ['', 'say remember or recall'],
    ['remember', 'nothing to remember'],
    ['recall ???', 'nothing to recall'],
    [`remember ${'long '.repeat(400)}`, 'more than 1000 characters'],
  ])('%s fails', async (command, message) => {
    expect(await run(command, toolContext())).toBe(`error: ${message}`);
  });

  it('stems inflected words alike', () => {
    for (const [a, b] of [
      ['meetings', 'meeting'],
      ['parked', 'parks'],
      ['cities', 'city'],
      ['planned', 'plan'],
      ['boxes', 'box'],
    ]) {
      expect(stem(a ?? '')).toBe(stem(b ?? ''));
    }
  });
});
