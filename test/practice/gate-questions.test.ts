import { describe, expect, it } from 'vitest';
import { gateCounts, gateQuestions } from '../../gpu-worker/jobs/gate-questions.ts';
import { isBenchmarkPuzzle, isHeldPuzzle, TASK_KINDS } from '../../gpu-worker/tasks/tasks.ts';

const none = Object.fromEntries(TASK_KINDS.map((kind) => [kind, 0])) as Record<(typeof TASK_KINDS)[number], 0>;
const counts = { ...gateCounts, gameof24: 400 };
const questions = gateQuestions(counts, 1);
const asked = (list: typeof questions) =>
  list.map(({ kind, notes, questions: texts, askedAt }) => ({ kind, notes, texts, askedAt }));

describe('the questions of a gate', () => {
  it('are the same for a seed and others for another', () => {
    const few = (seed: number) => asked(gateQuestions({ ...none, dates: 40, followups: 40, gameof24: 40 }, seed));
    expect(few(1)).toEqual(few(1));
    const texts = new Set(few(1).map((question) => question.texts.join('\n')));
    expect(few(2).filter((question) => texts.has(question.texts.join('\n'))).length).toBeLessThan(10);
  });

  it('are of every kind, as many as wanted, hardly one of them twice', () => {
    for (const kind of TASK_KINDS) {
      const ofKind = questions.filter((question) => question.kind === kind);
      expect(ofKind, kind).toHaveLength(counts[kind]);
      expect(new Set(asked(ofKind).map(({ notes, texts }) => JSON.stringify([notes, texts]))).size).toBe(counts[kind]);
    }
  });

  it('have puzzles of four, half of them held out of training, none of the benchmark’s', () => {
    const puzzles = questions.flatMap(({ kind, questions: [text = ''] }) =>
      kind === 'gameof24' ? [(text.match(/\d+/g) ?? []).map(Number)] : [],
    );
    const numbers = puzzles.map((all) => (all.length === 4 ? all : all.filter((n) => n !== 24)));
    expect(numbers.every((four) => four.length === 4 && Math.max(...four) <= 20)).toBe(true);
    expect(numbers.filter(isBenchmarkPuzzle)).toEqual([]);
    expect(numbers.filter(isHeldPuzzle)).toHaveLength(200);
    expect(new Set(numbers.map((four) => [...four].sort((a, b) => a - b).join(' '))).size).toBe(400);
  });
});
