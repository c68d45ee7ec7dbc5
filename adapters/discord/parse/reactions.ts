import { ignored } from '../../delivery/inputs.ts';
import type { VoteOfReaction } from '../../delivery/reaction-votes.ts';
import { messageKey } from '../keys.ts';
import { nameOf } from '../words.ts';
import type { DiscordInput } from './inputs.ts';
import { reaction, removedReactions } from './payloads.ts';

interface Context {
  readonly workspace: string;
  readonly own: string;
  readonly voteOf: VoteOfReaction;
}

/** @param data of `MESSAGE_REACTION_ADD` and `…_REMOVE`; whatever it is, nothing is thrown */
export function parseReaction(data: unknown, isAdded: boolean, { workspace, own, voteOf }: Context): DiscordInput {
  const parsed = reaction.safeParse(data);
  if (!parsed.success) return ignored('malformed reaction');
  const { user_id, channel_id: channel, message_id, emoji, member } = parsed.data;
  if (user_id === own) return ignored('own reaction');
  if (member?.user?.bot === true) return ignored('reaction of a bot');
  const vote = voteOf(emoji.name ?? '');
  if (vote === undefined) return ignored('a reaction that is no vote');
  const person = { key: user_id, name: member?.user ? nameOf(member.user) : '' };
  const message = messageKey({ channel, id: message_id });
  return { type: 'vote', workspace, channel, message, person, vote, isAdded };
}

/** @param data of `MESSAGE_REACTION_REMOVE_ALL` and `…_REMOVE_EMOJI`; whatever it is, nothing is thrown */
export function parseCleared(data: unknown, { workspace, voteOf }: Context): DiscordInput {
  const parsed = removedReactions.safeParse(data);
  if (!parsed.success) return ignored('malformed removal of reactions');
  const { channel_id: channel, message_id, emoji } = parsed.data;
  if (emoji && voteOf(emoji.name ?? '') === undefined) return ignored('reactions that are no votes');
  return { type: 'cleared', workspace, channel, message: messageKey({ channel, id: message_id }) };
}
