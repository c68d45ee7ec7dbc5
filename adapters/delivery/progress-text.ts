import type { Answer, Progress, PublicTurn } from '../../src/domain/progress.ts';
import { escapeMarkdown, inlineCode, plural, shortened } from './markdown-text.ts';
import type { Measure } from './split-markdown.ts';

/** One line of a question's progress; a platform chooses how it looks. */
export interface ProgressLine {
  readonly agent: 'planner' | 'executor' | 'tool' | 'verifier';
  readonly text: string;
  readonly isError: boolean;
}

const MAX_LINE = 160;
/** Without control characters, which could move a terminal's cursor; line breaks and tabs stay. */
export const plainText = (text: string): string => text.replace(/(?![\n\t])\p{Cc}/gu, '');

const oneLine = (text: string): string => shortened(plainText(text).replace(/\s+/g, ' ').trim(), MAX_LINE);

/** What the four agents did in one turn. Agents that had nothing to do are left out. */
export function turnLines(turn: PublicTurn): ProgressLine[] {
  const lines: ProgressLine[] = [];
  const add = (agent: ProgressLine['agent'], text: string, isError = false) =>
    text.trim() === '' ? undefined : lines.push({ agent, text: oneLine(text), isError });
  add('planner', [turn.tool, turn.subGoal].filter((part) => part !== '').join(' · '));
  add('executor', turn.command);
  if (turn.error === null) add('tool', turn.result);
  else add('tool', turn.error, true);
  add('verifier', turn.verdict === 'stop' ? 'enough to answer' : 'not enough yet, another turn');
  return lines;
}

/** What is going on until the next progress value arrives. */
export function waitingText(progress: Progress): string {
  if (progress.type === 'queued') return 'waiting for a worker';
  if (progress.type === 'started') return 'planner is choosing a tool';
  if (progress.type !== 'turn') return '';
  return progress.turn.verdict === 'stop' ? 'generator is writing the answer' : 'planner is choosing the next tool';
}

/** e.g. `0.31 s · 2 turns · policy 3`. */
export function answerFootnote(answer: Answer): string {
  const turns = plural(answer.turns.length, 'turn');
  return `${(answer.ms / 1000).toFixed(2)} s · ${turns} · policy ${answer.policyVersion}`;
}

const agentMarks = { planner: '🧭', executor: '⚙️', tool: '🔧', verifier: '🔎' } as const;

function turnMarkdown(turn: PublicTurn): string {
  const lines = turnLines(turn).map(({ agent, text, isError }) => {
    const said = agent === 'executor' ? inlineCode(text) : escapeMarkdown(text);
    return `- ${isError ? '⚠️' : agentMarks[agent]} ${agent}: ${said}`;
  });
  return [`**Turn ${turn.turn}**`, ...lines].join('\n');
}

/**
 * A question's progress in Markdown: the agents' steps, and who is at work. Where not all turns fit, the first are counted only.
 * @param steps what has happened so far, oldest first
 */
export function progressMarkdown(
  steps: readonly Progress[],
  { limit, measure }: { readonly limit: number; readonly measure: Measure },
): string {
  const last = steps.at(-1);
  const waiting = last === undefined ? 'received' : waitingText(last);
  const turns = steps.flatMap((step) => (step.type === 'turn' ? [turnMarkdown(step.turn)] : []));
  const now = waiting === '' ? [] : [`⏳ _${waiting} …_`];
  for (let left = 0; ; left += 1) {
    const earlier = left === 0 ? [] : [`_${plural(left, 'earlier turn')}_`];
    const text = [...earlier, ...turns.slice(left), ...now].join('\n\n');
    if (measure(text) <= limit || left >= turns.length) return text;
  }
}
