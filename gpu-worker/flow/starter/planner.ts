import type { PastQuestion } from '../../../src/domain/ports.ts';
import type { Turn } from '../../../src/domain/trajectory.ts';
import type { AnalysedState, Entity, Generate, Plan } from '../agents.ts';
import { parseAction } from './actions.ts';
import { analyseQuestion } from './analysis.ts';
import type { PromptTurn, PromptWriter } from './prompt.ts';
import { marks, toolTokens } from './vocabulary.ts';

/** Earlier questions that the prompt shows. */
const MOST_PAST = 4;
/** Tokens of earlier questions; with the longest question and ten turns this stays within the model's 1,024 positions. */
const MOST_PAST_TOKENS = 240;
const MOST_QUESTION_TOKENS = 400;
const MOST_ACTION_TOKENS = 28;

export interface PlannerOptions {
  readonly writer: PromptWriter;
  readonly generate: Generate;
  /** 0 is greedy. */
  readonly temperature: number;
  /** An action whose tokens are less likely than this on average (natural logarithm) is replaced by saying what can be done. */
  readonly leastConfidence: number;
  /** Tokens that the model can read. */
  readonly maxLength: number;
}

/** A turn's action tokens; for a turn without a record, at least its tool. */
function promptTurn(writer: PromptWriter, turn: Turn): PromptTurn {
  const ids = turn.planner?.actionIds ?? [];
  const ended = writer.stopIds.includes(ids.at(-1) ?? -1);
  if (ids.length > 0) return { ...turn, action: ended ? ids : [...ids, writer.id(marks.final)] };
  const tool = toolTokens.find((token) => token.replace(':', '') === turn.tool) ?? 'help';
  return { ...turn, action: writer.action(tool, 'final') };
}

function pastSegments(writer: PromptWriter, past: readonly PastQuestion[]): number[] {
  let segments: number[] = [];
  for (const question of past.slice(-MOST_PAST).toReversed()) {
    const ids = [
      ...writer.question(analyseQuestion(question.text).text),
      ...question.turns.slice(-4).flatMap((turn) => writer.turn(promptTurn(writer, turn))),
    ];
    if (ids.length + segments.length > MOST_PAST_TOKENS) break;
    segments = [...ids, ...segments];
  }
  return segments;
}

/** The whole prompt of the next turn. It starts with the prompt and the action of the turn before. */
export function promptIds(writer: PromptWriter, state: Pick<AnalysedState, 'past' | 'turns' | 'analysis'>): number[] {
  return [
    ...pastSegments(writer, state.past),
    ...writer.question(state.analysis.text).slice(0, MOST_QUESTION_TOKENS),
    ...state.turns.flatMap((turn) => writer.turn(promptTurn(writer, turn))),
    ...writer.opening(),
  ];
}

/** A few words for people: the action with its slots replaced by what the question says. */
export function subGoalOf(tool: string, args: string, entities: readonly Entity[]): string {
  const said = args
    .replace(/<\|(\d+)\|>/g, (token, slot: string) => entities[Number(slot) - 1]?.value ?? token)
    .replace(/\bprev\b/g, 'the last result');
  switch (tool) {
    case 'calculator':
      return `Work out ${said}`;
    case 'convert':
      return `Convert ${said}`;
    case 'dates':
      return `Look at calendar and clock: ${said}`;
    case 'notes':
      return args.startsWith('remember') ? 'Keep this as a note' : 'Look it up in the notes';
    case 'combine':
      return `Combine ${said}`;
    default:
      return 'Say what I can do';
  }
}

/** A seed of its own for every turn of a trajectory. */
const turnSeed = (seed: number, turn: number): number =>
  (Math.imul(seed, 0x9e3779b1) + Math.imul(turn, 0x85ebca6b)) >>> 0;

/** Failed turns after which the planner no longer tries: further attempts would hardly be better, and a guess is worse than none. */
const MOST_FAILURES = 3;

const hasFailed = (state: AnalysedState): boolean =>
  state.turns.filter((turn) => turn.error !== null).length >= MOST_FAILURES;

/** The planner agent: the model continues the prompt by one action. */
export function createPlanner({ writer, generate, temperature, leastConfidence, maxLength }: PlannerOptions) {
  return async (state: AnalysedState): Promise<Plan> => {
    const ids = promptIds(writer, state).slice(0, maxLength - MOST_ACTION_TOKENS);
    const generation = await generate({
      ids,
      maxTokens: MOST_ACTION_TOKENS,
      temperature,
      seed: turnSeed(state.seed, state.turns.length + 1),
      stopIds: writer.stopIds,
      signal: state.signal,
    });
    const record = {
      promptIds: ids,
      actionIds: [...generation.ids],
      logprobs: [...generation.logprobs],
      temperature,
    };
    const text = writer.read(generation.ids);
    if (generation.finishReason === 'length') return { record, problem: 'the action does not end', text };
    const parsed = parseAction(text);
    if (typeof parsed === 'string') return { record, problem: parsed, text };
    const mean = generation.logprobs.reduce((sum, logprob) => sum + logprob, 0) / generation.logprobs.length;
    const unsure = parsed.tool !== 'combine' && (mean < leastConfidence || hasFailed(state));
    const { tool, args } = unsure ? { tool: 'help', args: '' } : parsed;
    const final = unsure || generation.ids.at(-1) === writer.id(marks.final);
    return { record, action: { subGoal: subGoalOf(tool, args, state.analysis.entities), tool, context: args, final } };
  };
}
