import type { Tool } from '../../src/domain/tool.ts';
import type { GateReport } from '../../src/domain/training.ts';
import type { Log } from '../../src/log.ts';
import type { Engine } from '../engine/engine.ts';
import type { Agents, Generate } from '../flow/agents.ts';
import { starterAgents } from '../flow/starter/starter-agents.ts';
import { weightShapes } from '../models/decoder-weights.ts';
import type { LoadedModel } from '../models/model.ts';
import { RuntimeError } from '../runtime/runtime-error.ts';
import type { TensorMap } from '../train/trainer.ts';
import { evaluate } from './evaluate.ts';
import { type GateCounts, type GateQuestion, gateCounts, gateQuestions } from './gate-questions.ts';
import { judge } from './gate-verdict.ts';
import { MAX_BATCH, MAX_LENGTH, openEngines } from './policy-engines.ts';

export interface Opponent {
  readonly version: number;
  /** All weights of the version; null is the base. */
  readonly weights: TensorMap | null;
}

export interface GateOptions {
  /** A planner of the starter family: the base. */
  readonly model: LoadedModel;
  /** All weights; null is the base. */
  readonly candidate: TensorMap | null;
  /** The live policy, and the best of the last 30 days where that is another. At least one. */
  readonly opponents: readonly Opponent[];
  /** Of the run: each asks questions of its own. */
  readonly seed: number;
  readonly perKind?: GateCounts;
  readonly maxTurns: number;
  readonly zone: string;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly log?: Log;
  readonly signal?: AbortSignal;
  /** Conversations that have ended, of all. */
  readonly onProgress?: (done: number, of: number) => void;
}

/** More conversations than an engine decodes together, so that it never waits for rules and tools. */
const CONVERSATIONS_AN_ENGINE = MAX_BATCH * 1.5;
const PLAYER = 'player';

/**
 * The gate before promotion: candidate and opponents answer the same fresh questions of every kind, greedily, with the same
 * clocks and notes; `judge` compares. Weights that equal another's are played once. Questions whose answer needs a number that is
 * not finite count as wrong, so that diverged weights are refused like any that are worse.
 *
 * @throws EngineError for weights that do not fit the model; StarterModelError when it is no planner of the starter family;
 * RangeError without an opponent; the signal's reason when it fires
 */
export async function runGate(options: GateOptions): Promise<GateReport> {
  const { model, candidate, opponents, seed, perKind = gateCounts, log } = options;
  const began = performance.now();
  const questions = gateQuestions(perKind, seed);
  const all = [candidate, ...opponents.map(({ weights }) => weights)];
  const players: (TensorMap | null)[] = [];
  const playerOf = all.map((weights) => {
    const same = players.findIndex((player) => areEqual(model, player, weights));
    return same < 0 ? players.push(weights) - 1 : same;
  });
  const { engines, close } = await openEngines(model, log);
  try {
    const outcomes: boolean[][] = [];
    for (const player of players) {
      const before = outcomes.length * questions.length;
      const onDone = (done: number) => options.onProgress?.(before + done, players.length * questions.length);
      outcomes.push(await play(player, engines, questions, options, onDone));
    }
    const [own = [], ...theirs] = playerOf.map((player) => outcomes[player] ?? []);
    const verdict = judge(
      questions.map(({ kind }) => kind),
      {
        candidate: own,
        opponents: opponents.map(({ version }, index) => ({ version, right: theirs[index] ?? [] })),
      },
    );
    return { ...verdict, ms: Math.round(performance.now() - began) };
  } finally {
    await close();
  }
}

/** Whether two policies are the same to the bit. */
function areEqual(model: LoadedModel, a: TensorMap | null, b: TensorMap | null): boolean {
  if (a === b) return true;
  const bytes = (weights: TensorMap | null, name: string): Buffer | undefined => {
    const data = weights === null ? model.readTensor(name) : weights.get(name)?.data;
    return data && Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  };
  return [...weightShapes(model.config).keys()].every((name) => {
    const [ofA, ofB] = [bytes(a, name), bytes(b, name)];
    return ofA !== undefined && ofB !== undefined && ofA.equals(ofB);
  });
}

/** Which questions these weights answer rightly, in the order of the questions. */
async function play(
  weights: TensorMap | null,
  engines: readonly Engine[],
  questions: readonly GateQuestion[],
  { model, maxTurns, zone, tools, signal }: GateOptions,
  onDone: (done: number) => void,
): Promise<boolean[]> {
  if (weights !== null)
    await Promise.all(engines.map((engine) => engine.load(PLAYER, { kind: 'full', tensors: weights })));
  const named = weights === null ? {} : { weights: PLAYER };
  const agents = engines.map((engine) =>
    starterAgents({
      tokenizer: model.tokenizer,
      generate: silentWhenNotFinite((request) => engine.generate({ ...request, ...named })),
      temperature: 0,
      maxLength: Math.min(MAX_LENGTH, engine.maxLength),
    }),
  );
  const right: boolean[] = [];
  let done = 0;
  await evaluate(questions, {
    agents: dealtOut(agents),
    tools,
    maxTurns,
    zone,
    concurrency: engines.length * CONVERSATIONS_AN_ENGINE,
    seed: 0,
    ...(signal && { signal }),
    onDone: (_item, _run, isRight, index) => {
      right[index] = isRight;
      done += 1;
      onDone(done);
    },
  });
  if (weights !== null) await Promise.all(engines.map((engine) => engine.unload(PLAYER)));
  return right;
}

/** One team of agents around several engines: a conversation stays with one, whose cache knows its prompts. */
function dealtOut(agents: readonly Agents[]): Agents {
  const [first] = agents;
  if (first === undefined) throw new RangeError('a gate needs an engine');
  return { ...first, plan: (state) => (agents[state.seed % agents.length] ?? first).plan(state) };
}

/** Takes weights that give no finite numbers for a planner that says nothing. */
const silentWhenNotFinite =
  (generate: Generate): Generate =>
  async (request) => {
    try {
      return await generate(request);
    } catch (error) {
      if (!(error instanceof RuntimeError) || error.code !== 'LOGITS_NOT_FINITE') throw error;
      return { ids: [], logprobs: [], finishReason: 'length' };
    }
  };
