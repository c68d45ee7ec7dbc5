import { z } from 'zod';

/** What the verifier makes of the memory after a turn. */
export const verdictSchema = z.enum(['continue', 'stop']);
export type Verdict = z.infer<typeof verdictSchema>;

/** Why a run of the flow ended. */
export const stopReasonSchema = z.enum(['verified', 'turns', 'seconds', 'cancelled', 'failed']);
export type StopReason = z.infer<typeof stopReasonSchema>;

/** `live`: a person's question; `rollout`: training; `eval`: a benchmark or a gate. */
export const trajectoryKindSchema = z.enum(['live', 'rollout', 'eval']);
export type TrajectoryKind = z.infer<typeof trajectoryKindSchema>;

/** What the planner wrote, token by token, as training needs it. */
export const plannerRecordSchema = z.object({
  /** The whole prompt of this turn. */
  promptIds: z.array(z.number().int().nonnegative()),
  /** The sampled tokens, the stop token included. */
  actionIds: z.array(z.number().int().nonnegative()),
  /** Natural logarithms, one for each action token, under the distribution that was sampled from. */
  logprobs: z.array(z.number()),
  temperature: z.number().nonnegative(),
});
export type PlannerRecord = z.infer<typeof plannerRecordSchema>;

/** One planner action with its command, result and verdict: a record of the memory. */
export const turnSchema = z.object({
  /** 1 for the first turn of the trajectory. */
  turn: z.number().int().positive(),
  subGoal: z.string(),
  /** Empty when the planner's output named no tool. */
  tool: z.string(),
  command: z.string(),
  /** Empty when there is an error. */
  result: z.string(),
  error: z.string().nullable(),
  verdict: verdictSchema,
  /** The verifier's reason, in a few words. */
  reason: z.string(),
  ms: z.number().nonnegative(),
  planner: plannerRecordSchema.nullable(),
});
export type Turn = z.infer<typeof turnSchema>;

/** How a run of the flow ended. */
export interface FlowOutcome {
  readonly answer: string;
  readonly stopReason: StopReason;
  readonly ms: number;
}
