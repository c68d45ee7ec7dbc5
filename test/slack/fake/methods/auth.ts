import { revoke } from '../installs.ts';
import { type Methods, method, needs } from '../method.ts';
import { Refusal } from '../refusal.ts';
import * as schemas from '../schemas/other.ts';
import { install } from '../world.ts';

export const authMethods: Methods = {
  'auth.test': method({
    schema: schemas.nothing,
    tier: null,
    scopes: needs(),
    run(_args, { desk, team, grant }) {
      const { enterprise, bot } = team;
      const home = grant?.isOrgWide && enterprise !== null ? enterprise : team;
      return {
        url: `https://${team.domain}.slack.com/`,
        team: home.name,
        user: desk.world.app.name,
        team_id: home.id,
        user_id: bot.userId,
        bot_id: bot.botId,
        ...(enterprise === null ? {} : { enterprise_id: enterprise.id }),
        is_enterprise_install: grant?.isOrgWide ?? false,
      };
    },
  }),
  'auth.revoke': method({
    schema: schemas.authRevoke,
    tier: 'tier3',
    scopes: needs(),
    run({ test = false }, { desk, team }) {
      if (!test) revoke(desk, team);
      return { revoked: !test };
    },
  }),
  'apps.connections.open': method({
    schema: schemas.nothing,
    token: 'app',
    tier: null,
    scopes: needs('connections:write'),
    run(_args, { desk }) {
      const url = desk.socketUrl();
      if (url === undefined) throw new Refusal('too_many_websockets');
      return { url };
    },
  }),
  'oauth.v2.access': method({
    schema: schemas.oauthAccess,
    token: 'none',
    tier: 'tier4',
    scopes: needs(),
    run(args, { desk: { world } }) {
      if (args.client_id !== world.app.clientId) throw new Refusal('invalid_client_id');
      if (args.client_secret !== world.app.clientSecret) throw new Refusal('bad_client_secret');
      const consent = world.consents.get(args.code ?? '');
      if (args.code === undefined || consent === undefined) throw new Refusal('invalid_code');
      if ((args.redirect_uri ?? '') !== consent.redirectUri) throw new Refusal('bad_redirect_uri');
      world.consents.delete(args.code);
      const { team, user, scopes, isOrgWide } = consent;
      return {
        app_id: world.app.id,
        authed_user: { id: user.id },
        scope: scopes.join(','),
        token_type: 'bot',
        access_token: install(world, team, scopes, isOrgWide),
        bot_user_id: team.bot.userId,
        team: isOrgWide ? null : { id: team.id, name: team.name },
        enterprise: team.enterprise,
        is_enterprise_install: isOrgWide,
      };
    },
  }),
};
