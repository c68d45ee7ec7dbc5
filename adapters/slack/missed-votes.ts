import { z } from 'zod';
import type { RecentAnswer } from '../../src/domain/chat.ts';
import type { VoteOfReaction } from '../delivery/reaction-votes.ts';
import { messageKey } from './keys.ts';
import { timestamp } from './parse/payloads.ts';

/** A vote that stands otherwise than the reactions say. */
export interface MissedVote {
  readonly message: string;
  readonly person: string;
  readonly vote: 'up' | 'down';
  readonly isAdded: boolean;
}

const reacted = z.object({
  ts: timestamp,
  reactions: z
    .array(z.object({ name: z.string(), users: z.array(z.string()).nullish(), count: z.number().nullish() }))
    .nullish(),
});

interface Reactions {
  /** Per person, in the order of the reactions. */
  readonly votes: Map<string, ('up' | 'down')[]>;
  /** Whether Slack named everybody: nobody can be missed otherwise. */
  isWhole: boolean;
}

function add(to: Reactions, message: z.infer<typeof reacted>, voteOf: VoteOfReaction): void {
  for (const { name, users, count } of message.reactions ?? []) {
    const vote = voteOf(name);
    if (vote === undefined) continue;
    if ((users ?? []).length < (count ?? 0)) to.isWhole = false;
    for (const user of users ?? []) to.votes.set(user, [...(to.votes.get(user) ?? []), vote]);
  }
}

export interface SeenThread {
  readonly channel: string;
  /** As Slack sent them. */
  readonly messages: readonly unknown[];
}

/**
 * What has to be made up for so that votes are as the reactions under the answers of a thread say. Where somebody left both thumbs,
 * or rated by button as well, nobody knows which came last: what stands is left.
 * @param own the bot, whose seeds do not count
 */
export function missedVotes(
  { channel, messages }: SeenThread,
  answers: readonly RecentAnswer[],
  { own, voteOf }: { readonly own: string; readonly voteOf: VoteOfReaction },
): MissedVote[] {
  const byAnswer = new Map<string, { readonly answer: RecentAnswer; readonly seen: Reactions }>();
  const known = new Map(answers.map((answer) => [answer.message, answer]));
  for (const raw of messages) {
    const message = reacted.safeParse(raw).data;
    const answer = message && known.get(messageKey({ channel, ts: message.ts }));
    if (message === undefined || answer === undefined) continue;
    const entry = byAnswer.get(answer.answerId) ?? { answer, seen: { votes: new Map(), isWhole: true } };
    byAnswer.set(answer.answerId, entry);
    add(entry.seen, message, voteOf);
  }
  return [...byAnswer.values()].flatMap(({ answer, seen }) => differences(answer, seen, own));
}

function differences({ message, votes }: RecentAnswer, { votes: seen, isWhole }: Reactions, own: string): MissedVote[] {
  const standing = new Map(votes.map((vote) => [vote.person, vote]));
  const missed: MissedVote[] = [];
  for (const [person, given] of seen) {
    const stands = standing.get(person);
    const isBoth = given.includes('up') && given.includes('down');
    const vote = given.at(-1);
    if (person === own || vote === undefined || (stands !== undefined && isBoth)) continue;
    if (stands?.means === 'button' || stands?.vote === vote) continue;
    missed.push({ message, person, vote, isAdded: true });
  }
  for (const { person, vote, means } of votes)
    if (isWhole && means === 'reaction' && !seen.has(person)) missed.push({ message, person, vote, isAdded: false });
  return missed;
}
