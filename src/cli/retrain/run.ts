import { randomUUID } from 'node:crypto';
import { retrainLearningSchema } from '../../domain/training.ts';
import { readJsonFile } from '../json-lines.ts';
import { writeJson, writeLine, writeTable } from '../output.ts';
import { withSession } from '../session.ts';
import { nothingTold } from '../training/follow.ts';
import { ratedRows } from '../training/rated-rows.ts';
import { runSummary, showRun, yieldTo } from '../training/show.ts';

export interface RetrainCommandOptions {
  readonly dryRun?: true;
  readonly showText?: true;
  readonly wait?: true;
  readonly seed: number;
  readonly config?: string;
  readonly json?: true;
}

const CONFIG_FORM = '{"steps": 4, "anchorWeight": 20, "train": {"learningRate": 0.001, "beta": 0.01}}';

/** `retrain`: a run on the workspace's votes, or what it would be trained on. */
export async function retrain(options: RetrainCommandOptions): Promise<void> {
  if (options.dryRun) return dryRun(options);
  const json = options.json === true;
  const { config, seed } = options;
  const learning =
    config === undefined ? {} : { learning: await readJsonFile(config, retrainLearningSchema, CONFIG_FORM) };
  // Of the command's own: asked for once more, after another instance took over, it is the same run.
  const runId = randomUUID();
  const told = nothingTold();
  await withSession({ needsWorker: true, patient: true }, async (session) => {
    const { loop, workspaceId, ownsInstance } = session;
    const receipt = await loop.retrain(workspaceId, { by: 'admin', seed, ...learning }, runId);
    if (!receipt.started) return yieldTo(session, receipt.runId);
    // Without a service the run would wait for the next one.
    if (options.wait || ownsInstance) return void (await showRun(session, runId, { json, steps: false, told }));
    const run = await loop.run(runId);
    if (json) writeJson(runSummary(run));
    else writeLine(`Training. Follow it with \`foursight runs show ${runId}\`.`);
  });
}

async function dryRun({ json, showText }: RetrainCommandOptions): Promise<void> {
  const { figures, texts } = await withSession({ needsWorker: false }, async ({ loop, workspaceId }) => ({
    figures: await loop.rated(workspaceId),
    texts: showText ? await loop.ratedTexts(workspaceId) : [],
  }));
  if (json) return writeJson({ ...figures, ...(showText && { texts }) });
  const would = figures.noUpdate === null ? 'train' : `make no update: ${figures.noUpdate}`;
  for (const [name, value] of [...ratedRows(figures), ['a run would', would] as const])
    writeLine(`${name.padEnd(22)}${value}`);
  if (texts.length > 0) {
    writeLine();
    writeTable([
      ['UP', 'DOWN', 'QUESTION', 'ANSWER'],
      ...texts.map(({ up, down, question, answer }) => [String(up), String(down), question, answer]),
    ]);
  }
}
