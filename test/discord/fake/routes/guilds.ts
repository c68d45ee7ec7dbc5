import { z } from 'zod';
import { LIMITS } from '../limits.ts';
import { sees } from '../permissions.ts';
import { Refusal } from '../refusal.ts';
import { type Routes, route } from '../route.ts';
import { boolean, number, snowflake } from '../schemas/values.ts';
import { channelShape, fullMemberShape, guildShape, roleShape, threadMemberShape } from '../shapes.ts';
import { guildOf } from '../world.ts';

export const guildRoutes: Routes = {
  'GET /guilds/:guild': route({
    query: z.strictObject({ with_counts: boolean.optional() }),
    run({ world, param, query }) {
      const guild = guildOf(world, param('guild'));
      const counts = { approximate_member_count: guild.members.size, approximate_presence_count: 0 };
      return { ...guildShape(guild), ...(query.with_counts ? counts : {}) };
    },
  }),
  'GET /guilds/:guild/channels': route({
    run({ world, param }) {
      const guild = guildOf(world, param('guild'));
      const channels = [...world.channels.values()].filter((channel) => channel.guild === guild && !channel.thread);
      return channels.map(channelShape);
    },
  }),
  'GET /guilds/:guild/threads/active': route({
    run({ world, param }) {
      const guild = guildOf(world, param('guild'));
      const { bot } = world.app;
      const threads = [...world.channels.values()].filter(
        (channel) => channel.guild === guild && channel.thread?.isArchived === false && sees(channel, bot),
      );
      const own = threads.filter(({ thread }) => thread?.members.has(bot.id));
      return {
        threads: threads.map(channelShape).reverse(),
        members: own.map((thread) => threadMemberShape(thread, bot.id)),
        has_more: false,
      };
    },
  }),
  'GET /guilds/:guild/roles': route({
    run({ world, param }) {
      const guild = guildOf(world, param('guild'));
      return [...guild.roles.values()].map((role) => roleShape(guild, role));
    },
  }),
  'GET /guilds/:guild/members/:user': route({
    run({ world, param }) {
      const member = guildOf(world, param('guild')).members.get(param('user'));
      if (member === undefined) throw new Refusal(10007);
      return fullMemberShape(member);
    },
  }),
  'GET /guilds/:guild/members': route({
    query: z.strictObject({ limit: number(1, 1_000).default(1), after: snowflake.default('0') }),
    run({ world, param, query }) {
      const guild = guildOf(world, param('guild'));
      // The list of all members is privileged; a single one is not.
      if (!world.app.privileged.guildMembers) throw new Refusal(50001);
      const members = [...guild.members.values()].filter(({ user }) => BigInt(user.id) > BigInt(query.after));
      return members.slice(0, query.limit).map(fullMemberShape);
    },
  }),
  'GET /guilds/:guild/members/search': route({
    query: z.strictObject({ query: z.string(), limit: number(1, 1_000).default(1) }),
    run({ world, param, query }) {
      const { members } = guildOf(world, param('guild'));
      const found = [...members.values()].filter(({ user }) => user.name.startsWith(query.query));
      return found.slice(0, Math.min(query.limit, LIMITS.page.most)).map(fullMemberShape);
    },
  }),
};
