import type { Log } from '../../src/log.ts';
import { baseWeights } from '../engine/decode-program.ts';
import type { Engine } from '../engine/engine.ts';
import { openEngine } from '../engine/open-engine.ts';
import type { Agents } from '../flow/agents.ts';
import { starterAgents } from '../flow/starter/starter-agents.ts';
import { baseModelName } from '../models/base-model.ts';
import { modelFolder } from '../models/location.ts';
import { openModel } from '../models/model.ts';

/** What opening a planner needs of the configuration. */
export interface PlannerSettings {
  /** A folder or the name of a repository that was pulled to `home`. */
  readonly model: string;
  readonly home: string;
  readonly worker: { readonly concurrency: number; readonly threads: number | null };
}

/** A planner's model, running, and the agents around it. */
export interface Planner {
  readonly engine: Engine;
  /** The model's name, as the versions that are trained on it keep it. */
  readonly base: string;
  /**
   * @param temperature of the planner; 0 is greedy
   * @param weights loaded into the engine under this name; the model's own unless given
   */
  agents(temperature: number, weights?: string): Agents;
  close(): Promise<void>;
}

/**
 * Opens the configured model as a planner of the starter family.
 * @throws ModelError, RuntimeError, StarterModelError when the folder does not hold such a model
 */
export async function openPlanner(config: PlannerSettings, log: Log): Promise<Planner> {
  const model = await openModel(modelFolder(config.model, config.home));
  const base = await baseModelName(model);
  const { threads, concurrency } = config.worker;
  const engine = await openEngine({
    model,
    log,
    maxBatch: Math.max(32, concurrency),
    ...(threads !== null && { threads }),
  });
  const agents = (temperature: number, weights = baseWeights): Agents =>
    starterAgents({
      tokenizer: model.tokenizer,
      generate: (request) => engine.generate({ ...request, weights }),
      temperature,
      maxLength: Math.min(1_024, engine.maxLength),
    });
  try {
    agents(0);
  } catch (error) {
    await engine.close();
    throw error;
  }
  return { engine, base, agents, close: () => engine.close() };
}
