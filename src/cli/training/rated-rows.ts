import type { RatedFigures } from '../../domain/training.ts';

/** What votes come to, as rows of a name and a text. */
export const ratedRows = (figures: RatedFigures): [string, string][] => [
  ['votes', `${figures.votes} (${figures.up} up, ${figures.down} down) by ${figures.people} people`],
  ['answers', String(figures.answers)],
  ['mean reward', `${figures.meanReward.toFixed(3)} ± ${figures.rewardDeviation.toFixed(3)}`],
  ['left out', `${figures.direct} of direct messages, ${figures.unusable} without a planner's record`],
];
