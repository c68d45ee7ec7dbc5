import { sql } from 'drizzle-orm';
import type { PersonOfPlatform } from '../domain/person.ts';
import { workspacePlatform } from '../domain/workspace.ts';
import type { Queryable } from './database.ts';

/** False for a person who is not known. */
export async function trainsOnDirect(
  db: Queryable,
  { platform, workspace, person }: PersonOfPlatform,
): Promise<boolean> {
  const { rows } = await db.execute<{ trains_on_direct: boolean }>(sql`
    select p.trains_on_direct from people p join workspaces w on w.id = p.workspace_id
    where w.platform = ${workspacePlatform(platform)} and w.key = ${workspace} and p.key = ${person.key}`);
  return rows[0]?.trains_on_direct ?? false;
}

/** Makes workspace and person where they are missing. */
export async function setTrainsOnDirect(
  db: Queryable,
  { platform, workspace, person }: PersonOfPlatform,
  value: boolean,
): Promise<void> {
  await db.execute(sql`
    with w as (
      insert into workspaces (id, platform, key)
      values (gen_random_uuid(), ${workspacePlatform(platform)}, ${workspace})
      on conflict (platform, key) do update set key = excluded.key returning id
    )
    insert into people (id, workspace_id, key, name, trains_on_direct)
    select gen_random_uuid(), w.id, ${person.key}, ${person.name}, ${value} from w
    on conflict (workspace_id, key) do update set trains_on_direct = excluded.trains_on_direct`);
}
