import { z } from 'zod';
import { isLocal } from './workspace.ts';

/** One person's vote on one answer: the last one counts, `clear` retracts. */
export const newVoteSchema = z
  .object({
    answerId: z.uuid(),
    platform: z.string().min(1).max(40),
    /** The platform's name of the workspace, which must be the answer's; this machine's platforms have only one. */
    workspace: z.string().min(1).max(200).nullable().default(null),
    person: z.object({ key: z.string().min(1).max(200), name: z.string().max(200) }),
    vote: z.enum(['up', 'down', 'clear']),
    /** Counts only where this stands, `clear` being no vote: an older one's removal, or what was read before, spares a later vote. */
    only: z.enum(['up', 'down', 'clear']).nullable().default(null),
    /** Left out, a reason that was given with the same vote stays. */
    reason: z.string().max(2_000).nullable().default(null),
    /** How it was given. */
    means: z.enum(['reaction', 'button']).nullable().default(null),
  })
  .refine(({ platform, workspace }) => workspace !== null || isLocal(platform), {
    message: 'a vote on a chat platform names its workspace',
    path: ['workspace'],
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
