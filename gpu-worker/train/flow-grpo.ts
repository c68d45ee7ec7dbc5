import { entropyColumn } from './flow-grpo-graph.ts';
import type { GroupMember, Groups, PlannerTurn } from './flow-grpo-groups.ts';
import { flowGrpoObjective, type ObjectiveMetrics, openRatios, type TurnScores } from './flow-grpo-objective.ts';
import { type ActionSequence, actionSequences } from './flow-grpo-sequences.ts';
import type { Example } from './micro-batch.ts';
import { type FlowGrpoSettings, learningRateAt } from './settings.ts';
import { TrainError } from './train-error.ts';
import { openTrainer, type TensorMap, type Trainer, type TrainerOptions, type TrainerState } from './trainer.ts';

export interface FlowGrpoStep {
  /** From 1. A step whose groups were all dropped changes nothing; its loss and gradient are 0. */
  readonly step: number;
  /** Before the update, with the entropy bonus. */
  readonly loss: number;
  /** To the reference: the mean of k3 over tokens. */
  readonly kl: number;
  readonly clipFraction: number;
  /** Before clipping. */
  readonly gradNorm: number;
  readonly droppedGroups: number;
  /** Of the actions of the groups that were kept. */
  readonly tokens: number;
  readonly ms: number;
  /** Mean over tokens; only with an entropy bonus. */
  readonly entropy?: number;
  readonly metrics: ObjectiveMetrics;
}

/** How an update is taken. */
export interface Pace {
  readonly learningRate: number;
  /** Of the settings' entropy bonus, what is left; in [0, 1]. */
  readonly entropyFactor: number;
}

/** Log-probabilities of a trajectory's action tokens, by turn. */
export type ActionScores = readonly Float32Array[];

export interface FlowGrpoTrainer {
  readonly parameters: Trainer['parameters'];
  /**
   * Learns from the groups: one gradient, one update.
   * @param pace in place of the settings' schedule, for runs whose number of updates is not known
   * @throws TrainError when training has diverged
   */
  step(groups: Groups, pace?: Pace): Promise<FlowGrpoStep>;
  /** At the settings' temperature, by the trained weights or by the reference; changes nothing. */
  score(trajectories: readonly (readonly PlannerTurn[])[], reference?: boolean): Promise<ActionScores[]>;
  /** Sketches (`countSketch`) of the gradients of each list's policy loss, without the KL and the entropy bonus; changes no weight. */
  gradientSketches(lists: readonly (readonly GroupMember[])[]): Promise<Float64Array[]>;
  gradientTensors(): TensorMap;
  weights(): TensorMap;
  state(): TrainerState;
  restore(state: TrainerState): void;
  close(): Promise<void>;
}

export type FlowGrpoOptions = Omit<TrainerOptions, 'objective' | 'keepReference'> & {
  readonly settings: FlowGrpoSettings;
};

/** Flow-GRPO (arXiv 2510.05592): the reference is the base without LoRA or, for full weights, what training starts from. */
export async function openFlowGrpoTrainer({ settings, ...options }: FlowGrpoOptions): Promise<FlowGrpoTrainer> {
  const objective = { kind: 'flow-grpo', entropy: settings.entropyBonus > 0 } as const;
  return flowGrpoTrainer(await openTrainer({ ...options, objective, keepReference: true }), settings);
}

