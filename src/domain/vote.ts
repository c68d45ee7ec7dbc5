import { z } from 'zod';

/** One person's vote on one answer: the last one counts, `clear` retracts. */
export const newVoteSchema = z.object({
  answerId: z.uuid(),
  platform: z.string().min(1).max(40),
  person: z.object({ key: z.string().min(1).max(200), name: z.string().max(200) }),
  vote: z.enum(['up', 'down', 'clear']),
  reason: z.string().max(2_000).nullable().default(null),
});
export type NewVote = z.input<typeof newVoteSchema>;

/** What stands after a vote. */
export interface VoteReceipt {
  readonly answerId: string;
  readonly vote: 'up' | 'down' | null;
  /** False when the same vote stood already. */
  readonly changed: boolean;
  readonly up: number;
  readonly down: number;
}
