import { sql } from 'drizzle-orm';
import type { QuestionStanding } from '../domain/ports.ts';
import type { PublicTurn } from '../domain/progress.ts';
import type { QuestionStatus } from '../domain/question.ts';
import type { Queryable } from './database.ts';
import { type PublicTurnRow, publicTurnsAsJson } from './turn-rows.ts';

/** Everything that can be watched about a question at one moment. */
export interface QuestionView extends QuestionStanding {
  /** Set once a worker has begun. */
  readonly policyVersion: number | null;
  readonly turns: readonly PublicTurn[];
}

export async function viewQuestion(db: Queryable, questionId: string): Promise<QuestionView | undefined> {
  const { rows } = await db.execute<{
    status: QuestionStatus;
    failure: string | null;
    conversation_id: string;
    policy_version: number | null;
    stop_reason: string | null;
    answer_id: string | null;
    answer: string | null;
    ms: number | null;
    turns: PublicTurnRow[] | null;
  }>(sql`
    select q.status, q.failure, q.conversation_id, t.policy_version, t.stop_reason, a.id as answer_id, a.text as answer,
      (extract(epoch from q.ended_at - q.asked_at) * 1000)::float8 as ms, (${publicTurnsAsJson(sql`t.id`)}) as turns
    from questions q
    left join trajectories t on t.question_id = q.id and t.kind = 'live'
    left join answers a on a.question_id = q.id
    where q.id = ${questionId}`);
  const [row] = rows;
  if (row === undefined) return undefined;
  const turns = (row.turns ?? []).map(publicTurn);
  const answer =
    row.answer_id === null || row.answer === null
      ? null
      : {
          questionId,
          answerId: row.answer_id,
          answer: row.answer,
          conversationId: row.conversation_id,
          policyVersion: row.policy_version ?? 0,
          stopReason: row.stop_reason ?? 'failed',
          turns,
          ms: Math.round((row.ms ?? 0) * 10) / 10,
        };
  return { questionId, status: row.status, message: row.failure, answer, policyVersion: row.policy_version, turns };
}

function publicTurn({ turn, sub_goal: subGoal, ...more }: PublicTurnRow): PublicTurn {
  return { turn, subGoal, ...more };
}
