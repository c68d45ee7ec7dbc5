import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { PracticeSettings } from '../../gpu-worker/jobs/practice-settings.ts';
import { FoursightError, messageOf } from '../../src/errors.ts';
import type { TrajectoryShape } from './watched-rollouts.ts';

/** How TRL shares the processors: processes with a copy of the model each, and threads in each. */
export interface Arrangement {
  readonly processes: number;
  readonly threads: number;
}

export interface TrlRun {
  readonly python: string;
  /** A model folder. */
  readonly model: string;
  readonly shape: TrajectoryShape;
  readonly settings: PracticeSettings;
  /** Generations with their updates, after one that warms up. */
  readonly rounds: number;
  readonly arrangement: Arrangement;
}

const SCRIPT = fileURLToPath(new URL('trl_grpo.py', import.meta.url));
/** Completions that TRL learns from at a time. */
const MICRO_BATCH = 64;
const resultSchema = z.object({ completions: z.number(), seconds: z.number() });

/** Those that use every processor. */
export function arrangements(): Arrangement[] {
  const cores = availableParallelism();
  const one = { processes: 1, threads: cores };
  return cores === 1 ? [one] : [one, { processes: cores, threads: 1 }];
}

/** Why TRL cannot run, or null. */
export async function trlMissing(python: string): Promise<string | null> {
  try {
    await outputOf(python, ['-c', 'from trl import GRPOConfig, GRPOTrainer']);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

/** Completions of a step: as many as our step has turns, up to what fills every process's micro-batches. */
export function completionsOf({ shape, settings, arrangement }: Omit<TrlRun, 'python' | 'model' | 'rounds'>): number {
  const turns = (settings.questions + settings.mixed) * settings.members * shape.turns;
  const least = MICRO_BATCH * arrangement.processes * settings.minibatches;
  return Math.max(1, Math.round(turns / least)) * least;
}

/**
 * Trajectories a second of TRL's GRPOTrainer, each of as many completions as ours has turns.
 * @throws FoursightError TRL_FAILED
 */
export async function trlTrajectoriesPerSecond(run: TrlRun): Promise<number> {
  const { processes, threads } = run.arrangement;
  const work = {
    model: run.model,
    threads,
    microBatch: MICRO_BATCH,
    microBatches: completionsOf(run) / (MICRO_BATCH * processes * run.settings.minibatches),
    processes,
    updates: run.settings.minibatches,
    members: run.settings.members,
    promptTokens: Math.round(run.shape.promptTokens),
    actionTokens: Math.round(run.shape.actionTokens),
    rounds: run.rounds,
    seed: run.settings.seed,
    settings: run.settings.train,
  };
  const launched = processes === 1 ? [] : launcher(processes);
  const output = await outputOf(run.python, [...launched, SCRIPT, JSON.stringify(work)]);
  const { completions, seconds } = resultSchema.parse(JSON.parse(output.trim().split('\n').at(-1) ?? ''));
  return completions / run.shape.turns / seconds;
}

const launcher = (processes: number): string[] => [
  '-m',
  'torch.distributed.run',
  '--standalone',
  `--nproc_per_node=${processes}`,
];

function outputOf(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const text = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text.stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      text.stderr += chunk;
    });
    child.on('error', (error) => reject(failure(error.message)));
    child.on('close', (code) =>
      code === 0 ? resolve(text.stdout) : reject(failure(text.stderr.trim().split('\n').slice(-LINES).join('\n'))),
    );
  });
}

const LINES = 12;
const failure = (reason: string) =>
  new FoursightError(
    'TRL_FAILED',
    reason,
    'try the Python that --python names, with the versions that docs/training.md names',
  );
