import type { EventBody, Owner } from './payloads.ts';

/** The key under which an installation is kept: of its team, or of its organisation when it is installed for all of it. */
export function workspaceOfEvent(body: EventBody): string | undefined {
  const [authorization] = body.authorizations ?? [];
  if (authorization?.is_enterprise_install === true) return authorization.enterprise_id ?? undefined;
  return authorization?.team_id ?? body.context_team_id ?? body.team_id ?? undefined;
}

/** @param installed of a form, which may have been sent by somebody of another organisation */
export function workspaceOfOwner(
  { team, enterprise, is_enterprise_install, user }: Owner,
  installed?: string | null,
): string | undefined {
  if (typeof installed === 'string') return installed;
  if (is_enterprise_install === true) return enterprise?.id;
  return team?.id ?? user.team_id ?? undefined;
}

/** What tells where an author is from. */
export interface Author {
  readonly team?: string | null | undefined;
  readonly user_team?: string | null | undefined;
  readonly source_team?: string | null | undefined;
}

/** Whether an author is of another organisation than the installation: its channel is shared, and the author's team is not its own. */
export function isStranger(body: EventBody, author: Author): boolean {
  const team = author.user_team ?? author.source_team ?? author.team;
  // Teams of one organisation share channels too, which is no matter of strangers.
  if (team === null || team === undefined || body.is_ext_shared_channel === false) return false;
  const authorized = (body.authorizations ?? []).flatMap((one) => [one.team_id, one.enterprise_id]);
  const own = [...authorized, body.context_team_id, body.context_enterprise_id].filter((id) => typeof id === 'string');
  // Of a shared channel the outer team may be the stranger's: it counts only where nothing else tells.
  return own.length === 0 ? team !== body.team_id && team !== body.enterprise_id : !own.includes(team);
}
