import type { AnalysedState } from '../../gpu-worker/flow/agents.ts';
import { analyseQuestion } from '../../gpu-worker/flow/starter/analysis.ts';
import { createExecutor, UNUSED } from '../../gpu-worker/flow/starter/executor.ts';
import { generateAnswer } from '../../gpu-worker/flow/starter/generator.ts';
import { promptIds, subGoalOf } from '../../gpu-worker/flow/starter/planner.ts';
import type { PromptWriter } from '../../gpu-worker/flow/starter/prompt.ts';
import type { AskedQuestion, ExpertAction, TaskQuestion } from '../../gpu-worker/tasks/question.ts';
import type { NoteStore, PastQuestion } from '../../src/domain/ports.ts';
import { type Tool, type ToolContext, ToolError } from '../../src/domain/tool.ts';
import type { Turn } from '../../src/domain/trajectory.ts';

/** A conversation as the trainer sees it: loss where the mask is 1, on the planner's own tokens. */
export interface Example {
  readonly ids: readonly number[];
  readonly mask: readonly number[];
  readonly kind: TaskQuestion['kind'];
}

/** An example, or why the expert's actions could not be played. */
export type Played =
  | { readonly example: Example; readonly answer: string; readonly turns: readonly Turn[] }
  | { readonly refused: string };

const nothing = new AbortController().signal;

/** Notes of one conversation, newest first. */
function notesOf(facts: readonly string[]): NoteStore {
  const list = facts.map((text, i) => ({ id: String(i), text, createdAt: new Date(0) })).reverse();
  return {
    remember: async (_, { text }) => {
      list.unshift({ id: String(list.length), text, createdAt: new Date(0) });
    },
    list: async () => list,
  };
}

/** The expert's action in the planner's words: spans of the question become the slots that the analysis gave them. */
export function actionText(
  asked: AskedQuestion,
  action: ExpertAction,
  analysis: AnalysedState['analysis'],
): string | undefined {
  let missing = false;
  const args = action.args.replace(/\{(\d+)\}/g, (_, index: string) => {
    const span = asked.spans[Number(index)];
    const entity = span && analysis.entities.find(({ start, end }) => start <= span.start && span.end <= end);
    const exact =
      span &&
      entity &&
      (entity.kind === span.kind || span.kind === 'number' || (span.kind === 'expression' && entity.kind === 'number'));
    if (!entity || !exact) {
      missing = true;
      return '';
    }
    if (
      entity.kind === 'number' &&
      span.kind === 'number' &&
      Number(entity.value) !== Number(span.value) &&
      /^[\d.-]+$/.test(span.value)
    )
      missing = true;
    if (entity.kind === 'expression' && span.kind === 'number') missing = true;
    return `<|${entity.slot}|>`;
  });
  if (missing) return undefined;
  if (action.tool === 'help') return 'help';
  return `${action.tool}: ${args
    .replace(/([()%,])/g, ' $1 ')
    .replace(/\s+/g, ' ')
    .trim()}`;
}

export interface Slip {
  readonly text: string;
  readonly stop: ExpertAction['stop'];
}

export interface PlayOptions {
  readonly writer: PromptWriter;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly now: Date;
  /** A wrong action to try before the expert's, in the planner's words; it is played when it fails, and nothing is learnt from it. */
  readonly slip?: (action: string, stop: ExpertAction['stop']) => Slip | undefined;
}

