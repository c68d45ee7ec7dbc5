import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { practise } from '../../../gpu-worker/jobs/practice.ts';
import type { PracticeStep } from '../../../gpu-worker/jobs/practice-metrics.ts';
import {
  itemSource,
  otherSource,
  type QuestionSource,
  taskSource,
} from '../../../gpu-worker/jobs/practice-questions.ts';
import { type PracticeSettings, practiceDefaults } from '../../../gpu-worker/jobs/practice-settings.ts';
import { modelFolder } from '../../../gpu-worker/models/location.ts';
import { openModel } from '../../../gpu-worker/models/model.ts';
import { TASK_KINDS } from '../../../gpu-worker/tasks/tasks.ts';
import { tools } from '../../../gpu-worker/tools/registry.ts';
import { readConfig } from '../../config.ts';
import { FoursightError, InputError } from '../../errors.ts';
import { createLog } from '../../log.ts';
import { itemsOfFile } from '../benchmark.ts';
import { writeJson, writeLine } from '../output.ts';
import { onStopSignals } from '../signals.ts';
import { trainingStart } from '../training/start.ts';

export interface PracticeCommandOptions {
  readonly minutes?: number;
  readonly steps?: number;
  readonly maxTurns: number;
  readonly seed: number;
  readonly out: string;
  readonly json?: true;
}

const MINUTES = 15;

/** `practice`: trains all weights of the planner and writes a model folder. */
export async function practice(task: string, options: PracticeCommandOptions): Promise<void> {
  const config = readConfig();
  const sources = await sourcesOf(task);
  const model = await openModel(modelFolder(config.model, config.home));
  const start = await trainingStart(model, undefined, practiceDefaults.train);
  const metrics = await openMetrics(options.out);
  const settings = settingsOf(options);
  const result = await practise({
    model,
    start: start.tensors,
    ...sources,
    tools,
    settings,
    log: createLog(config.logLevel, { role: 'command' }),
    signal: onStopSignals(),
    async onStep(step) {
      await appendFile(metrics, `${JSON.stringify(step)}\n`);
      if (options.json) writeJson(step);
      else writeLine(lineOf(step, settings));
    },
  });
  await start.save(options.out, result.weights);
  if (!options.json) writeLine(`${result.steps} steps, ${result.updates} updates. The model is in ${options.out}.`);
}

function settingsOf({ minutes, steps, maxTurns, seed }: PracticeCommandOptions): PracticeSettings {
  const byDefault = steps === undefined ? MINUTES : null;
  return { ...practiceDefaults, maxTurns, seed, steps: steps ?? null, minutes: minutes ?? byDefault };
}

/** @throws InputError when the task is neither a kind of questions nor a file of them */
async function sourcesOf(task: string): Promise<{ practised: QuestionSource; mixed: QuestionSource }> {
  const kind = TASK_KINDS.find((known) => known === task);
  if (kind !== undefined) return { practised: taskSource(kind), mixed: otherSource(kind) };
  if (/^[\w-]+$/.test(task))
    throw new InputError(
      'TASK_UNKNOWN',
      `no questions of the kind "${task}"`,
      `Choose one of ${TASK_KINDS.join(', ')}, or name a file like ./questions.jsonl.`,
    );
  const items = await itemsOfFile(task, false);
  if (items.length === 0)
    throw new InputError(
      'INPUT_EMPTY',
      `${task} holds no questions`,
      'Write lines like {"question": "…", "answers": ["…"]}.',
    );
  return { practised: itemSource(items), mixed: otherSource(undefined) };
}

/** Makes the folder before the work begins, so that a wrong path costs nothing. */
async function openMetrics(out: string): Promise<string> {
  const file = join(out, 'metrics.jsonl');
  try {
    await mkdir(out, { recursive: true });
    await writeFile(file, '');
  } catch (error) {
    throw new FoursightError('OUT_NOT_WRITABLE', `${file} cannot be written`, 'Give another folder for --out.', {
      cause: error,
    });
  }
  return file;
}

function lineOf(step: PracticeStep, { steps }: PracticeSettings): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const left = `${Math.floor(step.secondsLeft / 60)}:${String(Math.floor(step.secondsLeft % 60)).padStart(2, '0')}`;
  return [
    `step ${step.step}${steps === null ? '' : `/${steps}`}`,
    `right ${percent(step.reward)} (others ${percent(step.mixedReward)})`,
    `KL ${step.kl.toFixed(4)}`,
    `clipped ${percent(step.clipFraction)}`,
    ...(step.entropy === null ? [] : [`entropy ${step.entropy.toFixed(3)}`]),
    `${step.droppedGroups} groups dropped`,
    `tool errors ${percent(step.toolErrorRate)}`,
    `gap ${step.gap.toExponential(1)}`,
    `${Math.round(step.tokensPerSecond)} tokens/s`,
    `${(step.ms / 1_000).toFixed(1)} s`,
    `${left} left`,
  ].join('  ');
}
