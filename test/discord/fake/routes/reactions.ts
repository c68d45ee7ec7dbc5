import { z } from 'zod';
import { LIMITS } from '../limits.ts';
import { clearReactions, emojiOf, react, reactionOf, unreact } from '../messages.ts';
import { demand } from '../permissions.ts';
import { Refusal } from '../refusal.ts';
import { type RouteCall, type Routes, route } from '../route.ts';
import { number, snowflake } from '../schemas/values.ts';
import { userShape } from '../shapes.ts';
import type { Message } from '../types.ts';
import { userOf } from './app.ts';
import { readableMessage } from './messages.ts';

const PLACE = '/channels/:channel/messages/:message/reactions';

function placeOf({ world, param }: RouteCall<unknown, unknown>): Message {
  const message = readableMessage(world, param('channel'), param('message'));
  if (message.channel.thread?.isArchived) throw new Refusal(50083);
  return message;
}

export const reactionRoutes: Routes = {
  [`PUT ${PLACE}/:emoji/@me`]: route({
    bucket: 'react',
    run(call) {
      const message = placeOf(call);
      const emoji = emojiOf(call.param('emoji'));
      // To join a reaction that is there needs no permission.
      if (reactionOf(message, emoji) === undefined) demand(message.channel, call.world.app.bot, 'AddReactions');
      react(call.desk, message, call.world.app.bot, emoji);
      return undefined;
    },
  }),
  [`DELETE ${PLACE}/:emoji/:user`]: route({
    bucket: 'react',
    run(call) {
      const message = placeOf(call);
      const user = userOf(call.world, call.param('user'));
      const emoji = emojiOf(call.param('emoji'));
      if (user !== call.world.app.bot) demand(message.channel, call.world.app.bot, 'ManageMessages');
      if (reactionOf(message, emoji) === undefined) throw new Refusal(10014);
      unreact(call.desk, message, user, emoji);
      return undefined;
    },
  }),
  [`DELETE ${PLACE}/:emoji`]: route({
    bucket: 'react',
    run(call) {
      const message = placeOf(call);
      demand(message.channel, call.world.app.bot, 'ManageMessages');
      clearReactions(call.desk, message, emojiOf(call.param('emoji')));
      return undefined;
    },
  }),
  [`DELETE ${PLACE}`]: route({
    bucket: 'react',
    run(call) {
      const message = placeOf(call);
      demand(message.channel, call.world.app.bot, 'ManageMessages');
      clearReactions(call.desk, message);
      return undefined;
    },
  }),
  [`GET ${PLACE}/:emoji`]: route({
    bucket: 'listReactions',
    query: z.strictObject({
      limit: number(1, LIMITS.page.most).default(LIMITS.page.reactions),
      after: snowflake.default('0'),
      type: number(0, 1).default(0),
    }),
    run({ world, param, query }) {
      const message = readableMessage(world, param('channel'), param('message'));
      const { users = [], supers = [] } = reactionOf(message, emojiOf(param('emoji'))) ?? {};
      return [...(query.type === 0 ? users : supers)]
        .sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
        .filter(({ id }) => BigInt(id) > BigInt(query.after))
        .slice(0, query.limit)
        .map(userShape);
    },
  }),
};
