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
    run: (_args, { desk, team }) => ({
      url: `https://${team.domain}.slack.com/`,
      team: team.name,
      user: desk.world.app.name,
      team_id: team.id,
      user_id: team.bot.userId,
      bot_id: team.bot.botId,
      is_enterprise_install: false,
    }),
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
      const { team, user, scopes } = consent;
      return {
        app_id: world.app.id,
        authed_user: { id: user.id },
        scope: scopes.join(','),
        token_type: 'bot',
        access_token: install(world, team, scopes),
        bot_user_id: team.bot.userId,
        team: { id: team.id, name: team.name },
        enterprise: null,
        is_enterprise_install: false,
      };
    },
  }),
};