function flowGrpoTrainer(trainer: Trainer, settings: FlowGrpoSettings): FlowGrpoTrainer {
  const { temperature } = settings;
  const watchesEntropy = settings.entropyBonus > 0;
  const policyAlone = { ...settings, beta: 0, entropyBonus: 0 };
  // The reference does not change: its scores of a trajectory that comes again are kept as long as the trajectory is.
  const references = new WeakMap<readonly PlannerTurn[], ActionScores>();
  let steps = trainer.state().step;

  const score = async (trajectories: readonly (readonly PlannerTurn[])[], reference = false) => {
    const sequences = trajectories.map(actionSequences);
    const examples = sequences.flat().map(scoredExample);
    const { logProbabilities } = await trainer.score(examples, { temperature, reference });
    return byTurn(sequences, logProbabilities);
  };

  const scoreReferences = async (members: readonly GroupMember[]) => {
    const missing = [...new Set(members.map(({ turns }) => turns))].filter((turns) => !references.has(turns));
    if (missing.length === 0) return;
    const scores = await score(missing, true);
    missing.forEach((turns, i) => {
      references.set(turns, scores[i] ?? []);
    });
  };

  const learn = async ({ members }: Groups, entropyBonus: number) => {
    await scoreReferences(members);
    const sequences = members.map(({ turns }) => actionSequences(turns));
    const examples = members.flatMap((member, i) => {
      const reference = references.get(member.turns) ?? [];
      return (sequences[i] ?? []).map((sequence) =>
        learntExample(sequence, member, reference, { ...settings, entropyBonus }),
      );
    });
    const { logProbabilities, entropies } = await trainer.gradients(examples, { temperature });
    const l = byTurn(sequences, logProbabilities);
    const scored = members.map(({ turns, ...member }, i) => ({
      ...member,
      turns: turns.map(
        ({ oldLogProbabilities }, t): TurnScores => ({
          l: l[i]?.[t] ?? [],
          old: oldLogProbabilities,
          reference: references.get(turns)?.[t] ?? [],
        }),
      ),
    }));
    const { loss, metrics } = flowGrpoObjective(scored, settings);
    const entropy = watchesEntropy ? entropySums(members, byTurn(sequences, entropies)) : null;
    return { loss: loss - entropyBonus * (entropy?.weighted ?? 0), metrics, entropy: entropy?.mean };
  };

  return {
    parameters: trainer.parameters,
    async step(groups, pace) {
      const started = performance.now();
      steps += 1;
      const nothing = groups.members.length === 0;
      const { loss, metrics, entropy } = nothing
        ? { ...flowGrpoObjective([], settings), entropy: watchesEntropy ? 0 : undefined }
        : await learn(groups, settings.entropyBonus * (pace?.entropyFactor ?? 1));
      if (!Number.isFinite(loss))
        throw new TrainError('TRAINING_DIVERGED', `the loss is ${loss}`, 'Lower the learning rate.');
      const learningRate = pace?.learningRate ?? learningRateAt(settings, steps);
      const gradNorm = nothing ? 0 : await trainer.update({ ...settings, learningRate });
      return {
        step: steps,
        loss,
        kl: metrics.meanK3,
        clipFraction: metrics.clipFraction,
        gradNorm,
        droppedGroups: groups.dropped,
        tokens: metrics.tokens,
        ms: performance.now() - started,
        ...(entropy === undefined ? {} : { entropy }),
        metrics,
      };
    },
    score,
    async gradientSketches(lists) {
      const sketches: Float64Array[] = [];
      for (const members of lists) {
        const examples = members.flatMap((member) =>
          // Any finite reference will do: the KL does not count.
          actionSequences(member.turns).map((sequence) =>
            learntExample(sequence, member, oldScores(member), policyAlone),
          ),
        );
        await trainer.gradients(examples, { temperature });
        sketches.push(trainer.gradientSketch());
      }
      return sketches;
    },
    gradientTensors: () => trainer.gradientTensors(),
    weights: () => trainer.weights(),
    state: () => trainer.state(),
    restore(state) {
      trainer.restore(state);
      steps = state.step;
    },
    close: () => trainer.close(),
  };
}

const oldScores = ({ turns }: GroupMember): ActionScores =>
  turns.map(({ oldLogProbabilities }) => Float32Array.from(oldLogProbabilities));

const tokenWeight = ({ weight, turns }: GroupMember, length: number) => weight / turns.length / length;

function scoredExample({ ids, spans }: ActionSequence): Example {
  const weights = new Float32Array(ids.length);
  for (const { start, length } of spans) weights.fill(1, start, start + length);
  return { ids, weights };
}

/** The columns of `policyDerivative` for the tokens of the actions; nothing else has a weight. */
function learntExample(
  { ids, spans }: ActionSequence,
  member: GroupMember,
  reference: ActionScores,
  settings: FlowGrpoSettings,
): Example {
  const column = () => new Float64Array(ids.length);
  const weights = column();
  const columns = { old: column(), reference: column(), gain: column(), kl_weight: column() };
  const entropyWeights = column();
  const { lowest, highest } = openRatios(member.advantage, settings, member.dualClip ?? settings.dualClip);
  for (const { turn, start, length } of spans) {
    const w = tokenWeight(member, length);
    const end = start + length;
    weights.fill(w, start, end);
    columns.old.set(member.turns[turn]?.oldLogProbabilities ?? [], start);
    columns.reference.set(reference[turn] ?? [], start);
    columns.gain.fill(w * member.advantage, start, end);
    columns.kl_weight.fill(w * settings.beta, start, end);
    if (member.isAnchor !== true) entropyWeights.fill(w * settings.entropyBonus, start, end);
  }
  const bounds = { lowest: column().fill(lowest), highest: column().fill(highest) };
  return { ids, weights, columns: { ...columns, ...bounds, [entropyColumn]: entropyWeights } };
}

/** The values of each trajectory's actions, by turn, from those of its sequences' tokens, all one after the other. */
function byTurn(sequences: readonly (readonly ActionSequence[])[], values: readonly Float32Array[]): ActionScores[] {
  let next = 0;
  return sequences.map((ofTrajectory) =>
    ofTrajectory.flatMap(({ spans }) => {
      const ofSequence = values[next++] ?? new Float32Array();
      return spans.map(({ start, length }) => ofSequence.slice(start, start + length));
    }),
  );
}

/** Mean over the tokens that have the bonus, and the sum with the weights of the loss. */
function entropySums(members: readonly GroupMember[], entropies: readonly ActionScores[]) {
  let [tokens, sum, weighted] = [0, 0, 0];
  members.forEach((member, i) => {
    if (member.isAnchor === true) return;
    for (const turn of entropies[i] ?? []) {
      const part = turn.reduce((a, b) => a + b, 0);
      tokens += turn.length;
      sum += part;
      weighted += tokenWeight(member, turn.length) * part;
    }
  });
  return { mean: tokens === 0 ? 0 : sum / tokens, weighted };
}
