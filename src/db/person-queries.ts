import { sql } from 'drizzle-orm';
import type { PersonOfPlatform } from '../domain/person.ts';
import type { Queryable } from './database.ts';
import { foundWorkspace, keyedWorkspace } from './place-queries.ts';

/** False for a person who is not known. */
export async function trainsOnDirect(
  db: Queryable,
  { platform, workspace, person }: PersonOfPlatform,
): Promise<boolean> {
  const { rows } = await db.execute<{ trains_on_direct: boolean }>(sql`
    select trains_on_direct from people
    where workspace_id = ${keyedWorkspace(platform, workspace)} and key = ${person.key}`);
  return rows[0]?.trains_on_direct ?? false;
}

/** Makes workspace and person where they are missing. */
export async function setTrainsOnDirect(
  db: Queryable,
  { platform, workspace, person }: PersonOfPlatform,
  value: boolean,
): Promise<void> {
  await db.execute(sql`
    with ${foundWorkspace(platform, workspace)}
    insert into people (id, workspace_id, key, name, trains_on_direct)
    select gen_random_uuid(), w.id, ${person.key}, ${person.name}, ${value} from w
    on conflict (workspace_id, key) do update set trains_on_direct = excluded.trains_on_direct`);
}
