import { describe, expect, it } from 'vitest';
import { generate } from '../../gpu-worker/tasks/generate.ts';
import { type ExpertAction, SPLITS, TASK_KINDS, type TaskQuestion } from '../../gpu-worker/tasks/question.ts';
import { tools } from '../../gpu-worker/tools/registry.ts';
import type { Turn } from '../../src/domain/trajectory.ts';
import { memoryNotes, outcome, pastTurn, toolContext } from './tool-context.ts';

type Asked = TaskQuestion['questions'][number];

/** The command as a tool gets it: places, units and dates as the person wrote them, or in their canonical form. */
function commandOf(action: ExpertAction, asked: Asked, previous: string, asWritten: boolean): string {
  const filled = action.args.replace(/\{(\d+)\}/g, (_, index: string) => {
    const span = asked.spans[Number(index)];
    if (!span) return '?';
    const verbatim = asWritten && span.kind !== 'number' && span.kind !== 'expression';
    return verbatim ? asked.text.slice(span.start, span.end) : span.value;
  });
  const exact = previous.split(' ≈')[0] ?? '';
  const value = action.tool === 'calculator' ? (/-?[\d.]+(?:\/\d+)?/.exec(exact)?.[0] ?? '') : exact;
  const bound = filled.replace(/\bprev\b/g, value.replace(/^≈ /, ''));
  return action.tool === 'notes' ? `${bound} ${asked.text}` : bound;
}

/** Plays a task's expert actions; lists those that ended otherwise than the task says. */
async function surprises(task: TaskQuestion, asWritten: boolean): Promise<string[]> {
  const notes = memoryNotes(...task.notes);
  const found: string[] = [];
  let previous = '';
  for (const asked of task.questions) {
    const { expected } = asked;
    const puzzle =
      expected.type === 'game' ? { numbers: expected.numbers.map(String), target: String(expected.target) } : undefined;
    const turns: Turn[] = [];
    for (const action of asked.actions) {
      const command = commandOf(action, asked, previous, asWritten);
      const context = toolContext({ notes, question: asked.text, turns: [...turns], ...(puzzle && { puzzle }) });
      const said = await outcome(async () => (await tools.get(action.tool)?.run(command, context))?.result ?? '');
      const error = said.startsWith('error: ') ? said.slice(7) : null;
      if ((error !== null) !== (action.error !== undefined)) found.push(`${asked.text} | ${command} | ${said}`);
      turns.push(pastTurn({ tool: action.tool, command, result: error === null ? said : '', error }));
      if (error === null) previous = said;
    }
  }
  return found;
}

describe('the actions of generated tasks', () => {
  it.each(TASK_KINDS)('%s: the tools take them as the tasks say', async (kind) => {
    const found: string[] = [];
    for (let seed = 0; seed < 60; seed++) {
      const task = generate(kind, { seed: 5_000 + seed, split: SPLITS[seed % 3] ?? 'train' });
      found.push(...(await surprises(task, seed % 2 === 0)));
    }
    // A drawn value now and then has no answer, e.g. a temperature below absolute zero.
    expect(found.length, found.join('\n')).toBeLessThanOrEqual(1);
  });
});
