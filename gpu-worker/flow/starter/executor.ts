import { ToolError, type ToolMetadata } from '../../../src/domain/tool.ts';
import type { Turn } from '../../../src/domain/trajectory.ts';
import type { AnalysedState, PlannedAction } from '../agents.ts';
import { slotsIn } from './actions.ts';
import { bindConversion, bindExpression, bindWords, unusedNumbers } from './binding.ts';
import { recallQuery, rememberedText } from './note-texts.ts';
import type { PromptWriter } from './prompt.ts';

/** How an error about unused numbers begins: the planner sees it as `unused`. */
export const UNUSED = 'not all numbers were used';

/** The executor agent: values into the planner's slots. */
export function createExecutor(writer: PromptWriter) {
  return async (state: AnalysedState, action: PlannedAction, tool: ToolMetadata): Promise<string> => {
    const command = bind(state, action, tool);
    if (countsNumbers.has(tool.name)) checkNumbers(writer, state, action);
    return command;
  };
}

/** Tools whose last command should have used every number of the question. */
const countsNumbers = new Set(['calculator', 'convert', 'dates']);

function bind(state: AnalysedState, action: PlannedAction, tool: ToolMetadata): string {
  switch (tool.name) {
    case 'calculator':
      return bindExpression(state, action.context);
    case 'convert':
      return bindConversion(state, action.context);
    case 'dates':
      return bindDates(state, action.context);
    case 'notes':
      return action.context.startsWith('remember')
        ? `remember ${rememberedText(state.question)}`
        : `recall ${recallQuery(state.question, state.analysis.entities)}`;
    case 'combine':
      return bindWords(state, action.context);
    default:
      return action.context;
  }
}

function bindDates(state: AnalysedState, args: string): string {
  return bindWords(state, args).replace(/\bprev\b/g, () => {
    const last = [...state.turns.toReversed(), ...(state.past.at(-1)?.turns.toReversed() ?? [])].find(
      (turn) => turn.error === null,
    );
    if (last === undefined) throw new ToolError('there is no earlier result to go on from');
    return last.result.replace(/^\p{L}+day, /u, '');
  });
}

/**
 * Says once when a final action leaves out numbers of the question, so that the planner can think again; the second time
 * the planner is believed.
 */
function checkNumbers(writer: PromptWriter, state: AnalysedState, action: PlannedAction): void {
  if (!action.final || state.turns.some((turn) => turn.error?.startsWith(UNUSED))) return;
  const earlier = state.turns.flatMap((turn: Turn) =>
    turn.error === null && turn.planner !== null ? slotsIn(writer.read(turn.planner.actionIds)) : [],
  );
  const unused = unusedNumbers(state.analysis.entities, [...earlier, ...slotsIn(action.context)]).filter(
    ({ value }) => value !== '1',
  );
  if (unused.length > 0) throw new ToolError(`${UNUSED}: ${unused.map(({ value }) => value).join(', ')}`);
}
