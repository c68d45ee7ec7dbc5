import { sql } from 'drizzle-orm';
import type { Queryable } from './database.ts';
import { foundWorkspace, keyedWorkspace } from './place-queries.ts';

/** How far a workspace's places have been read; of one place only when it is named. */
export async function readPositions(
  db: Queryable,
  platform: string,
  workspace: string,
  place: string | null = null,
): Promise<{ place: string; position: string }[]> {
  const { rows } = await db.execute<{ place: string; position: string }>(sql`
    select place, position from read_positions
    where workspace_id = ${keyedWorkspace(platform, workspace)} and platform = ${platform}
      and (${place}::text is null or place = ${place})
    order by place`);
  return rows;
}

/** The workspaces, by their platform's names, in which a place has a position. */
export async function workspacesWithPosition(db: Queryable, platform: string, place: string): Promise<string[]> {
  const { rows } = await db.execute<{ key: string }>(sql`
    select w.key from workspaces w join read_positions r on r.workspace_id = w.id
    where r.platform = ${platform} and r.place = ${place}
    order by w.key`);
  return rows.map(({ key }) => key);
}

/** Moves forward only, in the order of characters, whatever the database's language. */
export async function advancePosition(
  db: Queryable,
  platform: string,
  workspace: string,
  place: string,
  position: string,
): Promise<void> {
  await db.execute(sql`
    with ${foundWorkspace(platform, workspace)}
    insert into read_positions (workspace_id, platform, place, position)
    select w.id, ${platform}, ${place}, ${position} from w
    on conflict (workspace_id, platform, place) do update set position = excluded.position
      where read_positions.position collate "C" < excluded.position collate "C"`);
}