/** Plays a task's expert actions through the starter's own analysis, executor, prompts and the real tools. */
export async function play(task: TaskQuestion, { writer, tools, now, slip }: PlayOptions): Promise<Played> {
  const execute = createExecutor(writer);
  const toolContext = {
    workspaceId: 'w',
    questionId: null,
    now,
    zone: 'UTC',
    notes: notesOf(task.notes),
    readOnly: false,
    signal: nothing,
  };
  const past: PastQuestion[] = [];
  const losses: boolean[] = [];
  let ids: number[] = [];
  let answer = '';
  let last: readonly Turn[] = [];
  for (const asked of task.questions) {
    const analysis = analyseQuestion(asked.text);
    const turns: Turn[] = [];
    const base: AnalysedState = {
      question: asked.text,
      askedAt: now,
      zone: 'UTC',
      past: [...past],
      tools: [],
      turns: [],
      turnsLeft: 20,
      seed: 0,
      signal: nothing,
      analysis,
    };
    const run = async (text: string, { tool: name, stop }: ExpertAction): Promise<Turn> => {
      const tool = tools.get(name);
      if (tool === undefined) throw new RangeError(`the expert names no tool: ${name}`);
      const actionIds = writer.action(text, stop);
      const args = writer.read(actionIds).replace(/^\w+:?\s*/, '');
      const subGoal = subGoalOf(name, args, analysis.entities);
      const context: ToolContext = {
        ...toolContext,
        question: asked.text,
        turns,
        ...(analysis.puzzle ? { puzzle: analysis.puzzle } : {}),
      };
      let [command, result, error] = [args, '', null as string | null];
      try {
        command = await execute(
          { ...base, turns },
          { subGoal, tool: name, context: args, final: stop === 'final' },
          tool.metadata,
        );
        result = (await tool.run(command, context)).result;
      } catch (problem) {
        if (!(problem instanceof ToolError)) throw problem;
        error = problem.message;
      }
      const planner = { promptIds: [], actionIds, logprobs: [], temperature: 0 };
      return {
        turn: turns.length + 1,
        subGoal,
        tool: name,
        command,
        result,
        error,
        verdict: 'continue',
        reason: '',
        ms: 0,
        planner,
      };
    };
    const waiting = [...asked.actions];
    for (let action = waiting.shift(); action !== undefined; action = waiting.shift()) {
      const text = actionText(asked, action, analysis);
      if (text === undefined) return { refused: `slots of ${action.tool}: ${action.args}` };
      const wrong = slip?.(text, action.stop);
      const slipped = wrong && (await run(wrong.text, { ...action, stop: wrong.stop }));
      if (slipped !== undefined && slipped.error !== null) {
        losses.push(false);
        turns.push(slipped);
      }
      const turn = await run(text, action);
      const { error } = turn;
      // A number that the expert leaves out on purpose: the executor asks once, the expert insists.
      const insists = error?.startsWith(UNUSED) === true && action.error === undefined;
      if (insists) waiting.unshift(action);
      else if ((error === null) !== (action.error === undefined))
        return { refused: `${action.tool} ${turn.command}: ${error ?? 'no error'}` };
      // To look for a note that nobody wrote is right all the same.
      losses.push(error === null || insists || action.tool === 'notes');
      turns.push(turn);
    }
    ids = promptIds(writer, { past, turns, analysis });
    answer = await generateAnswer({ ...base, turns }, 'verified');
    past.push({ text: asked.text, turns, answer });
    last = turns;
  }
  return { example: masked(task, writer, ids, losses), answer, turns: last };
}

/** Marks the tokens between `<|a|>` and the stop token, the last actions of `losses` being the last of the sequence. */
function masked(task: TaskQuestion, writer: PromptWriter, ids: readonly number[], losses: readonly boolean[]): Example {
  const opening = writer.opening()[0] ?? -1;
  const stops = new Set(writer.stopIds);
  const starts = ids.flatMap((id, at) => (id === opening ? [at + 1] : [])).slice(0, -1);
  const mask = new Array<number>(ids.length).fill(0);
  let end = 0;
  starts.forEach((start, index) => {
    const counts = losses[losses.length - starts.length + index] ?? false;
    let at = start;
    while (!stops.has(ids[at] ?? -1) && at < ids.length) mask[at++] = counts ? 1 : 0;
    mask[at] = counts ? 1 : 0;
    end = at + 1;
  });
  return { ids: ids.slice(0, end), mask: mask.slice(0, end), kind: task.kind };
}
