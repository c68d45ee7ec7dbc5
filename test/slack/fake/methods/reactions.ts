import { react, unreact } from '../messages.ts';
import { type MethodCall, type Methods, method, needs } from '../method.ts';
import { Refusal } from '../refusal.ts';
import * as schemas from '../schemas/other.ts';
import { messageShape } from '../shapes.ts';
import type { Message } from '../types.ts';
import { channelOf, messageOf } from '../world.ts';

function reactable(args: { channel: string; timestamp: string }, { desk, team }: MethodCall): Message {
  const channel = channelOf(desk.world, team, args.channel);
  if (channel.isArchived) throw new Refusal('is_archived');
  if (!channel.members.has(team.bot.userId)) throw new Refusal('not_in_channel');
  const message = messageOf(channel, args.timestamp);
  if (message.subtype === 'tombstone') throw new Refusal('message_not_found');
  return message;
}

export const reactionMethods: Methods = {
  'reactions.add': method({
    schema: schemas.reaction,
    tier: 'tier3',
    scopes: needs('reactions:write'),
    run(args, call) {
      react(call.desk, reactable(args, call), call.team.bot.userId, args.name);
      return {};
    },
  }),
  'reactions.remove': method({
    schema: schemas.reaction,
    tier: 'tier2',
    scopes: needs('reactions:write'),
    run(args, call) {
      unreact(call.desk, reactable(args, call), call.team.bot.userId, args.name);
      return {};
    },
  }),
  'reactions.get': method({
    schema: schemas.reactionsGet,
    tier: 'tier3',
    scopes: needs('reactions:read'),
    run(args, call) {
      const message = reactable(args, call);
      return { type: 'message', channel: message.channel.id, message: messageShape(call.desk.world, message) };
    },
  }),
};
