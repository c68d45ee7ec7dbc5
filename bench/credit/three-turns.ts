import type { Agents, Generate, Plan } from '../../gpu-worker/flow/agents.ts';
import type { RolloutQuestion } from '../../gpu-worker/jobs/rollouts.ts';
import type { ModelConfig } from '../../gpu-worker/models/config.ts';
import type { PlannerTurn } from '../../gpu-worker/train/flow-grpo-groups.ts';
import type { Tool } from '../../src/domain/tool.ts';

/**
 * A toy of the flow: a question is three marks, a turn picks a letter for the next mark, and the answer is right when all three
 * letters are. Nothing but the reward says so: the tool only tells how many picks are left.
 */
export const TURNS = 3;
const LETTERS = ['a', 'b', 'c', 'd'] as const;
/** `x0` … `x3` for the first mark, `y…` for the second, `z…` for the third: the mark's number is the letter's place. */
const MARKS = ['x', 'y', 'z'].map((turn) => LETTERS.map((_, place) => `${turn}${place}`));
const words = ['<q>', '<a>', '<r>', '2', '1', '0', ...LETTERS, ...MARKS.flat()];
const idOf = (word: string): number => words.indexOf(word);

/** Twenty thousand parameters. */
export const toyConfig: ModelConfig = {
  modelType: 'qwen2',
  hiddenSize: 32,
  layers: 2,
  heads: 2,
  kvHeads: 2,
  headDim: 16,
  intermediateSize: 64,
  vocabSize: words.length,
  ropeTheta: 1_000,
  ropeScaling: null,
  rmsNormEps: 1e-6,
  tieWordEmbeddings: true,
  attentionBias: true,
  qkNorm: false,
  maxPositions: 64,
  stopIds: [],
  dtype: 'float32',
};

/** Places of the right letters, turn by turn. */
export type Places = readonly number[];

/** All 64. */
export const allPlaces: readonly Places[] = LETTERS.flatMap((_, i) =>
  LETTERS.flatMap((__, j) => LETTERS.map((___, k) => [i, j, k])),
);
export const letterCount = LETTERS.length;

const letter = (place: number): string => LETTERS[place] ?? '';
const questionText = (places: Places): string => places.map((place, turn) => MARKS[turn]?.[place]).join(' ');
const actionIds = (place: number): number[] => [idOf(letter(place))];

/** `<q> x1 y0 z3 <a> b <r> 2 <a>`: only grows at its end. */
function promptIds(
  question: string,
  turns: readonly { readonly action: readonly number[]; readonly result: string }[],
) {
  const past = turns.flatMap(({ action, result }) => [idOf('<a>'), ...action, idOf('<r>'), idOf(result)]);
  return [idOf('<q>'), ...question.split(' ').map(idOf), ...past, idOf('<a>')];
}

/** The turns of a trajectory that picks these letters. */
export function turnsOf(asked: Places, picked: Places): PlannerTurn[] {
  const played = picked.map((place, turn) => ({ action: actionIds(place), result: String(TURNS - 1 - turn) }));
  return played.map(({ action }, turn) => ({
    promptIds: promptIds(questionText(asked), played.slice(0, turn)),
    actionIds: action,
    oldLogProbabilities: action.map(() => 0),
  }));
}

export const toyQuestion = (places: Places): RolloutQuestion => ({
  notes: [],
  questions: [questionText(places)],
  askedAt: new Date(0),
  isRight: ({ answer }) => answer === places.map(letter).join(' '),
});

const pick: Tool = {
  metadata: { name: 'pick', does: '', inputs: [], output: '', limits: '', bestPractice: '' },
  run: async (_, { turns }) => ({ result: String(TURNS - 1 - turns.length) }),
};
export const toyTools: ReadonlyMap<string, Tool> = new Map([['pick', pick]]);

/** The planner is the model, the others are rules. An action that is no letter is played all the same: as a wrong one. */
export function toyAgents(generate: Generate, temperature: number): Agents {
  return {
    analyse: async ({ question }) => ({ text: question, entities: [] }),
    async plan({ analysis, turns, seed, signal }): Promise<Plan> {
      const ids = promptIds(
        analysis.text,
        turns.map(({ planner, result }) => ({ action: planner?.actionIds ?? [], result })),
      );
      const settings = { maxTokens: 1, temperature, seed: seed + turns.length, stopIds: [], signal };
      const generation = await generate({ ids, ...settings });
      const record = {
        promptIds: ids,
        actionIds: [...generation.ids],
        logprobs: [...generation.logprobs],
        temperature,
      };
      const context = generation.ids.map((id) => words[id]).join(' ');
      return { record, action: { subGoal: '', tool: 'pick', context, final: false } };
    },
    execute: async (_, { context }) => context,
    verify: async () => ({ verdict: 'continue', reason: '' }),
    generate: async ({ turns }) => turns.map(({ command }) => command).join(' '),
  };
}
