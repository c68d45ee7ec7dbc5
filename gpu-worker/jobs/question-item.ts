import type { EvaluationItem } from './evaluate.ts';

/** A question with the answers that are accepted. */
export interface AnsweredQuestion {
  readonly question: string;
  readonly answers: readonly string[];
}

const plain = (text: string): string =>
  ` ${text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;

/** Right when one of the accepted answers stands in the answer, whatever its case and punctuation. */
export const questionItem = ({ question, answers }: AnsweredQuestion): EvaluationItem => ({
  notes: [],
  questions: [question],
  isRight: ({ answer }) => answers.some((accepted) => plain(answer).includes(plain(accepted))),
});
