import { readPolicyHead } from '../../src/db/policy-store.ts';
import type { OpenTrajectory } from '../../src/domain/ports.ts';
import { FoursightError, messageOf } from '../../src/errors.ts';
import type { Agents } from '../flow/agents.ts';
import { cachedWeights, type PolicyCache } from './policy-cache.ts';
import { checkBase, weightSetOf } from './policy-weights.ts';
import type { Planner } from './starter-planner.ts';

export interface PolicyAgentsSetting extends PolicyCache {
  readonly planner: Planner;
  /** Of live answers. */
  readonly temperature: number;
  /** Versions that stay loaded though no question uses them; default 4. */
  readonly mostLoaded?: number;
}

interface Loaded {
  readonly agents: Promise<Agents>;
  /** Questions that are being answered with it. */
  users: number;
}

const MOST_LOADED = 4;

/** The agents of each policy version: its weights are loaded into the planner's engine with the first question for it. */
export class PolicyAgents {
  readonly #setting: PolicyAgentsSetting;
  readonly #base: Agents;
  /** By the weights' name in the engine; the one used last is the last. */
  readonly #loaded = new Map<string, Loaded>();

  constructor(setting: PolicyAgentsSetting) {
    this.#setting = setting;
    this.#base = setting.planner.agents(setting.temperature);
  }

  /**
   * The agents of the version that a trajectory is pinned to; the version stays loaded until `over`.
   * @throws FoursightError when there is no such version, it belongs to another model, or its weights are damaged
   */
  async agentsFor(
    { workspaceId, policyVersion }: Pick<OpenTrajectory, 'workspaceId' | 'policyVersion'>,
    over: AbortSignal,
  ): Promise<Agents> {
    if (policyVersion === 0) return this.#base;
    const name = `${workspaceId}/${policyVersion}`;
    const loaded = this.#loaded.get(name) ?? { agents: this.#load(name, workspaceId, policyVersion), users: 0 };
    this.#loaded.delete(name);
    this.#loaded.set(name, loaded);
    loaded.users += 1;
    over.addEventListener('abort', () => {
      loaded.users -= 1;
      this.#unloadUnused();
    });
    this.#unloadUnused();
    try {
      return await loaded.agents;
    } catch (error) {
      // The next question tries again.
      if (this.#loaded.get(name) === loaded) this.#loaded.delete(name);
      throw error;
    }
  }

  async #load(name: string, workspaceId: string, version: number): Promise<Agents> {
    const { db, planner, temperature, log } = this.#setting;
    const what = `policy version ${version}`;
    const started = performance.now();
    const head = await readPolicyHead(db, workspaceId, version);
    if (head === undefined) throw unknown(version);
    checkBase(head, planner.base, what);
    const bytes = await cachedWeights(this.#setting, workspaceId, version, head);
    if (bytes === undefined) throw unknown(version);
    await planner.engine.load(name, weightSetOf({ ...head, bytes }, what));
    log.info({ workspaceId, version, ms: Math.round(performance.now() - started) }, 'a policy was loaded');
    return planner.agents(temperature, name);
  }

  #unloadUnused(): void {
    const { planner, mostLoaded = MOST_LOADED, log } = this.#setting;
    for (const [name, { users }] of this.#loaded) {
      if (this.#loaded.size <= mostLoaded) return;
      if (users > 0) continue;
      this.#loaded.delete(name);
      // Fails only with the engine itself.
      planner.engine.unload(name).catch((error: unknown) => log.warn({ cause: messageOf(error) }, 'not unloaded'));
    }
  }
}

const unknown = (version: number): FoursightError =>
  new FoursightError(
    'POLICY_UNKNOWN',
    `there is no policy version ${version}`,
    '`foursight policy list` shows which there are; `foursight policy rollback` goes back to the one before.',
  );
