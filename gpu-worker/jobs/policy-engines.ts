import { availableParallelism } from 'node:os';
import type { Log } from '../../src/log.ts';
import type { Engine } from '../engine/engine.ts';
import { openEngine } from '../engine/open-engine.ts';
import { starterAgents } from '../flow/starter/starter-agents.ts';
import type { LoadedModel } from '../models/model.ts';
import type { TensorMap } from '../train/trainer.ts';
import type { RolloutAgents } from './rollouts.ts';

/** Engines that sample with a policy in training, and the starter's agents around each. */
export interface PolicyEngines {
  readonly agents: readonly RolloutAgents[];
  /** New weights, from the next request on. */
  load(weights: TensorMap): Promise<void>;
  close(): Promise<void>;
}

/** How a policy in training samples. */
export interface Sampling {
  readonly temperature: number;
  /** As of the starter's agents. By default every action is played as it was sampled: what it is worth, the reward says. */
  readonly leastConfidence?: number | undefined;
}

/** Tokens of a trajectory, for rolling out as for learning. */
export const MAX_LENGTH = 1_024;
const POLICY = 'policy';
/** Sequences that one engine decodes together. */
export const MAX_BATCH = 64;
const MOST_ENGINES = 4;

/** Engines of one model. */
export interface EngineRow {
  readonly engines: readonly Engine[];
  close(): Promise<void>;
}

/**
 * An engine for each processor: one engine decodes a small model on one.
 * @throws RuntimeError
 */
export async function openEngines(
  model: LoadedModel,
  log?: Log,
  count: number = Math.min(MOST_ENGINES, availableParallelism()),
): Promise<EngineRow> {
  const engines: Engine[] = [];
  const close = async () => {
    await Promise.all(engines.map((engine) => engine.close()));
  };
  try {
    for (let i = 0; i < count; i++)
      engines.push(await openEngine({ model, maxBatch: MAX_BATCH, maxLength: MAX_LENGTH, ...(log && { log }) }));
    return { engines, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @throws RuntimeError, StarterModelError when the model is not a planner of the starter family */
export async function openPolicyEngines(
  model: LoadedModel,
  { temperature, leastConfidence = Number.NEGATIVE_INFINITY }: Sampling,
  log?: Log,
  count?: number,
): Promise<PolicyEngines> {
  const { engines, close } = await openEngines(model, log, count);
  const agentsOf = (engine: Engine, ofTemperature: number) =>
    starterAgents({
      tokenizer: model.tokenizer,
      generate: (request) => engine.generate({ ...request, weights: POLICY }),
      temperature: ofTemperature,
      leastConfidence,
      maxLength: Math.min(MAX_LENGTH, engine.maxLength),
    });
  try {
    return {
      agents: engines.map((engine) => ({ sampling: agentsOf(engine, temperature), greedy: agentsOf(engine, 0) })),
      async load(tensors) {
        await Promise.all(engines.map((engine) => engine.load(POLICY, { kind: 'full', tensors })));
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
