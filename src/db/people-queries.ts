import { sql } from 'drizzle-orm';
import type { Queryable } from './database.ts';

/** Finds or makes a workspace, a person and a conversation, in one statement. */
export async function placeOf(
  db: Queryable,
  place: { platform: string; workspace: string; conversation: string; person: { key: string; name: string } },
): Promise<{ workspaceId: string; conversationId: string; personId: string }> {
  const { platform, workspace, conversation, person } = place;
  const { rows } = await db.execute<{ workspace_id: string; conversation_id: string; person_id: string }>(sql`
    with w as (
      insert into workspaces (id, platform, key) values (gen_random_uuid(), ${platform}, ${workspace})
      on conflict (platform, key) do update set key = excluded.key returning id
    ), p as (
      insert into people (id, workspace_id, key, name)
      select gen_random_uuid(), w.id, ${person.key}, ${person.name} from w
      on conflict (workspace_id, key) do update set name = excluded.name returning id
    ), c as (
      insert into conversations (id, workspace_id, platform, key)
      select gen_random_uuid(), w.id, ${platform}, ${conversation} from w
      on conflict (workspace_id, platform, key) do update set key = excluded.key returning id
    )
    select w.id as workspace_id, c.id as conversation_id, p.id as person_id from w, p, c`);
  const [row] = rows;
  if (row === undefined) throw new Error('a workspace was neither found nor made');
  return { workspaceId: row.workspace_id, conversationId: row.conversation_id, personId: row.person_id };
}
