import { z } from 'zod';
import { announceGuild } from '../events.ts';
import { applicationFlags } from '../handshake.ts';
import { Refusal } from '../refusal.ts';
import { type Routes, route } from '../route.ts';
import { snowflake } from '../schemas/values.ts';
import { channelShape, guildShape, userShape } from '../shapes.ts';
import type { User } from '../types.ts';
import { directMessages, guildOf, type World } from '../world.ts';

export function userOf(world: World, id: string): User {
  const user = id === '@me' ? world.app.bot : world.users.get(id);
  if (user === undefined) throw new Refusal(10013);
  return user;
}

const SESSIONS = 1_000;

export const appRoutes: Routes = {
  'GET /users/@me': route({
    run: ({ world }) => ({ ...userShape(world.app.bot), verified: true, mfa_enabled: false }),
  }),
  'GET /users/:user': route({ run: ({ world, param }) => userShape(userOf(world, param('user'))) }),
  'GET /users/@me/guilds': route({
    run: ({ world }) =>
      [...world.guilds.values()].filter(({ members }) => members.has(world.app.bot.id)).map(guildShape),
  }),
  'DELETE /users/@me/guilds/:guild': route({
    run({ desk, world, param }) {
      const guild = guildOf(world, param('guild'));
      announceGuild(desk, 'GUILD_DELETE', guild, { id: guild.id });
      guild.members.delete(world.app.bot.id);
      return undefined;
    },
  }),
  'POST /users/@me/channels': route({
    bucket: 'directMessages',
    body: z.strictObject({ recipient_id: snowflake }),
    run({ world, body }) {
      const user = userOf(world, body.recipient_id);
      if (user.isBot) throw new Refusal(50007);
      return channelShape(directMessages(world, user));
    },
  }),
  'GET /applications/@me': route({
    run: ({ world }) => ({
      id: world.app.id,
      name: world.app.name,
      icon: null,
      description: '',
      bot_public: true,
      bot_require_code_grant: false,
      owner: userShape(world.app.owner),
      verify_key: '0'.repeat(64),
      team: null,
      flags: applicationFlags(world),
      bot: userShape(world.app.bot),
      approximate_guild_count: world.guilds.size,
    }),
  }),
  'GET /gateway': route({ needsToken: false, run: ({ desk }) => ({ url: desk.gatewayUrl() }) }),
  'GET /gateway/bot': route({
    run: ({ desk }) => ({
      url: desk.gatewayUrl(),
      shards: desk.shards,
      session_start_limit: {
        total: SESSIONS,
        remaining: Math.max(0, SESSIONS - desk.sessionsBegun()),
        reset_after: 86_400_000,
        max_concurrency: 1,
      },
    }),
  }),
};
