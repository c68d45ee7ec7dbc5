import { type SQL, sql } from 'drizzle-orm';
import type { AcceptedQuestion } from '../domain/question.ts';
import { LOCAL_WORKSPACE, workspacePlatform } from '../domain/workspace.ts';
import type { Queryable } from './database.ts';

export interface Place {
  readonly workspaceId: string;
  readonly conversationId: string;
  readonly personId: string;
}

/**
 * Finds or makes workspace, person and conversation in one statement. Workspace and person are written, and so locked, only when
 * there is something to write: otherwise all questions of a workspace would be stored one after another. A conversation is
 * named by the platform's key, or by the id of an existing one of the same workspace. Its row is locked until the transaction ends:
 * questions of one conversation are stored one after another, so that their positions are the order of their commits.
 */
export async function placeOf(db: Queryable, question: AcceptedQuestion): Promise<Place> {
  const { platform, workspace, conversation, person } = question;
  const { rows } = await db.execute<{ workspace_id: string; conversation_id: string; person_id: string }>(sql`
    with ${foundWorkspace(platform, workspace)}, known_p as (
      select p.id from people p, w where p.workspace_id = w.id and p.key = ${person.key} and p.name = ${person.name}
    ), made_p as (
      insert into people (id, workspace_id, key, name)
      select gen_random_uuid(), w.id, ${person.key}, ${person.name} from w where not exists (select from known_p)
      on conflict (workspace_id, key) do update set name = coalesce(nullif(excluded.name, ''), people.name) returning id
    ), p as (
      select id from known_p union all select id from made_p
    ), known as (
      select c.id from conversations c, w where c.workspace_id = w.id and c.id::text = ${conversation}
      for no key update of c
    ), made as (
      insert into conversations (id, workspace_id, platform, key)
      select gen_random_uuid(), w.id, ${platform}, ${conversation} from w where not exists (select from known)
      on conflict (workspace_id, platform, key) do update set key = excluded.key returning id
    )
    select w.id as workspace_id, coalesce((select id from known), (select id from made)) as conversation_id,
      p.id as person_id
    from w, p`);
  const [row] = rows;
  if (row === undefined) throw new Error('a workspace was neither found nor made');
  return { workspaceId: row.workspace_id, conversationId: row.conversation_id, personId: row.person_id };
}

/** A subquery: the id of a workspace by its platform's name; null where nothing is known of it. */
export const keyedWorkspace = (platform: string, workspace: string): SQL =>
  sql`(select id from workspaces where platform = ${workspacePlatform(platform)} and key = ${workspace})`;

/** Table expressions that end in `w`, the `id` of a workspace: it is made if need be, and locked only then. */
export const foundWorkspace = (platform: string, workspace: string): SQL => sql`
  known_w as (
    select id from workspaces where platform = ${workspacePlatform(platform)} and key = ${workspace}
  ), made_w as (
    insert into workspaces (id, platform, key)
    select gen_random_uuid(), ${workspacePlatform(platform)}, ${workspace} where not exists (select from known_w)
    on conflict (platform, key) do update set key = excluded.key returning id
  ), w as (
    select id from known_w union all select id from made_w
  )`;

/** The id of a workspace by its platform's name, made if need be. */
export async function workspaceIdOf(db: Queryable, platform: string, workspace: string): Promise<string> {
  const { rows } = await db.execute<{ id: string }>(sql`with ${foundWorkspace(platform, workspace)} select id from w`);
  if (rows[0] === undefined) throw new Error('a workspace was neither found nor made');
  return rows[0].id;
}

/** The id of the workspace of this machine; undefined before anything was asked in it. */
export async function localWorkspaceId(db: Queryable): Promise<string | undefined> {
  const { rows } = await db.execute<{ id: string }>(
    sql`select id from workspaces where platform = ${LOCAL_WORKSPACE} order by created_at limit 1`,
  );
  return rows[0]?.id;
}

/** The id of the workspace of this machine, made if need be. */
export async function ownWorkspaceId(db: Queryable): Promise<string> {
  const known = await localWorkspaceId(db);
  if (known !== undefined) return known;
  await db.execute(sql`
    insert into workspaces (id, platform, key) values (gen_random_uuid(), ${LOCAL_WORKSPACE}, ${LOCAL_WORKSPACE})
    on conflict do nothing`);
  return ownWorkspaceId(db);
}
