import { type SQL, sql } from 'drizzle-orm';
import type { AskedQuestion } from '../domain/chat.ts';

/** A question as `askedColumns` reads it. */
export type AskedRow = {
  id: string;
  conversation: string;
  message: string;
  person: string;
  is_direct: boolean;
};

/** Columns of a question (alias `q`) with its conversation (`c`) and person (`p`). */
export const askedColumns: SQL = sql`q.id, c.key as conversation, q.key as message, p.key as person, q.is_direct`;

export const askedOf = ({ id, is_direct: isDirect, conversation, message, person }: AskedRow): AskedQuestion => ({
  questionId: id,
  conversation,
  message,
  person,
  isDirect,
});

/** A subquery: what was posted for a question, oldest first, as one JSON array (null when nothing was). */
export const postsAsJson = (questionId: SQL): SQL => sql`
  select json_agg(json_build_object('message', m.message, 'kind', m.kind, 'part', m.part)
    order by m.created_at, m.part, m.message)
  from posts m where m.question_id = ${questionId}`;
