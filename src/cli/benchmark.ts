import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { EvaluationItem } from '../../gpu-worker/jobs/evaluate.ts';
import { taskItem } from '../../gpu-worker/jobs/practice-questions.ts';
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

const plain = (text: string): string =>
  ` ${text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;

/** A puzzle in a wording that training has seen. */
function puzzleItem({ numbers }: z.output<typeof puzzleSchema>): EvaluationItem {
  const expected = { type: 'game', numbers, target: 24 } as const;
  return {
    notes: [],
    questions: [`make 24 from ${numbers.join(', ')}`],
    isRight: ({ answer, turns, askedAt, zone }) => check({ expected }, { answer, turns, now: askedAt, zone }),
  };
}

/** Right when one of the accepted answers stands in the answer, whatever its case and punctuation. */
function questionItem({ question, answers }: z.output<typeof questionSchema>): EvaluationItem {
  return {
    notes: [],
    questions: [question],
    isRight: ({ answer }) => answers.some((accepted) => plain(answer).includes(plain(accepted))),
  };
}

/**
 * The questions of a file of JSON lines: `numbers` for Game of 24, otherwise `question` and accepted `answers`.
 * @throws InputError naming the line that cannot be read
 */
export async function itemsOfFile(path: string, isPuzzle: boolean): Promise<EvaluationItem[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new InputError('FILE_UNREADABLE', `cannot read ${path}: ${messageOf(error)}`, 'Name a file of JSON lines.');
  });
  return text
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, number }) => {
      try {
        const value: unknown = JSON.parse(line);
        return isPuzzle ? puzzleItem(puzzleSchema.parse(value)) : questionItem(questionSchema.parse(value));
      } catch (error) {
        const form = isPuzzle ? '{"numbers": [1, 2, 3, 4]}' : '{"question": "…", "answers": ["…"]}';
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
