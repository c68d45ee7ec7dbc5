import { randomUUID } from 'node:crypto';
import type { RatedFigures } from '../../domain/training.ts';
import { writeJson, writeLine, writeTable } from '../output.ts';
import { inTheWay } from '../practice/run.ts';
import { withSession } from '../session.ts';
import { runSummary, showRun } from '../training/show.ts';

export interface RetrainCommandOptions {
  readonly dryRun?: true;
  readonly showText?: true;
  readonly wait?: true;
  readonly seed: number;
  readonly json?: true;
}

/** `retrain`: a run on the workspace's votes, or what it would be trained on. */
export async function retrain(options: RetrainCommandOptions): Promise<void> {
  if (options.dryRun) return dryRun(options);
  const json = options.json === true;
  // Of the command's own: asked for once more, after another instance took over, it is the same run.
  const runId = randomUUID();
  await withSession({ needsWorker: true, patient: true }, async (session) => {
    const { loop, workspaceId, ownsInstance } = session;
    const receipt = await loop.retrain(workspaceId, { by: 'admin', seed: options.seed }, runId);
    if (!receipt.started) throw inTheWay(receipt.runId);
    // Without a service the run would wait for the next one.
    if (options.wait || ownsInstance) return void (await showRun(session, runId, { json }));
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
  for (const [name, value] of rowsOf(figures)) writeLine(`${name.padEnd(22)}${value}`);
  if (texts.length > 0) {
    writeLine();
    writeTable([
      ['UP', 'DOWN', 'QUESTION', 'ANSWER'],
      ...texts.map(({ up, down, question, answer }) => [String(up), String(down), question, answer]),
    ]);
  }
}

export const rowsOf = (figures: RatedFigures): [string, string][] => [
  ['votes', `${figures.votes} (${figures.up} up, ${figures.down} down) by ${figures.people} people`],
  ['answers', String(figures.answers)],
  ['mean reward', `${figures.meanReward.toFixed(3)} ± ${figures.rewardDeviation.toFixed(3)}`],
  ['left out', `${figures.direct} of direct messages, ${figures.unusable} without a planner's record`],
  ['a run would', figures.noUpdate === null ? 'train' : `make no update: ${figures.noUpdate}`],
];
