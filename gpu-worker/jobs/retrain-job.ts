import { freezeVotes, ratedAnswers, ratedFigures } from '../../src/db/rated-queries.ts';
import { addToReport } from '../../src/db/run-queries.ts';
import { retrainWishSchema } from '../../src/domain/training.ts';
import { tools } from '../tools/registry.ts';
import type { Learnt } from './learning-run.ts';
import { otherSource } from './practice-questions.ts';
import { retrainSettings } from './retrain-settings.ts';
import { retrain } from './retrain-source.ts';
import { type LearningJob, RunLost } from './training-setting.ts';

/**
 * The learning of a run of `retrain`, on the votes that stand when it begins.
 * @returns in words why nothing can be learnt, otherwise what was
 * @throws RunLost; what `retrain` throws
 */
export async function retrainOf({
  held,
  setting,
  model,
  start,
  resume,
  onStep,
}: LearningJob): Promise<Learnt | string> {
  const { db, log, temperature, maxTurns, zone } = setting;
  const { seed, learning } = retrainWishSchema.parse(held.settings);
  const settings = retrainSettings({ temperature, maxTurns, zone }, seed, learning);
  // A run goes through each of them at least once.
  const mostAnswers = settings.questions * (settings.steps ?? 1);
  if ((await freezeVotes(db, held, mostAnswers)) === 'lost') throw new RunLost();
  const figures = await ratedFigures(db, held);
  await addToReport(db, held, { rated: figures });
  if (figures.noUpdate !== null) return figures.noUpdate;
  const learnt = await retrain({
    model,
    start,
    parentVersion: held.parent,
    rated: await ratedAnswers(db, held),
    anchors: otherSource(undefined),
    tools,
    settings,
    resume,
    workers: setting.workers,
    log,
    onStep,
  });
  return learnt.status === 'learnt' ? learnt : learnt.reason;
}
