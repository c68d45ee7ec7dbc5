import { describe, expect, it } from 'vitest';
import {
  helpMarkdown,
  promotedMarkdown,
  refusedMarkdown,
  trainingMarkdown,
} from '../../adapters/delivery/admin-text.ts';
import { commands, commandWords } from '../../adapters/discord/commands.ts';
import { InputError } from '../../src/errors.ts';

interface Offered {
  readonly name: string;
  readonly required?: boolean;
  readonly options?: readonly Offered[];
  readonly choices?: readonly { readonly name: string }[];
}

/** Why a command cannot be typed so; undefined when it can. */
function whyNot(line: string): string | undefined {
  let offered: readonly Offered[] = commands as readonly Offered[];
  for (const word of line.slice(1).split(' ')) {
    const [name = '', value] = word.split(':');
    const found = offered.find((one) => one.name === name);
    if (found === undefined) return `${line}: there is no ${name}`;
    const { choices } = found;
    if (choices !== undefined && !choices.some((one) => one.name === value))
      return `${line}: ${name} is never ${value}`;
    if (value === undefined) offered = found.options ?? [];
  }
  const missing = offered.find(({ name, required }) => required === true && !line.includes(` ${name}:`));
  return missing && `${line}: ${missing.name} is needed`;
}

const typedIn = (markdown: string): string[] => [...markdown.matchAll(/`(\/[^`]+)`/g)].map(([, line = '']) => line);

describe('commands that Discord’s people are told of', () => {
  it('are those that the app has there', () => {
    const forced = '`foursight policy promote VERSION --force`, `foursight policy show VERSION`';
    const lines = [
      helpMarkdown(commandWords),
      promotedMarkdown({ version: 4, previous: 3, reason: 'better' }, commandWords),
      trainingMarkdown(true, commandWords),
      trainingMarkdown(false, commandWords),
      refusedMarkdown(new InputError('X', 'refused', forced), commandWords),
    ].flatMap(typedIn);
    expect(lines).toContain('/ask question:QUESTION');
    expect(lines).toContain('/foursight training choice:on');
    expect(lines).toContain('/foursight policy promote version:VERSION force:True');
    expect(lines.flatMap((line) => whyNot(line) ?? [])).toEqual([]);
    expect(whyNot('/foursight ask QUESTION')).toContain('no ask');
    expect(whyNot('/foursight policy show')).toContain('needed');
  });

  it('do not promise that a question by command is private', () => {
    expect(helpMarkdown(commandWords)).not.toContain('alone');
  });
});
