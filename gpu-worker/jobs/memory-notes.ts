import type { NoteStore } from '../../src/domain/ports.ts';

/** Notes in memory: evaluations and rollouts leave nothing behind. @param texts oldest first */
export function memoryNotes(texts: readonly string[], at: Date): NoteStore {
  const kept = texts.map((text, index) => ({ id: String(index), text, createdAt: at })).reverse();
  return {
    remember: async (_workspaceId, { text }) => void kept.unshift({ id: String(kept.length), text, createdAt: at }),
    list: async () => kept,
  };
}
