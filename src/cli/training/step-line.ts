import { percent } from '../../domain/percent.ts';
import type { StepMetrics } from '../../domain/training.ts';

const numberOf = (value: StepMetrics[string] | undefined): number => (typeof value === 'number' ? value : 0);

/** What a step says of itself on a line; figures that this kind of run does not have are left out. */
const parts: readonly (readonly [string, (value: number) => string])[] = [
  ['reward', (value) => `reward ${value.toFixed(3)}`],
  ['chance', (value) => `votes as clear by chance ${percent(value)}`],
  ['mixedReward', (value) => `others ${percent(value)}`],
  ['kl', (value) => `KL ${value.toFixed(4)}`],
  ['clipFraction', (value) => `clipped ${percent(value)}`],
  ['entropy', (value) => `entropy ${value.toFixed(3)}`],
  ['droppedGroups', (value) => `${value} groups dropped`],
  ['skippedUpdates', (value) => (value === 0 ? '' : `${value} updates skipped`)],
  ['toolErrorRate', (value) => `tool errors ${percent(value)}`],
  ['gap', (value) => `gap ${value.toExponential(1)}`],
  ['tokensPerSecond', (value) => `${Math.round(value)} tokens/s`],
  ['ms', (value) => `${(value / 1_000).toFixed(1)} s`],
  ['secondsLeft', (value) => `${Math.floor(value / 60)}:${String(Math.floor(value % 60)).padStart(2, '0')} left`],
];

export const stepLine = (step: StepMetrics): string =>
  [
    `step ${numberOf(step.step)}`,
    ...parts.flatMap(([name, say]) => (typeof step[name] === 'number' ? say(step[name]) : [])),
  ]
    .filter((part) => part !== '')
    .join('  ');
