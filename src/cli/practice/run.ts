import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { PRACTICE_TASKS } from '../../../gpu-worker/jobs/practice-questions.ts';
import { writeAtomically } from '../../../gpu-worker/models/write-files.ts';
import type { PracticeWish } from '../../domain/training.ts';
import { FoursightError, InputError } from '../../errors.ts';
import { questionsOfFile } from '../benchmark.ts';
import { checkFolder, exportPolicy } from '../policy/export.ts';
import { withSession } from '../session.ts';
import { nothingTold } from '../training/follow.ts';
import { showRun, yieldTo } from '../training/show.ts';

export interface PracticeCommandOptions {
  readonly minutes?: number;
  readonly steps?: number;
  readonly questions: number;
  readonly maxTurns: number;
  readonly seed: number;
  readonly out?: string;
  readonly json?: true;
}

const MINUTES = 15;

/** `practice`: a run of training on questions with a checker; its candidate stays in `policy list`. */
export async function practice(task: string, options: PracticeCommandOptions): Promise<void> {
  const wish = await wishOf(task, options);
  const { out } = options;
  if (out !== undefined) await checkFolder(resolve(out));
  // Of the command's own: asked for once more, after another instance took over, it is the same run.
  const runId = randomUUID();
  const told = nothingTold();
  const run = await withSession({ needsWorker: true, patient: true }, async (session) => {
    const { loop, workspaceId } = session;
    const receipt = await loop.practise(workspaceId, wish, runId);
    if (!receipt.started) return yieldTo(session, receipt.runId);
    return showRun(session, runId, { json: options.json === true, told });
  });
  if (out === undefined) return;
  if (run.policyVersion === null)
    throw new FoursightError(
      'NO_CANDIDATE',
      `nothing was learnt, so nothing is in ${out}: ${run.reason ?? ''}`,
      'Practise for longer, or another task.',
    );
  await exportPolicy(out, run.policyVersion);
  const lines = run.metrics.map((step) => `${JSON.stringify(step)}\n`);
  await writeAtomically(join(out, 'metrics.jsonl'), lines);
}

async function wishOf(
  task: string,
  { minutes, steps, questions, maxTurns, seed }: PracticeCommandOptions,
): Promise<PracticeWish> {
  const byDefault = steps === undefined ? MINUTES : null;
  const limits = { minutes: minutes ?? byDefault, steps: steps ?? null, questions, maxTurns, seed };
  if (Object.hasOwn(PRACTICE_TASKS, task)) return { task, items: [], ...limits };
  if (/^[\w-]+$/.test(task))
    throw new InputError(
      'TASK_UNKNOWN',
      `no questions of the kind "${task}"`,
      `Choose one of ${Object.keys(PRACTICE_TASKS).join(', ')}, or name a file like ./questions.jsonl.`,
    );
  const items = await questionsOfFile(task);
  if (items.length === 0)
    throw new InputError(
      'INPUT_EMPTY',
      `${task} holds no questions`,
      'Write lines like {"question": "…", "answers": ["…"]}.',
    );
  return { task: null, items: items.map(({ question, answers }) => ({ question, answers: [...answers] })), ...limits };
}
