import { randomUUID } from 'node:crypto';
import { TASK_KINDS } from '../../../gpu-worker/tasks/tasks.ts';
import type { PracticeWish } from '../../domain/training.ts';
import { InputError } from '../../errors.ts';
import { questionsOfFile } from '../benchmark.ts';
import { exportPolicy, prepareExport } from '../policy/export.ts';
import { withSession } from '../session.ts';
import { showRun } from '../training/show.ts';

export interface PracticeCommandOptions {
  readonly minutes?: number;
  readonly steps?: number;
  readonly maxTurns: number;
  readonly seed: number;
  readonly out?: string;
  readonly json?: true;
}

const MINUTES = 15;

/** `practice`: a run of training on questions with a checker; its candidate stays in `policy list`. */
export async function practice(task: string, options: PracticeCommandOptions): Promise<void> {
  const wish = await wishOf(task, options);
  if (options.out !== undefined) await prepareExport(options.out);
  // Of the command's own: asked for once more, after another instance took over, it is the same run.
  const runId = randomUUID();
  await withSession({ needsWorker: true, patient: true }, async (session) => {
    const { loop, workspaceId } = session;
    const receipt = await loop.practise(workspaceId, wish, runId);
    if (!receipt.started) throw inTheWay(receipt.runId);
    const run = await showRun(session, runId, { json: options.json === true, patient: true });
    if (options.out !== undefined && run.policyVersion !== null)
      await exportPolicy(session, run.policyVersion, options.out, run.metrics);
  });
}

export const inTheWay = (runId: string): InputError =>
  new InputError(
    'RUN_IN_THE_WAY',
    `run ${runId} is training in this workspace already`,
    `Wait for it (\`foursight runs show ${runId}\`), then try again; a workspace trains one policy at a time.`,
  );

async function wishOf(task: string, { minutes, steps, maxTurns, seed }: PracticeCommandOptions): Promise<PracticeWish> {
  const byDefault = steps === undefined ? MINUTES : null;
  const limits = { minutes: minutes ?? byDefault, steps: steps ?? null, maxTurns, seed };
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
