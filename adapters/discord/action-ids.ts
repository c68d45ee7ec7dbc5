import { z } from 'zod';

/** What a button or a form is about; messages with them stay for years, and so does how it is written. */
export type Action =
  | { readonly type: 'stop' | 'trace'; readonly questionId: string }
  | { readonly type: 'rate'; readonly answerId: string; readonly vote: 'up' | 'down' }
  | { readonly type: 'reason'; readonly answerId: string };

const PREFIX = 'foursight';
const uuid = z.uuid();

/** The custom id of a button or a form; 100 characters at most. */
export function customIdOf(action: Action): string {
  if (action.type === 'rate') return `${PREFIX}:${action.vote}:${action.answerId}`;
  if (action.type === 'reason') return `${PREFIX}:reason:${action.answerId}`;
  return `${PREFIX}:${action.type}:${action.questionId}`;
}

/** undefined for a custom id of something else. */
export function actionOf(customId: string): Action | undefined {
  const [prefix, verb, id = '', ...rest] = customId.split(':');
  if (prefix !== PREFIX || rest.length > 0 || !uuid.safeParse(id).success) return undefined;
  if (verb === 'up' || verb === 'down') return { type: 'rate', vote: verb, answerId: id };
  if (verb === 'reason') return { type: 'reason', answerId: id };
  return verb === 'stop' || verb === 'trace' ? { type: verb, questionId: id } : undefined;
}

/** The fields of the form for a reason. */
export const reasonForm = { chosen: 'chosen', written: 'written' } as const;
