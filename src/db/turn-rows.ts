import { type SQL, sql } from 'drizzle-orm';
import type { Turn, Verdict } from '../domain/trajectory.ts';

/** A turn as `turnsAsJson` reads it. */
export interface TurnRow {
  readonly turn: number;
  readonly sub_goal: string;
  readonly tool: string;
  readonly command: string;
  readonly result: string;
  readonly error: string | null;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly ms: number;
  readonly prompt_ids: number[] | null;
  readonly action_ids: number[] | null;
  readonly logprobs: number[] | null;
  readonly temperature: number | null;
}

/** A subquery: all turns of a trajectory, in order, as one JSON array (null when there are none). */
export const turnsAsJson = (trajectoryId: SQL): SQL =>
  sql`select json_agg(to_json(u) order by u.turn) from turns u where u.trajectory_id = ${trajectoryId}`;

/** A turn as `publicTurnsAsJson` reads it. */
export type PublicTurnRow = Omit<TurnRow, 'reason' | 'prompt_ids' | 'action_ids' | 'logprobs' | 'temperature'>;

/** The same without what only training needs. */
export const publicTurnsAsJson = (trajectoryId: SQL): SQL => sql`
  select json_agg(json_build_object('turn', u.turn, 'sub_goal', u.sub_goal, 'tool', u.tool, 'command', u.command,
    'result', u.result, 'error', u.error, 'verdict', u.verdict, 'ms', u.ms) order by u.turn)
  from turns u where u.trajectory_id = ${trajectoryId}`;

export function turnOf(row: TurnRow): Turn {
  const { prompt_ids: promptIds, action_ids: actionIds, logprobs, temperature } = row;
  const planner =
    promptIds === null || actionIds === null || logprobs === null || temperature === null
      ? null
      : { promptIds, actionIds, logprobs, temperature };
  return {
    turn: row.turn,
    subGoal: row.sub_goal,
    tool: row.tool,
    command: row.command,
    result: row.result,
    error: row.error,
    verdict: row.verdict,
    reason: row.reason,
    ms: row.ms,
    planner,
  };
}
