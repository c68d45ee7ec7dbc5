import type { Tool } from '../../src/domain/tool.ts';
import { calculator } from './calculator.ts';
import { combine } from './combine.ts';
import { convert } from './convert.ts';
import { dates } from './dates.ts';
import { help } from './help.ts';
import { notes } from './notes.ts';

/** Every tool by its name, in the order in which agents are told of them. They hold no state: one registry serves all questions. */
export const tools: ReadonlyMap<string, Tool> = new Map(
  [calculator, convert, dates, notes, combine, help].map((tool) => [tool.metadata.name, tool]),
);
