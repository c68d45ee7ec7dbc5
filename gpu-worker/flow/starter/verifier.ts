import type { AnalysedState, Plan, UnverifiedTurn, Verification } from '../agents.ts';

/** The verifier agent: does the memory suffice for an answer? */
export async function verify(_state: AnalysedState, turn: UnverifiedTurn, plan: Plan): Promise<Verification> {
  if (plan.action === undefined) return { verdict: 'continue', reason: 'the action could not be read' };
  if (turn.error !== null) return { verdict: 'continue', reason: 'the tool failed' };
  if (turn.tool === 'combine') {
    return reached(turn.result)
      ? { verdict: 'stop', reason: 'the target is reached' }
      : { verdict: 'continue', reason: 'the target is not reached yet' };
  }
  if (plan.action.final) return { verdict: 'stop', reason: 'the result answers the question' };
  return { verdict: 'continue', reason: 'the planner wants another step' };
}

/** `combine` names what is left after every move that does not reach the target. */
export const reached = (result: string): boolean => !/\bleft\b/.test(result);
