import type { Draft } from '../draft.ts';
import { BEGINNINGS, GAINS, JOINS, LATER, LEFT, LOSSES, PRODUCTS, TOTAL } from './composed-pieces.ts';
import type { Story } from './fills.ts';

/** A story put together from a beginning, one or two events and an ending, with its calculation. */
export function composedStory(draft: Draft): Story {
  const product = draft.chance(0.45);
  const beginning = draft.core(product ? PRODUCTS : BEGINNINGS);
  const [second, third] = product ? (['c', 'd'] as const) : (['b', 'c'] as const);
  let calculation = product ? (beginning.indexOf('{b}') < beginning.indexOf('{a}') ? '{b} * {a}' : '{a} * {b}') : '{a}';
  if (product && draft.chance(0.14)) return [`${beginning}. ${draft.core(TOTAL)}`, calculation];
  const subject = /^(I|we)\b/.exec(beginning)?.[1] ?? '{S}';
  const tense: Tense = subject === '{S}' ? draft.pick(['present', 'past', 'any']) : 'past';
  const named = beginning.includes('{S}') || subject !== '{S}';
  const next = (joints: readonly string[], lost: boolean, first: boolean, slot: string): string => {
    const said = draft.side(joints);
    const bare = named || !first ? draft.chance(0.75) : false;
    const joint = said.includes('{S}') || bare ? said : `${said}{S} `;
    return joint.replace('{S}', subject) + event(draft, lost, slot, tense);
  };
  let lost = draft.chance(0.6);
  let text = beginning + next(JOINS, lost, true, second);
  calculation += lost ? ` - {${second}}` : ` + {${second}}`;
  if (draft.chance(0.42)) {
    lost = draft.chance(0.55);
    text += next(LATER, lost, false, third);
    calculation += lost ? ` - {${third}}` : ` + {${third}}`;
  }
  return [`${text}. ${draft.core(lost && draft.chance(0.8) ? LEFT : TOTAL)}`, calculation];
}

type Tense = 'present' | 'past' | 'any';

/** An event with its verb in the story's tense: the pieces have `[present|past]`. */
function event(draft: Draft, lost: boolean, slot: string, tense: Tense): string {
  const wording = draft
    .core(lost ? LOSSES : GAINS)
    .replace('{x}', `{${slot}}`)
    .replace('{x}', `{${slot}}`);
  if (tense === 'any') return wording;
  return wording.replace(/^\[([\w|]+)\]/, (_, forms: string) => {
    const all = forms.split('|');
    const fit = all.filter((__, place) => place % 2 === (tense === 'past' ? 1 : 0));
    return fit.length === 1 ? (fit[0] ?? '') : `[${fit.join('|')}]`;
  });
}
