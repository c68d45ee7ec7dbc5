import { sql } from 'drizzle-orm';
import type { NoteStore } from '../domain/ports.ts';
import type { Db } from './database.ts';

/** How many of a workspace's notes, the newest, are looked through. */
export const MOST_NOTES = 2_000;

/** The facts of workspaces. The same fact of the same question is stored once. */
export function createNoteStore(db: Db): NoteStore {
  return {
    async remember(workspaceId, { text, questionId }) {
      await db.execute(sql`
        insert into notes (id, workspace_id, text, question_id)
        values (gen_random_uuid(), ${workspaceId}, ${text}, ${questionId}) on conflict do nothing`);
    },
    async list(workspaceId) {
      const { rows } = await db.execute<{ id: string; text: string; created_at: Date | string }>(sql`
        select id, text, created_at from notes where workspace_id = ${workspaceId}
        order by created_at desc, id limit ${MOST_NOTES}`);
      return rows.map((row) => ({ id: row.id, text: row.text, createdAt: new Date(row.created_at) }));
    },
  };
}
