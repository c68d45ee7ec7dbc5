import type { NoteStore } from '../../src/domain/ports.ts';
import { type ToolContext, ToolError } from '../../src/domain/tool.ts';
import type { Turn } from '../../src/domain/trajectory.ts';

/** Notes in memory, newest first, one workspace apart from the other. */
export function memoryNotes(...texts: string[]): NoteStore {
  const kept = texts.map((text) => ({ workspaceId: 'w', text }));
  return {
    remember: async (workspaceId, { text }) => {
      kept.push({ workspaceId, text });
    },
    list: async (workspaceId) =>
      kept
        .map((note, index) => ({ ...note, id: String(index), createdAt: new Date(index) }))
        .filter((note) => note.workspaceId === workspaceId)
        .reverse(),
  };
}

/** Monday, 23 November 2026, 21:25 UTC. */
export const now = new Date('2026-11-23T21:25:00Z');

export function toolContext(changes: Partial<ToolContext> = {}): ToolContext {
  return {
    workspaceId: 'w',
    questionId: 'q',
    question: '',
    now,
    zone: 'UTC',
    turns: [],
    notes: memoryNotes(),
    readOnly: false,
    signal: new AbortController().signal,
    ...changes,
  };
}

export function pastTurn(changes: Partial<Turn>): Turn {
  return {
    ...{ turn: 1, subGoal: '', tool: '', command: '', result: '', error: null },
    ...{ verdict: 'continue', reason: '', ms: 1, planner: null },
    ...changes,
  };
}

/** The result, or `error: …` with a ToolError's message; anything else thrown fails the test. */
export async function outcome(work: () => string | Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ToolError) return `error: ${error.message}`;
    throw error;
  }
}

/** Mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
