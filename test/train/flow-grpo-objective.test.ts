import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { groupAdvantages, groupedBy, weighGroups } from '../../gpu-worker/train/flow-grpo-groups.ts';
import type { MemberScores, ObjectiveSettings } from '../../gpu-worker/train/flow-grpo-objective.ts';
import { flowGrpoObjective } from '../../gpu-worker/train/flow-grpo-objective.ts';
import { actionSequences } from '../../gpu-worker/train/flow-grpo-sequences.ts';
import { normalNumbers } from '../../gpu-worker/train/random.ts';
import { largestDifference } from './qwen2-golden.ts';

interface Turn {
  readonly l: number[];
  readonly l_old: number[];
  readonly l_ref: number[];
}
interface Case {
  readonly name: string;
  readonly eps_lo: number;
  readonly eps_hi: number;
  readonly beta: number;
  readonly groups: { trajectories: { reward: number; turns: Turn[] }[] }[];
  readonly loss: number;
  readonly metrics: Record<string, number>;
  readonly advantages: number[][];
  readonly dropped: boolean[];
  readonly dloss_dl: number[][][][];
}

const file = new URL('../goldens/flow_grpo_objective.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] };
const camelCase = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const clips = { epsilonLow: 0.2, epsilonHigh: 0.3 };

describe('Flow-GRPO objective', () => {
  it.each(cases)('equals the reference: $name', ({ groups, ...golden }) => {
    const advantages = groups.map(({ trajectories }) => groupAdvantages(trajectories.map(({ reward }) => reward)));
    expect(advantages.map((group) => group === null)).toEqual(golden.dropped);
    const kept = groups.flatMap(({ trajectories }, g) => (advantages[g] === null ? [] : [{ trajectories, g }]));
    const members = kept.flatMap(({ trajectories, g }) =>
      trajectories.map(({ turns }, i): MemberScores => {
        const advantage = advantages[g]?.[i] ?? Number.NaN;
        expect(Math.abs(advantage - (golden.advantages[g]?.[i] ?? Number.NaN))).toBeLessThan(1e-9);
        const scores = turns.map(({ l, l_old, l_ref }) => ({ l, old: l_old, reference: l_ref }));
        return { advantage, weight: 1 / (kept.length * trajectories.length), turns: scores };
      }),
    );
    const settings = { epsilonLow: golden.eps_lo, epsilonHigh: golden.eps_hi, beta: golden.beta };
    const { loss, metrics, derivatives } = flowGrpoObjective(members, settings);
    expect(Math.abs(loss - golden.loss)).toBeLessThan(1e-12);
    const all: Record<string, number> = { ...metrics, groupsKept: kept.length };
    all.groupsDropped = groups.length - kept.length;
    for (const [name, value] of Object.entries(golden.metrics))
      expect(Math.abs((all[camelCase(name)] ?? Number.NaN) - value), name).toBeLessThan(1e-12);
    const wanted = kept.flatMap(({ g }) => golden.dloss_dl[g] ?? []);
    derivatives.forEach((turns, i) => {
      turns.forEach((turn, t) => {
        expect(largestDifference(turn, wanted[i]?.[t] ?? [])).toBeLessThan(1e-12);
      });
    });
    expect(golden.dloss_dl.filter((_, g) => golden.dropped[g]).flat(3)).not.toContainEqual(expect.not.closeTo(0, 12));
  });

  it.each([undefined, 1.6])('has the derivative of central differences, dual clip %s', (dualClip) => {
    const normal = normalNumbers(3);
    const settings: ObjectiveSettings = { ...clips, beta: 0.05, dualClip };
    const turn = (length: number) => {
      const l = Array.from({ length }, () => -2 + 0.5 * normal());
      const near = (scale: number) => l.map((value) => value + scale * normal());
      return { l, old: near(0.5), reference: near(0.3) };
    };
    const members = [1.2, -0.7, 0, -1.5].map((advantage, i) => ({
      advantage,
      weight: 1 / (4 + i),
      turns: Array.from({ length: 1 + i }, (_, t) => turn(5 + 3 * t)),
    }));
    const { derivatives, metrics } = flowGrpoObjective(members, settings);
    expect(metrics.clipFractionLow * metrics.clipFractionHigh).toBeGreaterThan(0);
    expect(metrics.dualClipFraction > 0).toBe(dualClip !== undefined);
    const h = 1e-6;
    members.forEach(({ turns }, i) => {
      turns.forEach(({ l }, t) => {
        for (let j = 0; j < l.length; j++) {
          const own = l[j] as number;
          const lossAt = (value: number) => {
            l[j] = value;
            const { loss } = flowGrpoObjective(members, settings);
            l[j] = own;
            return loss;
          };
          const numeric = (lossAt(own + h) - lossAt(own - h)) / (2 * h);
          expect(Math.abs(numeric - (derivatives[i]?.[t]?.[j] ?? Number.NaN))).toBeLessThan(1e-8);
        }
      });
    });
  });

  it('lets a member of another policy have a dual clip of its own', () => {
    const turns = [{ l: [0], old: [-3], reference: [0] }];
    const loss = (dualClip?: number) =>
      flowGrpoObjective([{ advantage: -1, weight: 1, turns, ...(dualClip === undefined ? {} : { dualClip }) }], {
        ...clips,
        beta: 0,
      }).loss;
    expect(loss()).toBeCloseTo(Math.exp(3), 12);
    expect(loss(3)).toBe(3);
  });
});

describe('groups', () => {
  it('weigh each trajectory 1 / (N G), and are dropped without variance', () => {
    const group = (...rewards: number[]) => rewards.map((reward) => ({ reward, turns: [] }));
    const { members, kept, dropped } = weighGroups([group(0.1, 0.1, 0.1), group(1, 0), group(0, 0, 1), group(1)]);
    expect([kept, dropped]).toEqual([2, 2]);
    expect(members.map(({ weight }) => weight)).toEqual([1 / 4, 1 / 4, 1 / 6, 1 / 6, 1 / 6]);
    expect(members[0]?.advantage).toBeCloseTo(1, 5);
  });

  it('hold the trajectories of one question, in the order of their appearance', () => {
    expect(groupedBy([3, 14, 5, 16, 7], (n) => n > 10)).toEqual([
      [3, 5, 7],
      [14, 16],
    ]);
  });
});

describe('sequences of a trajectory', () => {
  const turn = (promptIds: number[], actionIds: number[]) => ({ promptIds, actionIds, oldLogProbabilities: [] });

  it('are one while prompts only grow', () => {
    expect(actionSequences([turn([1, 2], [3]), turn([1, 2, 3], [4, 5]), turn([1, 2, 3, 4, 5, 6], [7])])).toEqual([
      {
        ids: [1, 2, 3, 4, 5, 6, 7],
        spans: [
          { turn: 0, start: 2, length: 1 },
          { turn: 1, start: 3, length: 2 },
          { turn: 2, start: 6, length: 1 },
        ],
      },
    ]);
  });

  it('begin anew where a prompt was shortened or rewritten', () => {
    const turns = [turn([1, 2], [3]), turn([1, 2], [3]), turn([1, 2, 9, 4], [5]), turn([1, 2, 9, 4, 5, 6], [7])];
    expect(actionSequences(turns).map(({ ids }) => ids)).toEqual([
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 9, 4, 5, 6, 7],
    ]);
  });
});
