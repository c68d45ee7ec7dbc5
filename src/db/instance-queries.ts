import { sql } from 'drizzle-orm';
import type { RoleStatus } from '../domain/ports.ts';
import type { Queryable } from './database.ts';

/** A role that was not seen for this long is taken for gone. */
const GONE_AFTER_SECONDS = 15;

export async function beat(
  db: Queryable,
  instance: { id: string; role: RoleStatus['role']; name: string },
): Promise<void> {
  await db.execute(sql`
    insert into instances (id, role, name) values (${instance.id}, ${instance.role}, ${instance.name})
    on conflict (id) do update set seen_at = now()`);
}

export async function leave(db: Queryable, id: string): Promise<void> {
  await db.execute(sql`delete from instances where id = ${id} or seen_at < now() - interval '1 hour'`);
}

/** Roles seen lately. What was seen before the database started went down with it, or is heard of again within seconds. */
export async function runningRoles(db: Queryable): Promise<RoleStatus[]> {
  const { rows } = await db.execute<{ role: RoleStatus['role']; name: string; seen_at: Date | string }>(sql`
    select role, name, seen_at from instances
    where seen_at > greatest(now() - ${GONE_AFTER_SECONDS} * interval '1 second', pg_postmaster_start_time())
    order by role, name`);
  return rows.map((row) => ({ role: row.role, instance: row.name, seenAt: new Date(row.seen_at).toISOString() }));
}
