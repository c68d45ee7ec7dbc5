import { generate } from '../../../gpu-worker/tasks/generate.ts';
import type { AskedQuestion, TaskKind, TaskQuestion } from '../../../gpu-worker/tasks/question.ts';
import type { Random } from '../random.ts';
import { conversation, pick } from './asked.ts';

const joints = [
  ' and ',
  ', and ',
  '. And ',
  '? And ',
  '; ',
  '. Also, ',
  '? Also ',
  ', also ',
  ' and also ',
  '. Then ',
  '? ',
  '. ',
  ' plus tell me ',
  ', and then ',
];
const singleKinds: readonly TaskKind[] = ['symbols', 'words', 'convert', 'dates', 'problems', 'convert', 'dates'];

/** Two questions of their own in one message. */
export function joined(random: Random): TaskQuestion {
  const parts = [0, 1].map(() => {
    for (;;) {
      const task = generate(pick(random, singleKinds), { seed: random.below(2 ** 31), split: 'train' });
      const [question] = task.questions;
      if (
        task.questions.length === 1 &&
        question !== undefined &&
        question.actions.length === 1 &&
        question.text.length < 110
      )
        return question;
    }
  });
  const [first, second] = parts as [AskedQuestion, AskedQuestion];
  const head = first.text.replace(/[\s.?!]+$/, '');
  const joint = pick(random, joints);
  const shift = head.length + joint.length;
  const body =
    /^[.?]/.test(joint) || random.next() < 0.3 || second.spans[0]?.start === 0
      ? second.text
      : second.text.charAt(0).toLowerCase() + second.text.slice(1);
  const text = `${head}${joint}${body}`;
  const spans = [
    ...first.spans,
    ...second.spans.map((span) => ({ ...span, start: span.start + shift, end: span.end + shift })),
  ];
  const moved = second.actions.map((action) => ({
    ...action,
    args: action.args.replace(/\{(\d+)\}/g, (_, i: string) => `{${Number(i) + first.spans.length}}`),
  }));
  const actions = [...first.actions.map((action) => ({ ...action, stop: 'more' as const })), ...moved];
  return conversation('twotools', [{ text, spans, actions, expected: { type: 'contains', values: [] } }]);
}
