import { storable } from '../../src/domain/storable.ts';
import { type Tool, type ToolContext, ToolError } from '../../src/domain/tool.ts';
import type { Turn } from '../../src/domain/trajectory.ts';
import type { Agents, AnalysedState, PlannedAction, UnverifiedTurn } from './agents.ts';
import { untilAborted } from './budget.ts';
import { failed, runTool, type ToolOutcome } from './run-tool.ts';

/** What a turn needs besides the state. */
export interface TurnSetting {
  readonly agents: Agents;
  readonly tools: ReadonlyMap<string, Tool>;
  /** Everything a tool may know; the turns and the signal are the state's. */
  readonly toolContext: Omit<ToolContext, 'turns' | 'signal' | 'puzzle'>;
  readonly toolSeconds: number;
  /** Milliseconds from any origin. */
  readonly clock: () => number;
}

/** The command that was tried, and what came of it. */
type Attempt = { readonly command: string } & ToolOutcome;

/** Executor and tool. An unknown tool and an action that cannot become a command are errors like those of a tool. */
async function attempt(state: AnalysedState, action: PlannedAction, setting: TurnSetting): Promise<Attempt> {
  const { agents, tools } = setting;
  const tool = tools.get(action.tool);
  if (tool === undefined) {
    const known = [...tools.keys()].join(', ');
    return { command: action.context, ...failed(`there is no tool "${action.tool.slice(0, 40)}", only ${known}`) };
  }
  let command: string;
  try {
    command = await untilAborted(state.signal, () => agents.execute(state, action, tool.metadata));
  } catch (error) {
    if (error instanceof ToolError) return { command: action.context, ...failed(error.message) };
    throw error;
  }
  const { turns, signal } = state;
  const { puzzle } = state.analysis;
  const context: ToolContext = { ...setting.toolContext, turns, signal, ...(puzzle ? { puzzle } : {}) };
  return { command, ...(await runTool(tool, command, context, setting.toolSeconds)) };
}

/**
 * One turn: planner, executor, tool, verifier.
 * @throws Interrupted when the state's signal fires; what the agents throw when generation fails
 */
export async function runTurn(state: AnalysedState, setting: TurnSetting): Promise<Turn> {
  const { agents, clock } = setting;
  const began = clock();
  const plan = await untilAborted(state.signal, () => agents.plan(state));
  const { action } = plan;
  const tried: Attempt =
    action === undefined ? { command: plan.text, ...failed(plan.problem) } : await attempt(state, action, setting);
  const turn: UnverifiedTurn = {
    turn: state.turns.length + 1,
    subGoal: storable(action?.subGoal ?? ''),
    tool: storable(action?.tool ?? ''),
    command: storable(tried.command),
    result: storable(tried.result),
    error: tried.error === null ? null : storable(tried.error),
    planner: plan.record,
  };
  const verification = await untilAborted(state.signal, () => agents.verify(state, turn, plan));
  return { ...turn, ...verification, ms: Math.max(0, clock() - began) };
}
