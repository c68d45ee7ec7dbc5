import { expectAnswered, type Tables, withTables } from './tables.ts';

/** What a run of training came to. */
export interface Trained {
  /** SHA-256 of the candidate's weights. */
  readonly weights: string;
  /** Of each step the figures that depend on nothing but the run. */
  readonly steps: readonly string[];
  readonly seconds: number;
  /** How often a worker took the run. */
  readonly epoch: number;
}

export async function trained({ rows }: Pick<Tables, 'rows'>): Promise<Trained> {
  const [run] = await rows(`
    select status, reason, epoch, extract(epoch from ended_at - started_at)::float8 as seconds, (
      select encode(sha256(string_agg(w.bytes, ''::bytea order by w.chunk)), 'hex') from policy_weights w
      where w.workspace_id = r.workspace_id and w.version = r.version
    ) as weights from training_runs r`);
  if (typeof run?.weights !== 'string') throw new Error(`the run ended ${run?.status}: ${run?.reason}`);
  const steps = await rows('select metrics from training_steps order by step');
  const figures = ['step', 'reward', 'rollouts', 'tokens', 'loss', 'kl', 'gradNorm'];
  return {
    weights: run.weights,
    steps: steps.map(({ metrics }) => JSON.stringify(metrics, figures)),
    seconds: Number(run.seconds),
    epoch: Number(run.epoch),
  };
}

export interface ExpectedTraining {
  readonly kind: 'practice' | 'retrain';
  readonly steps: number;
  readonly questions: number;
  readonly votes: number;
  readonly reference: Trained;
}

/** What the tables must hold after a run of training that was disturbed, and what was trained. */
export const inspectTraining = (
  url: string,
  { kind, steps, questions, votes, reference }: ExpectedTraining,
): Promise<{ readonly run: Trained; readonly problems: readonly string[] }> =>
  withTables(url, async (tables) => {
    const { value, expect, problems } = tables;
    await expectAnswered(tables, questions);
    expect('runs', await value('select count(*) from training_runs'), 1);
    expect('status', await value('select status from training_runs'), 'done');
    expect(
      'steps',
      await value(`select string_agg(step::text, ' ' order by step) from training_steps`),
      sequence(steps),
    );
    expect('checkpoints', await value('select count(*) from training_checkpoints'), 0);
    expect('their pieces', await value('select count(*) from training_checkpoint_chunks'), 0);
    expect('candidates', await value('select count(*) from policies p join training_runs r on r.id = p.run_id'), 1);
    expect('policies', await value('select count(*) from policies'), 1);
    const gate = await value('select gate from policies');
    expect('through its gate', gate === 'passed' || gate === 'refused', true);
    const promoted = kind === 'retrain' && gate === 'passed' ? 1 : 0;
    expect('promotions', await value('select count(*) from promotions'), promoted);
    const byGate =
      'select count(*) from promotions p join training_runs r on r.id = p.run_id and r.version = p.version';
    expect('promotions by the gate', await value(byGate), promoted);
    const versions = promoted === 0 ? [0] : [0, 1];
    const others = `select count(*) from trajectories where policy_version not in (${versions.join(', ')})`;
    expect('answers by a policy that was not live', await value(others), 0);
    expect('votes counted', await value('select count(*) from run_votes'), votes);
    const run = await trained(tables);
    if (run.weights !== reference.weights) {
      const first = reference.steps.findIndex((figures, i) => figures !== run.steps[i]);
      const where = first < 0 ? 'equal steps' : `step ${reference.steps[first]} became ${run.steps[first]}`;
      expect(`weights (${where})`, run.weights, reference.weights);
    }
    return { run, problems };
  });

const sequence = (length: number): string => Array.from({ length }, (_, i) => i + 1).join(' ');
