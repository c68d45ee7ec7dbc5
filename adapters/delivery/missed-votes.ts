import type { RecentAnswer } from '../../src/domain/chat.ts';

/** What the reactions to a message say as votes. */
export interface SeenReactions {
  readonly message: string;
  /** Per person, in the order of the reactions; not those of the assistant itself. */
  readonly votes: ReadonlyMap<string, readonly ('up' | 'down')[]>;
  /** Whether everybody was named: nobody can be missed otherwise. */
  readonly isWhole: boolean;
}

/** A vote that stands otherwise than the reactions say. */
export interface MissedVote {
  readonly message: string;
  readonly person: string;
  readonly vote: 'up' | 'down';
  readonly isAdded: boolean;
  /** What stands. */
  readonly insteadOf: 'up' | 'down' | 'clear';
}

/**
 * What has to be made up for so that votes are as the reactions under answers say; the parts of one answer count together. Where
 * somebody left both thumbs, or rated by button as well, nobody knows which came last: what stands is left.
 */
export function missedVotes(seen: readonly SeenReactions[], answers: readonly RecentAnswer[]): MissedVote[] {
  const known = new Map(answers.map((answer) => [answer.message, answer]));
  const byAnswer = new Map<string, { readonly answer: RecentAnswer; readonly seen: SeenReactions[] }>();
  for (const one of seen) {
    const answer = known.get(one.message);
    if (answer === undefined) continue;
    const entry = byAnswer.get(answer.answerId) ?? { answer, seen: [] };
    byAnswer.set(answer.answerId, entry);
    entry.seen.push(one);
  }
  return [...byAnswer.values()].flatMap((one) => differences(one.answer, one.seen));
}

function differences({ message, votes }: RecentAnswer, parts: readonly SeenReactions[]): MissedVote[] {
  const standing = new Map(votes.map((vote) => [vote.person, vote]));
  const seen = new Map<string, ('up' | 'down')[]>();
  for (const part of parts)
    for (const [person, given] of part.votes) seen.set(person, [...(seen.get(person) ?? []), ...given]);
  const missed: MissedVote[] = [];
  for (const [person, given] of seen) {
    const stands = standing.get(person);
    const isBoth = given.includes('up') && given.includes('down');
    const vote = given.at(-1);
    if (vote === undefined || (stands !== undefined && isBoth)) continue;
    if (stands?.means === 'button' || stands?.vote === vote) continue;
    missed.push({ message, person, vote, isAdded: true, insteadOf: stands?.vote ?? 'clear' });
  }
  if (!parts.every(({ isWhole }) => isWhole)) return missed;
  for (const { person, vote, means } of votes)
    if (means === 'reaction' && !seen.has(person))
      missed.push({ message, person, vote, isAdded: false, insteadOf: vote });
  return missed;
}
