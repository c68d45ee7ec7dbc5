import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../gpu-worker/engine/engine.ts';
import { openEngine } from '../../gpu-worker/engine/open-engine.ts';
import { type Rollout, rollOut, rolloutSeed } from '../../gpu-worker/jobs/rollouts.ts';
import { readCheckpointHeaders } from '../../gpu-worker/models/safetensors.ts';
import { writeSafetensors } from '../../gpu-worker/models/write-files.ts';
import { chance, createRng, intBetween, pickFrom, type Rng, shuffled } from '../../gpu-worker/tasks/random.ts';
import { type FlowGrpoTrainer, openFlowGrpoTrainer } from '../../gpu-worker/train/flow-grpo.ts';
import { type RewardedTrajectory, weighGroups } from '../../gpu-worker/train/flow-grpo-groups.ts';
import { actionSequences } from '../../gpu-worker/train/flow-grpo-sequences.ts';
import { flowGrpoSettings, sftSettings } from '../../gpu-worker/train/settings.ts';
import { openSftTrainer, type SftExample } from '../../gpu-worker/train/sft.ts';
import type { TensorMap } from '../../gpu-worker/train/trainer.ts';
import { initialWeights } from '../../starter/recipe/initial-weights.ts';
import { allPlaces, letterCount, TURNS, toyAgents, toyConfig, toyQuestion, toyTools, turnsOf } from './three-turns.ts';

type Groups = readonly (readonly Rollout[])[];
type Rewarded = readonly (readonly RewardedTrajectory[])[];

/** What a step's rollouts are rewarded with, and which of their turns are learnt from. */
const variants = {
  /** Flow-GRPO: the outcome is every turn's reward. */
  broadcast: (groups: Groups): Rewarded => groups,
  /** The earlier turns are only context. */
  'last turn': (groups: Groups): Rewarded =>
    groups.map((group) => group.map(({ reward, turns }) => ({ reward, turns: turns.slice(-1) }))),
  /** Every trajectory has the reward of any of the step's, so that rewards say nothing. */
  shuffled(groups: Groups, rng: Rng): Rewarded {
    const rewards = groups.flat().map(({ reward }) => reward);
    const dealt = shuffled(rng, rewards).values();
    return groups.map((group) => group.map(({ turns }) => ({ reward: dealt.next().value ?? 0, turns })));
  },
} as const;
export type Variant = keyof typeof variants;

const MEMBERS = 8;
const MAX_LENGTH = 32;
const MAX_BATCH = 96;
/**
 * Adam scales a gradient of pure noise up to a full step, and then random rewards walk far. An epsilon of the gradients' own size
 * keeps small ones small; the KL term pulls back.
 */
const settings = flowGrpoSettings.parse({
  learningRate: 5e-4,
  betas: [0.9, 0.95],
  adamEpsilon: 3e-3,
  weightDecay: 0,
  beta: 0.05,
  temperature: 1,
});

/** Probabilities under the policy, exact: over all questions, without sampling. */
export interface Skill {
  /** Of the right letters in all turns. */
  readonly accuracy: number;
  /** Of the right letter in each turn, after right ones. */
  readonly byTurn: readonly number[];
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

async function skillOf(trainer: FlowGrpoTrainer): Promise<Skill> {
  const scores = await trainer.score(allPlaces.map((places) => turnsOf(places, places)));
  const right = scores.map((turns) => turns.map((turn) => Math.exp(turn.reduce((a, b) => a + b, 0))));
  return {
    accuracy: mean(right.map((turns) => turns.reduce((a, b) => a * b, 1))),
    byTurn: Array.from({ length: TURNS }, (_, turn) => mean(right.map((turns) => turns[turn] ?? 0))),
  };
}

/** A teacher who is right two times in three teaches the format and to win now and then. */
const TEACHER = 0.66;
const WARM_STEPS = 300;
const WARM_BATCH = 64;

async function warmStart(seed: number): Promise<TensorMap> {
  const rng = createRng(seed);
  const example = (): SftExample => {
    const asked = pickFrom(rng, allPlaces);
    const picked = asked.map((place) =>
      chance(rng, TEACHER) ? place : (place + intBetween(rng, 1, letterCount - 1)) % letterCount,
    );
    const [{ ids, spans } = { ids: [], spans: [] }] = actionSequences(turnsOf(asked, picked));
    const mask = ids.map((_, t) => (spans.some(({ start, length }) => start <= t && t < start + length) ? 1 : 0));
    return { ids, mask };
  };
  const trainer = await openSftTrainer({
    config: toyConfig,
    trainable: { kind: 'full' },
    start: initialWeights(toyConfig, seed),
    maxLength: MAX_LENGTH,
    workers: 1,
    maxTokens: 2_048,
    settings: sftSettings.parse({
      learningRate: 3e-3,
      betas: [0.9, 0.98],
      steps: WARM_STEPS,
      schedule: { kind: 'linear', warmup: 10, flat: 0.3, floor: 0.02 },
    }),
  });
  try {
    for (let step = 0; step < WARM_STEPS; step++) await trainer.step(Array.from({ length: WARM_BATCH }, example));
    return trainer.weights();
  } finally {
    await trainer.close();
  }
}

/** The engine reads the weights that it is opened with from a folder. */
async function openToyEngine(start: TensorMap): Promise<Engine> {
  const dir = await mkdtemp(join(tmpdir(), 'credit-'));
  try {
    await writeSafetensors(join(dir, 'model.safetensors'), start, 'float32');
    const tensors = await readCheckpointHeaders(dir);
    return await openEngine({ model: { config: toyConfig, dir, tensors }, maxBatch: MAX_BATCH });
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** A policy after its warm start, from which each variant sets out. */
export interface Toy {
  readonly before: Skill;
  /** Learns on-policy for so many updates. */
  learn(variant: Variant, updates: number): Promise<Skill>;
}

const POLICY = 'policy';

/**
 * Makes a policy and has it learn as in practice: rollouts in the flow, Flow-GRPO on their groups, new weights in the engine.
 * @param questions an update
 */
export async function withToy<T>(seed: number, questions: number, work: (toy: Toy) => Promise<T>): Promise<T> {
  const start = await warmStart(seed);
  const engine = await openToyEngine(start);
  try {
    const options = { config: toyConfig, trainable: { kind: 'full' }, start, maxLength: MAX_LENGTH, settings } as const;
    const trainer = await openFlowGrpoTrainer({ ...options, workers: 1, maxTokens: 2_048 });
    try {
      const beginning = trainer.state();
      const agents = toyAgents((request) => engine.generate({ ...request, weights: POLICY }), settings.temperature);
      const learn = async (variant: Variant, updates: number) => {
        trainer.restore(beginning);
        for (let step = 1; step <= updates; step++) {
          await engine.load(POLICY, { kind: 'full', tensors: trainer.weights() });
          const rng = createRng(rolloutSeed(seed, step, -1, -1));
          const asked = Array.from({ length: questions }, () => toyQuestion(pickFrom(rng, allPlaces)));
          const rolled = await rollOut(asked, {
            engines: [{ sampling: agents, greedy: agents }],
            tools: toyTools,
            maxTurns: TURNS,
            zone: 'UTC',
            members: MEMBERS,
            concurrency: MAX_BATCH,
            seed,
            step,
          });
          await trainer.step(weighGroups(variants[variant](rolled, rng)));
        }
        return await skillOf(trainer);
      };
      return await work({ before: await skillOf(trainer), learn });
    } finally {
      await trainer.close();
    }
  } finally {
    await engine.close();
  }
}
