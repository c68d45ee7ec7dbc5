import { describe, expect, it } from 'vitest';
import { tools } from '../../gpu-worker/tools/registry.ts';
import { ToolError } from '../../src/domain/tool.ts';
import { memoryNotes, pastTurn, seeded, toolContext } from './tool-context.ts';

const valid: Record<string, readonly string[]> = {
  calculator: [
    '17 * 23 + 4',
    '(8 - 3)^2 / 7',
    '15% of 1,234.5',
    '200 + 15%',
    'sqrt(2) * 3½',
    '2^10 mod 7',
    '-(1/3) + 1e3',
  ],
  convert: [
    '26 mi to km',
    '5 ft 11 in to cm',
    '98.6 °F to °C',
    '1/2 cup to ml',
    '30 mpg to l/100 km',
    '1,000 sq ft in m²',
  ],
  dates: [
    ...[
      'today',
      'time in Asia/Tokyo',
      'date in 45 days',
      'weekday 3 weeks ago',
      'weekday of 20 July 1969',
      'days until 24 December',
    ],
    ...[
      'weeks until Christmas',
      'days between 1 March and 5 April',
      'time 2h 30min after 14:30',
      'zone 2:30 pm New York to Berlin',
    ],
    ...['difference Tokyo and Berlin', 'hours between 09:15 and 17:40', 'date 1 month after 31 January 2027'],
  ],
  notes: ['remember the door code is 8842', "recall when is Anna's birthday?", 'recall wifi password'],
  combine: ['13 - 1', '1 + 1', '8/3 * 3', '13 / 1'],
  help: [''],
};
const pieces = [
  ...[
    '(',
    ')',
    '((((((((',
    '^',
    '^^',
    '9^9',
    '%',
    ' of ',
    '--',
    '/',
    '/0',
    '*',
    '0',
    '999999999',
    '1e999',
    '.',
    ',',
    '1,1,1',
  ],
  ...[
    '\u0000',
    '\n',
    '\t',
    '🙂',
    '½',
    '٣',
    '\ud800',
    '\u202e',
    '’',
    '"',
    "'",
    '\\',
    '$&',
    '<|1|>',
    '__proto__',
    'constructor',
    'null',
    'NaN',
  ],
  ...[
    ' to ',
    ' in ',
    ' and ',
    ' until ',
    ' after ',
    'half',
    'an ',
    'days',
    'km',
    '°',
    'Tokyo',
    'Etc/GMT+5',
    '2026-02-30',
    '99:99',
    'recall',
  ],
  ...[
    'a'.repeat(300),
    '1 '.repeat(200),
    '('.repeat(200),
    ' '.repeat(400),
    '-'.repeat(300),
    '9'.repeat(300),
    'in '.repeat(60),
    '1 day '.repeat(30),
  ],
];

function mutate(text: string, random: () => number): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  let mutated = text;
  for (let times = 1 + Math.floor(random() * 4); times > 0; times--) {
    const at = Math.floor(random() * (mutated.length + 1));
    const to = Math.min(mutated.length, at + Math.floor(random() * 5));
    const kind = Math.floor(random() * 6);
    if (kind === 0) mutated = mutated.slice(0, at) + mutated.slice(to);
    else if (kind === 1) mutated = mutated.slice(0, at) + pick(pieces) + mutated.slice(at);
    else if (kind === 2) mutated = mutated.slice(0, at) + String.fromCharCode(random() * 0x3000) + mutated.slice(to);
    else if (kind === 3) mutated = mutated.slice(0, at) + mutated.slice(at, to).repeat(20) + mutated.slice(at);
    else if (kind === 4) mutated = mutated + pick(pieces) + pick(Object.values(valid).flat());
    else mutated = [...mutated].reverse().join('');
  }
  return mutated;
}

describe('1,000 mutations of valid commands', () => {
  it.each(Object.keys(valid))('%s: a short result or a clear error, at once', async (name) => {
    const tool = tools.get(name);
    const random = seeded(1000 + name.length);
    const context = toolContext({
      notes: memoryNotes("Anna's birthday is 3 May", 'The wifi password is bluebird'),
      puzzle: { numbers: ['1', '1', '1', '13'], target: '24' },
      turns: [pastTurn({ tool: 'combine', command: '13 - 1', result: '12, left 1 1 12' })],
    });
    const slow: string[] = [];
    let [results, errors] = [0, 0];
    for (let i = 0; i < 1_000; i++) {
      const commands = valid[name] ?? [];
      const command = mutate(commands[i % commands.length] ?? '', random);
      const began = process.cpuUsage();
      try {
        const said = await tool?.run(command, context);
        results++;
        expect(said?.result.length, command).toBeGreaterThan(0);
        expect(said?.result.length, command).toBeLessThan(400);
        // Notes repeat what they were told.
        if (name !== 'notes') expect(said?.result, command).not.toMatch(/NaN|undefined|Infinity|null/);
      } catch (error) {
        if (!(error instanceof ToolError))
          throw new Error(`${JSON.stringify(command)}: ${String(error)}`, { cause: error });
        errors++;
        expect(error.message.length, command).toBeGreaterThan(3);
        expect(error.message.length, command).toBeLessThan(200);
      }
      // Processor time: others may need the processors meanwhile.
      if (process.cpuUsage(began).user > 200_000) slow.push(command);
    }
    expect(slow).toEqual([]);
    expect(results + errors).toBe(1_000);
  });
});
