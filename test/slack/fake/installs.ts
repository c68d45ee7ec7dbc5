import type { Desk } from './desk.ts';
import type { Grant, Team, User } from './types.ts';
import { covered, type World } from './world.ts';

/** Who answers the consent page of the OAuth flow, and how. */
export interface Installer {
  readonly team: Team;
  readonly user: User;
  readonly consents: boolean;
  /** Whether they install it for their whole organisation. */
  readonly isOrgWide?: boolean;
}

/** Where the browser goes from the consent page: back to the app, with a code or with an error; undefined when it is refused. */
export function authorize(world: World, query: URLSearchParams, installer: Installer | undefined): string | undefined {
  const redirectUri = query.get('redirect_uri') ?? world.app.redirectUrls[0];
  if (installer === undefined || redirectUri === undefined || query.get('client_id') !== world.app.clientId)
    return undefined;
  const { redirectUrls } = world.app;
  if (redirectUrls.length > 0 && !redirectUrls.some((allowed) => redirectUri.startsWith(allowed))) return undefined;
  const target = new URL(redirectUri);
  const state = query.get('state');
  if (state !== null) target.searchParams.set('state', state);
  if (!installer.consents) target.searchParams.set('error', 'access_denied');
  else {
    const code = world.id('code');
    const scopes = (query.get('scope') ?? '').split(',').filter((scope) => scope !== '');
    const { team, user, isOrgWide = false } = installer;
    world.consents.set(code, { team, user, isOrgWide, redirectUri: query.get('redirect_uri') ?? '', scopes });
    target.searchParams.set('code', code);
  }
  return target.href;
}

function end({ world }: Desk, team: Team, state: Grant['state']): void {
  for (const grant of world.grants.values()) {
    if (grant.team === null || !covered(world, grant.team, grant.isOrgWide).includes(team)) continue;
    grant.state = state;
    for (const one of covered(world, grant.team, grant.isOrgWide)) one.botToken = undefined;
  }
}

/** The workspace's tokens end: `tokens_revoked`. */
export function revoke(desk: Desk, team: Team): void {
  end(desk, team, 'revoked');
  desk.emit(team, { type: 'tokens_revoked', tokens: { oauth: [], bot: [team.bot.userId] }, event_ts: desk.world.ts() });
}

/** Somebody removes the app from the workspace: its tokens end, and `app_uninstalled` follows. */
export function uninstall(desk: Desk, team: Team): void {
  revoke(desk, team);
  end(desk, team, 'uninstalled');
  desk.emit(team, { type: 'app_uninstalled', event_ts: desk.world.ts() });
}
