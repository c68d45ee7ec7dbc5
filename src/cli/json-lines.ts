import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { z } from 'zod';
import { InputError } from '../errors.ts';

/**
 * The records of a file with one JSON value a line; `-` is standard input. Empty lines are skipped.
 * @throws InputError naming the first line that is wrong, before anything is computed
 */
export async function readRecords<S extends z.ZodType>(file: string, schema: S, form: string): Promise<z.output<S>[]> {
  const lines = (await contents(file)).split('\n');
  const records = lines.flatMap((line, index) =>
    line.trim() === '' ? [] : [record(line, schema, `${file}, line ${index + 1}`, form)],
  );
  if (records.length === 0)
    throw new InputError('INPUT_EMPTY', `${file} holds no records`, `Write lines like ${form}.`);
  return records;
}

/** @throws InputError when the file cannot be read or is no JSON of this form */
export async function readJsonFile<S extends z.ZodType>(file: string, schema: S, form: string): Promise<z.output<S>> {
  return record(await contents(file), schema, file, form);
}

async function contents(file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new InputError('INPUT_UNREADABLE', `${file} cannot be read`, 'Check the path and its permissions.', {
      cause: error,
    });
  }
}

function record<S extends z.ZodType>(json: string, schema: S, where: string, form: string): z.output<S> {
  const wrong = (problem: string, cause?: unknown) =>
    new InputError('INPUT_INVALID', `${where}: ${problem}`, `Write it like ${form}.`, { cause });
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw wrong('not JSON', error);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw wrong(`${issue?.path.join('.') || 'the record'}: ${issue?.message ?? 'not as expected'}`);
}
