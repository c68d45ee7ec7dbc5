import type { AnyChunk, KnownBlock } from '@slack/types';
import type { Progress } from '../../../src/domain/progress.ts';
import { shortened } from '../../delivery/markdown-text.ts';
import { turnLines, waitingText } from '../../delivery/progress-text.ts';
import { withoutMassMentions } from '../markdown.ts';
import { stopButton } from './progress.ts';

/** Of a task's title and of what stands under it. */
const TITLE = 150;
const DETAIL = 250;

const words = (text: string, limit: number): string => withoutMassMentions(shortened(text, limit));

function task(id: string, title: string, more: Partial<Extract<AnyChunk, { type: 'task_update' }>>): AnyChunk {
  return { type: 'task_update', id, title: words(title, TITLE), status: 'in_progress', ...more };
}

/** The last task, which is at work. */
const waiting = (turn: number, progress: Progress): AnyChunk[] => {
  const text = waitingText(progress);
  return text === '' ? [] : [task(`turn-${turn}`, text, {})];
};

function turnTask({ turn }: Extract<Progress, { type: 'turn' }>): AnyChunk {
  const lines = turnLines(turn);
  const said = (...agents: readonly string[]) =>
    lines.filter(({ agent }) => agents.includes(agent)).map(({ agent, text }) => `${agent}: ${text}`);
  const [title = `Turn ${turn.turn}`] = said('planner');
  const details = said('executor').join('\n');
  const output = said('tool', 'verifier').join('\n');
  return task(`turn-${turn.turn}`, title, {
    status: turn.error === null ? 'complete' : 'error',
    ...(details !== '' && { details: words(details, DETAIL) }),
    ...(output !== '' && { output: words(output, 2 * DETAIL) }),
  });
}

/** What a step adds to a stream: the agents' work as tasks, the last of which goes on. */
export function streamChunks(step: Progress): AnyChunk[] {
  if (step.type === 'started') return waiting(1, step);
  return step.type === 'turn' ? [turnTask(step), ...waiting(step.turn.turn + 1, step)] : [];
}

/** With what a stream begins: the button that stops it. */
export const streamStart = (questionId: string): AnyChunk[] => {
  const blocks: KnownBlock[] = [stopButton(questionId)];
  return [{ type: 'blocks', blocks }];
};
