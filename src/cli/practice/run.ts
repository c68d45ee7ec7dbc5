import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { writeAtomically } from '../../../gpu-worker/models/write-files.ts';
import { TASK_KINDS } from '../../../gpu-worker/tasks/tasks.ts';
import type { PracticeWish } from '../../domain/training.ts';
import { InputError } from '../../errors.ts';
import { questionsOfFile } from '../benchmark.ts';
import { checkFolder, exportPolicy } from '../policy/export.ts';
import { withSession } from '../session.ts';
import { showRun } from '../training/show.ts';

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
  const run = await withSession({ needsWorker: true, patient: true }, async (session) => {
    const { loop, workspaceId } = session;
    const receipt = await loop.practise(workspaceId, wish, runId);
    if (!receipt.started) throw inTheWay(receipt.runId);
    return showRun(session, runId, { json: options.json === true });
  });
  if (out === undefined || run.policyVersion === null) return;
  await exportPolicy(out, run.policyVersion);
  const lines = run.metrics.map((step) => `${JSON.stringify(step)}\n`);
  await writeAtomically(join(out, 'metrics.jsonl'), lines);
}

export const inTheWay = (runId: string): InputError =>
  new InputError(
    'RUN_IN_THE_WAY',
    `run ${runId} is training in this workspace already`,
    `Wait for it (\`foursight runs show ${runId}\`), then try again; a workspace trains one policy at a time.`,
  );

async function wishOf(
  task: string,
  { minutes, steps, questions, maxTurns, seed }: PracticeCommandOptions,
): Promise<PracticeWish> {
  const byDefault = steps === undefined ? MINUTES : null;
  const limits = { minutes: minutes ?? byDefault, steps: steps ?? null, questions, maxTurns, seed };
  if (TASK_KINDS.some((known) => known === task)) return { task, items: [], ...limits };
  if (/^[\w-]+$/.test(task))
    throw new InputError(
      'TASK_UNKNOWN',
      `no questions of the kind "${task}"`,
      `Choose one of ${TASK_KINDS.join(', ')}, or name a file like ./questions.jsonl.`,
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
