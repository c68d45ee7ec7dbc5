import type {
  AskedQuestion,
  EntityKind,
  ExpertAction,
  Span,
  TaskKind,
  TaskQuestion,
} from '../../../gpu-worker/tasks/question.ts';
import type { Random } from '../random.ts';

export const pick = <T>(random: Random, list: readonly T[]): T => list[random.below(list.length)] as T;

export interface Value {
  readonly kind: EntityKind;
  readonly text: string;
}

export type Step = readonly [tool: ExpertAction['tool'], args: string];

/** Fills `{0}`, `{1}`, … of a wording and keeps where they stand; `[a|b]` is a choice. */
export function asked(
  random: Random,
  wording: string,
  values: readonly Value[],
  steps: readonly Step[],
): AskedQuestion {
  const chosen = wording.replace(/\[([^\]]*)\]/g, (_, options: string) => pick(random, options.split('|')));
  const spans: Span[] = [];
  const order = new Map<number, number>();
  let text = '';
  for (const part of chosen.split(/(\{\d\})/)) {
    const index = /^\{(\d)\}$/.exec(part)?.[1];
    if (index === undefined) {
      text += part;
      continue;
    }
    const value = values[Number(index)];
    if (value === undefined) throw new RangeError(`no value ${index} for "${wording}"`);
    if (!order.has(Number(index))) order.set(Number(index), spans.length);
    spans.push({ start: text.length, end: text.length + value.text.length, kind: value.kind, value: value.text });
    text += value.text;
  }
  const shaped = random.next() < 0.5 ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  const actions = steps.map(
    ([tool, args], index): ExpertAction => ({
      tool,
      args: args.replace(/\{(\d)\}/g, (_, i: string) => `{${order.get(Number(i)) ?? i}}`),
      stop: index === steps.length - 1 ? 'final' : 'more',
    }),
  );
  return { text: shaped, spans, actions, expected: { type: 'contains', values: [] } };
}

export const conversation = (kind: TaskKind, questions: readonly AskedQuestion[]): TaskQuestion => ({
  kind,
  template: 'extra',
  notes: [],
  questions: [...questions],
});
