import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { EvaluationItem } from '../../gpu-worker/jobs/evaluate.ts';
import { taskItem } from '../../gpu-worker/jobs/practice-questions.ts';
import { type AnsweredQuestion, questionItem } from '../../gpu-worker/jobs/question-item.ts';
import { check, generate, hasAnswer, type Split, type TaskKind } from '../../gpu-worker/tasks/tasks.ts';
import { InputError, messageOf } from '../errors.ts';

/** Far from the seeds that training draws from; the splits keep values and wordings apart in any case. */
const FIRST_SEED = 500_000_000;

/** `count` generated tasks of a kind: `values` are unseen values in known wordings, `wordings` unseen wordings. */
export function generatedItems(kind: TaskKind, split: Split, count: number): EvaluationItem[] {
  const items: EvaluationItem[] = [];
  for (let seed = FIRST_SEED; items.length < count; seed += 1) {
    const task = generate(kind, { seed, split });
    if (hasAnswer(task)) items.push(taskItem(task));
  }
  return items;
}

const puzzleSchema = z.object({ numbers: z.array(z.number().int().min(0).max(1_000)).min(2).max(6) });
const questionSchema = z.object({ question: z.string().min(1), answers: z.array(z.string().min(1)).min(1) });

/** A puzzle in a wording that training has seen. */
function puzzleItem({ numbers }: z.output<typeof puzzleSchema>): EvaluationItem {
  const expected = { type: 'game', numbers, target: 24 } as const;
  return {
    notes: [],
    questions: [`make 24 from ${numbers.join(', ')}`],
    isRight: ({ answer, turns, askedAt, zone }) => check({ expected }, { answer, turns, now: askedAt, zone }),
  };
}

/**
 * The items of a file of JSON lines: `numbers` for Game of 24, otherwise `question` and accepted `answers`.
 * @throws InputError naming the line that cannot be read
 */
export const itemsOfFile = (path: string, isPuzzle: boolean): Promise<EvaluationItem[]> =>
  isPuzzle
    ? linesOf(path, '{"numbers": [1, 2, 3, 4]}', (value) => puzzleItem(puzzleSchema.parse(value)))
    : linesOf(path, QUESTION_FORM, (value) => questionItem(questionSchema.parse(value)));

const QUESTION_FORM = '{"question": "…", "answers": ["…"]}';

/** The questions of a file with their accepted answers. @throws InputError naming the line that cannot be read */
export const questionsOfFile = (path: string): Promise<AnsweredQuestion[]> =>
  linesOf(path, QUESTION_FORM, (value) => questionSchema.parse(value));

async function linesOf<T>(path: string, form: string, read: (value: unknown) => T): Promise<T[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new InputError('FILE_UNREADABLE', `cannot read ${path}: ${messageOf(error)}`, 'Name a file of JSON lines.');
  });
  return text
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, number }) => {
      try {
        return read(JSON.parse(line));
      } catch (error) {
        throw new InputError(
          'LINE_INVALID',
          `line ${number} of ${path} cannot be used`,
          `A line must look like ${form}.`,
          {
            cause: error,
          },
        );
      }
    });
}
