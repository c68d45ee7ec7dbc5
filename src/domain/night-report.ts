import type { RunReport } from './training.ts';

/** What a nightly run's report tells of it. */
export interface NightlyRun {
  readonly startedAt: string;
  readonly steps: number;
  /** How it ended, in words. */
  readonly reason: string;
  readonly report: RunReport;
}

const two = (value: number): string => value.toFixed(2);
const count = (n: number, thing: string): string => `${n} ${thing}${n === 1 ? '' : 's'}`;

/** The report of a night, in Markdown: what came of it, what it was trained on, the reward before and after. */
export function nightReport({ startedAt, steps, reason, report }: NightlyRun): string {
  const { rated, rewardBefore, rewardAfter, gate } = report;
  const lines = [
    `**Training of the night of ${startedAt.slice(0, 10)}**`,
    `${reason.charAt(0).toUpperCase()}${reason.slice(1)}`,
  ];
  if (rated !== undefined) {
    const { votes, up, down, answers, people, direct } = rated;
    lines.push(
      `- Votes: ${votes} (👍 ${up}, 👎 ${down}) on ${count(answers, 'answer')}, by ${people === 1 ? '1 person' : `${people} people`}`,
    );
    if (direct > 0)
      lines.push(`- Left out: ${count(direct, 'answer')} to direct messages whose authors did not opt in`);
  }
  if (rewardBefore !== undefined && rewardAfter !== undefined)
    lines.push(`- Mean reward: ${two(rewardBefore)} at first, ${two(rewardAfter)} after ${count(steps, 'step')}`);
  if (gate !== undefined) lines.push(`- Gate: ${gate.passed ? 'passed' : 'refused'} (${gate.summary})`);
  return lines.join('\n');
}
