import { storable } from '../../src/domain/storable.ts';
import { type Tool, ToolError } from '../../src/domain/tool.ts';
import { rank } from './note-ranking.ts';

const maxCharacters = 1_000;
/** Longest answer of `recall`, in characters: it is part of the planner's prompt. */
const shown = 300;

export const notes: Tool = {
  metadata: {
    name: 'notes',
    does: 'Remembers facts for the workspace and recalls them.',
    inputs: ['remember TEXT: remember the guest wifi password is bluebird', 'recall QUERY: recall guest wifi password'],
    output: '`noted`, or the fact that fits the query best, as it was stated.',
    limits: 'A fact is one statement of at most 1,000 characters; later statements win over earlier ones.',
    bestPractice: 'Remember whole sentences; recall with the words the fact would contain.',
  },
  async run(command, context) {
    const match = /^\s*(remember|recall)\b[\s:,]*(.*?)\s*$/is.exec(command);
    const [, action = '', given = ''] = match ?? [];
    const text = storable(given);
    if (action === '') throw new ToolError('say remember or recall');
    if (text.length > maxCharacters) throw new ToolError(`more than ${maxCharacters} characters`);
    if (!/[\p{L}\p{N}]/u.test(text)) throw new ToolError(`nothing to ${action.toLowerCase()}`);
    if (action.toLowerCase() === 'remember') {
      if (!context.readOnly) {
        await context.notes.remember(context.workspaceId, { text, questionId: context.questionId });
      }
      return { result: 'noted' };
    }
    const best = rank(
      text,
      (await context.notes.list(context.workspaceId)).map((note) => note.text),
    );
    if (best === undefined) throw new ToolError('nothing noted about that');
    return { result: best.length > shown ? `${best.slice(0, shown - 1)}…` : best };
  },
};
