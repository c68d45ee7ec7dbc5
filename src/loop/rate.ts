import { z } from 'zod';
import { upsertVote } from '../db/vote-queries.ts';
import { storable } from '../domain/storable.ts';
import { type NewVote, newVoteSchema, type VoteReceipt } from '../domain/vote.ts';
import { InputError } from '../errors.ts';
import type { LoopSetting } from './loop.ts';

const values = { up: 1, down: -1, clear: 0 } as const;

/** @throws InputError for a vote that makes no sense, and for an answer that is unknown in the person's workspace */
export async function rateAnswer({ db }: LoopSetting, given: NewVote): Promise<VoteReceipt> {
  const parsed = newVoteSchema.safeParse(given);
  if (!parsed.success) {
    throw new InputError('VOTE_INVALID', z.prettifyError(parsed.error), 'Vote up, down or clear on an answerId.', {
      cause: parsed.error,
    });
  }
  const { vote, only, reason, ...more } = parsed.data;
  const receipt = await upsertVote(db, {
    ...more,
    value: values[vote],
    only: only === null ? null : values[only],
    reason: reason === null || vote === 'clear' ? null : storable(reason),
  });
  if (receipt !== undefined) return receipt;
  throw new InputError(
    'ANSWER_UNKNOWN',
    `there is no answer ${more.answerId}`,
    'Use the answerId that came with the answer.',
  );
}
