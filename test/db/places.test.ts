import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Queryable } from '../../src/db/database.ts';
import { type Place, placeOf } from '../../src/db/place-queries.ts';
import { newQuestionSchema } from '../../src/domain/question.ts';
import { openTestStore, questionOf, startTestServer, type TestServer, type TestStore } from './test-store.ts';

let server: TestServer;
let store: TestStore;
beforeAll(async () => {
  server = await startTestServer();
  store = await openTestStore(await server.fresh());
});
afterAll(async () => {
  await store.close();
  await server.close();
});

const placed = (tx: Queryable, conversation: string, name = 'Ada'): Promise<Place> =>
  placeOf(tx, newQuestionSchema.parse(questionOf('key', { conversation, person: { key: 'ada', name } })));

describe('the place of a question', () => {
  it('is had while others of its workspace and person are being stored, but for those of its conversation', async () => {
    const { db } = store;
    for (const conversation of ['a', 'b']) await db.transaction((tx) => placed(tx, conversation));
    const { sameConversation } = await db.transaction(async (tx) => {
      const a = await placed(tx, 'a');
      const b = await db.transaction((other) => placed(other, 'b'));
      expect(b).toMatchObject({ workspaceId: a.workspaceId, personId: a.personId });
      const sameConversation = db.transaction((other) => placed(other, 'a'));
      await lockIsWaitedFor();
      return { sameConversation };
    });
    expect(await sameConversation).toMatchObject({ conversationId: expect.any(String) });
  });

  it('keeps a new name of its person', async () => {
    const { db } = store;
    const { personId } = await placed(db, 'a');
    expect(await placed(db, 'a', 'Ada L.')).toMatchObject({ personId });
    const { rows } = await db.execute(sql`select name from people where id = ${personId}`);
    expect(rows).toEqual([{ name: 'Ada L.' }]);
  });
});

async function lockIsWaitedFor(): Promise<void> {
  await expect
    .poll(
      async () =>
        (
          await store.db.execute(
            sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
          )
        ).rows.length,
      { timeout: 20_000 },
    )
    .toBe(1);
}
