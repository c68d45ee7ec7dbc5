import type { Answer, PublicTurn } from '../../src/domain/progress.ts';
import { codeOf, escapeMarkdown } from './markdown-text.ts';
import { answerFootnote, plainText } from './progress-text.ts';
import { sourcesOf } from './sources.ts';

const ends = new Map([
  ['verified', 'the verifier found that it was enough'],
  ['turns', 'it had used all of its turns'],
  ['seconds', 'its time was up'],
]);

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

function turnTrace({ turn, tool, subGoal, command, result, error, verdict, ms }: PublicTurn): string {
  const lines = [
    `**Turn ${turn}** · ${tool === '' ? 'no tool' : escapeMarkdown(tool)} · ${seconds(ms)}`,
    subGoal === '' ? '' : `Sub-goal: ${escapeMarkdown(subGoal)}`,
    command === '' ? '' : `Command: ${codeOf(command)}`,
    error === null ? `Result: ${codeOf(result)}` : `Error: ${codeOf(error)}`,
    `Verifier: ${verdict === 'stop' ? 'enough to answer' : 'not enough yet'}`,
  ];
  return lines.filter((line) => line !== '').join('\n');
}

/** How an answer came about, whole: every turn with its tool, command, result and time, and the policy that chose them. */
export function traceMarkdown(answer: Answer): string {
  const end = ends.get(answer.stopReason) ?? escapeMarkdown(answer.stopReason);
  const sources = sourcesOf(answer);
  return plainText(
    [
      '**How I got there**',
      ...answer.turns.map(turnTrace),
      ...(sources.length === 0 ? [] : [`Sources:\n${sources.map((address) => `- ${address}`).join('\n')}`]),
      `${answerFootnote(answer)} · it ended because ${end}`,
    ].join('\n\n'),
  );
}
