import { beforeAll, describe, expect, it } from 'vitest';
import { type GateOptions, runGate } from '../../gpu-worker/jobs/gate.ts';
import { gateCounts } from '../../gpu-worker/jobs/gate-questions.ts';
import type { LoadedModel } from '../../gpu-worker/models/model.ts';
import { tools } from '../../gpu-worker/tools/registry.ts';
import type { TensorMap } from '../../gpu-worker/train/trainer.ts';
import { openStarter, weightsOf } from './starter.ts';

let model: LoadedModel;
beforeAll(async () => {
  model = await openStarter();
});

const none = Object.fromEntries(Object.keys(gateCounts).map((kind) => [kind, 0])) as Record<keyof typeof gateCounts, 0>;
const gate = (more: Partial<GateOptions>) =>
  runGate({
    model,
    candidate: null,
    opponents: [{ version: 0, weights: null }],
    seed: 5,
    perKind: { ...none, words: 30, dates: 30, notes: 30, followups: 30, gameof24: 24 },
    maxTurns: 3,
    zone: 'Europe/Berlin',
    tools,
    ...more,
  });

/** The base's weights with those of the tensors that `change` names multiplied. */
const changed = (change: (name: string, index: number) => number): TensorMap =>
  new Map(
    [...weightsOf(model)].map(([name, { dims, data }]) => [
      name,
      { dims, data: data.map((weight, index) => weight * change(name, index)) },
    ]),
  );

describe('the gate', { timeout: 180_000 }, () => {
  it('passes the weights of the live policy with a difference of exactly 0, played once or twice', async () => {
    const progress: number[] = [];
    // Differs in the last bits of a few numbers: it is played by itself, and answers the same.
    const almost = changed((name, index) => (name.includes('norm') && index === 0 ? 1 + 2 ** -22 : 1));
    const report = await gate({
      candidate: weightsOf(model),
      opponents: [
        { version: 0, weights: null },
        { version: 1, weights: almost },
      ],
      onProgress: (done, of) => progress.push(done / of),
    });
    expect(report).toMatchObject({ passed: true, reasons: [], overall: { total: 144 } });
    expect(report.kinds.map(({ kind }) => kind)).toEqual(['words', 'dates', 'notes', 'followups', 'gameof24']);
    for (const { candidate, opponents } of [...report.kinds, report.overall])
      for (const opponent of opponents)
        expect(opponent).toMatchObject({ accuracy: candidate, difference: 0, onlyCandidate: 0, onlyOpponent: 0 });
    expect(report.overall.candidate).toBeGreaterThan(0.6);
    expect(progress).toHaveLength(288);
    expect(progress.at(-1)).toBe(1);
  });

  it('refuses damaged weights and says in which kinds', async () => {
    const candidate = changed((name) => (name.includes('layers.2.') && name.includes('down_proj') ? 4 : 1));
    const report = await gate({ candidate });
    expect(report.passed).toBe(false);
    expect(report.reasons.length).toBeGreaterThan(0);
    for (const reason of report.reasons)
      expect(reason).toMatch(/^[a-z\d ]+: \d+\.\d % against \d+\.\d % of policy 0, lower bound −\d+\.\d points$/);
    expect(report.overall.candidate).toBeLessThan(report.overall.opponents[0]?.accuracy ?? 0);
  });

  it('refuses weights that give no finite numbers', async () => {
    const candidate = changed((name) => (name.includes('down_proj') ? 1e30 : 1));
    const report = await gate({ candidate, perKind: { ...none, symbols: 24 } });
    expect(report).toMatchObject({ passed: false, overall: { candidate: 0, opponents: [{ accuracy: 1 }] } });
  });

  it('ends when it is told to', async () => {
    const stop = new AbortController();
    const gated = gate({ signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) });
    await expect(gated).rejects.toThrow('enough');
  });
});
