import { sql } from 'drizzle-orm';
import type { Queryable } from './database.ts';
import type { Sealed } from './seal.ts';

export async function upsertInstallation(
  db: Queryable,
  platform: string,
  workspace: string,
  { keyId, bytes }: Sealed,
): Promise<void> {
  await db.execute(sql`
    insert into installations (platform, workspace, key_id, sealed)
    values (${platform}, ${workspace}, ${keyId}, ${bytes})
    on conflict (platform, workspace) do update
      set key_id = excluded.key_id, sealed = excluded.sealed, updated_at = now()`);
}

/** Puts the same under another key, unless something else was saved meanwhile. */
export async function resealInstallation(
  db: Queryable,
  platform: string,
  workspace: string,
  { from, to }: { readonly from: Sealed; readonly to: Sealed },
): Promise<void> {
  await db.execute(sql`
    update installations set key_id = ${to.keyId}, sealed = ${to.bytes}
    where platform = ${platform} and workspace = ${workspace} and sealed = ${from.bytes}`);
}

export async function readInstallation(
  db: Queryable,
  platform: string,
  workspace: string,
): Promise<Sealed | undefined> {
  const { rows } = await db.execute<{ key_id: string; sealed: Buffer }>(sql`
    select key_id, sealed from installations where platform = ${platform} and workspace = ${workspace}`);
  return rows[0] && { keyId: rows[0].key_id, bytes: rows[0].sealed };
}

/** Keys of the workspaces with an installation. */
export async function installedWorkspaces(db: Queryable, platform: string): Promise<string[]> {
  const { rows } = await db.execute<{ workspace: string }>(
    sql`select workspace from installations where platform = ${platform} order by workspace`,
  );
  return rows.map(({ workspace }) => workspace);
}

export async function deleteInstallation(db: Queryable, platform: string, workspace: string): Promise<void> {
  await db.execute(sql`delete from installations where platform = ${platform} and workspace = ${workspace}`);
}
