import { z } from 'zod';
import type { SeenReactions } from '../delivery/missed-votes.ts';
import type { VoteOfReaction } from '../delivery/reaction-votes.ts';
import { messageKey } from './keys.ts';
import { timestamp } from './parse/payloads.ts';

const reacted = z.object({
  ts: timestamp,
  reactions: z
    .array(z.object({ name: z.string(), users: z.array(z.string()).nullish(), count: z.number().nullish() }))
    .nullish(),
});

export interface SeenThread {
  readonly channel: string;
  /** As Slack sent them. */
  readonly messages: readonly unknown[];
}

/** What the reactions to the messages of a thread say. @param own the bot, whose seeds do not count */
export function seenReactions(
  { channel, messages }: SeenThread,
  { own, voteOf }: { readonly own: string; readonly voteOf: VoteOfReaction },
): SeenReactions[] {
  return messages.flatMap((raw) => {
    const { ts, reactions } = reacted.safeParse(raw).data ?? {};
    if (ts === undefined) return [];
    const votes = new Map<string, ('up' | 'down')[]>();
    let isWhole = true;
    for (const { name, users, count } of reactions ?? []) {
      const vote = voteOf(name);
      if (vote === undefined) continue;
      // Of many, Slack names only some.
      if ((users ?? []).length < (count ?? 0)) isWhole = false;
      for (const user of users ?? []) if (user !== own) votes.set(user, [...(votes.get(user) ?? []), vote]);
    }
    return [{ message: messageKey({ channel, ts }), votes, isWhole }];
  });
}
