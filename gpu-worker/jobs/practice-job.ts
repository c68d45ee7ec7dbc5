import { practiceWishSchema } from '../../src/domain/training.ts';
import { tools } from '../tools/registry.ts';
import { TrainError } from '../train/train-error.ts';
import type { Learnt } from './learning-run.ts';
import { practise } from './practice.ts';
import { itemSource, otherSource, PRACTICE_TASKS, taskSource } from './practice-questions.ts';
import { practiceDefaults } from './practice-settings.ts';
import { questionItem } from './question-item.ts';
import type { LearningJob } from './training-setting.ts';

/** Questions of other kinds, for each that is practised. */
const MIXED_SHARE = practiceDefaults.mixed / practiceDefaults.questions;

/** The learning of a run of `practice`. @throws TrainError for a task that this version does not know; what `practise` throws */
export async function practiceOf({ held, setting, model, start, resume, onStep }: LearningJob): Promise<Learnt> {
  const { task, items, ...wish } = practiceWishSchema.parse(held.settings);
  const kinds = task === null ? [] : (PRACTICE_TASKS[task] ?? []);
  if (kinds.length === 0 && items.length === 0)
    throw new TrainError('TASK_UNKNOWN', `there are no questions to practise for "${task}"`, 'Name another task.');
  return practise({
    model,
    start,
    practised: kinds.length === 0 ? itemSource(items.map(questionItem)) : taskSource(...kinds),
    mixed: otherSource(...kinds),
    tools,
    settings: { ...practiceDefaults, ...wish, mixed: Math.ceil(wish.questions * MIXED_SHARE) },
    resume,
    workers: setting.workers,
    log: setting.log,
    onStep,
  });
}
