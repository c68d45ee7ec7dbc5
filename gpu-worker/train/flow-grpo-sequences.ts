import type { PlannerTurn } from './flow-grpo-groups.ts';

/** Where a turn's action lies in a sequence. */
export interface ActionSpan {
  /** Index of the turn in its trajectory. */
  readonly turn: number;
  readonly start: number;
  readonly length: number;
}

/** Tokens that are computed once, with the actions of one or more turns in them. */
export interface ActionSequence {
  readonly ids: readonly number[];
  readonly spans: readonly ActionSpan[];
}

/**
 * A trajectory as few sequences: a turn whose prompt begins with the prompt and the action of the turn before goes on in
 * its sequence, so that what they share is computed once. A prompt that was shortened or rewritten begins another
 * sequence. Attention is causal, so every action sees exactly its own prompt either way.
 */
export function actionSequences(turns: readonly PlannerTurn[]): ActionSequence[] {
  const sequences: { ids: number[]; spans: ActionSpan[] }[] = [];
  turns.forEach(({ promptIds, actionIds }, turn) => {
    const last = sequences.at(-1);
    const grows = last?.ids.every((id, t) => id === promptIds[t]) === true && last.ids.length <= promptIds.length;
    const sequence = last !== undefined && grows ? last : { ids: [], spans: [] };
    if (sequence !== last) sequences.push(sequence);
    for (const id of promptIds.slice(sequence.ids.length)) sequence.ids.push(id);
    sequence.spans.push({ turn, start: sequence.ids.length, length: actionIds.length });
    for (const id of actionIds) sequence.ids.push(id);
  });
  return sequences;
}
