import { sql } from 'drizzle-orm';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { closeDatabase, DatabaseError, migrateDatabase, openDatabase } from '../../src/db/database.ts';
import { createNoteStore } from '../../src/db/note-queries.ts';
import { localWorkspaceId } from '../../src/db/place-queries.ts';
import { freePort } from '../queue/redis-server.ts';
import { openTestStore, questionOf, quiet, startTestServer, type TestServer } from './test-store.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
}, 120_000);
afterAll(() => server.close());

const open = (url: string) => {
  const db = openDatabase(url, quiet);
  onTestFinished(() => closeDatabase(db));
  return db;
};

describe('the database', () => {
  it('is migrated once by processes that start together', async () => {
    const url = await server.fresh();
    await Promise.all(Array.from({ length: 4 }, () => migrateDatabase(url)));
    await migrateDatabase(url);
    const { rows } = await open(url).execute<{ n: number }>(sql`select count(*)::int as n from votes`);
    expect(rows).toEqual([{ n: 0 }]);
  });

  it('fails without repeating the words of people', async () => {
    const db = open(await server.fresh());
    const failed = await db.execute(sql`insert into nowhere values (${'the words of Ada'})`).catch((error) => error);
    expect(failed).toBeInstanceOf(DatabaseError);
    expect(failed.remedy).not.toBe('');
    for (let error = failed; error instanceof Error; error = error.cause) {
      expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toContain('Ada');
    }
  });

  it('says what to do when it is down or refuses', async () => {
    const down = `postgres://ada@127.0.0.1:${await freePort()}/none`;
    await expect(migrateDatabase(down)).rejects.toMatchObject({
      code: 'DATABASE_DOWN',
      remedy: expect.stringContaining('DATABASE_URL'),
    });
    const refused = new URL(await server.fresh());
    refused.password = 'guessed';
    await expect(migrateDatabase(refused.href)).rejects.toMatchObject({ code: 'DATABASE_REFUSED' });
  });

  it('gives back a connection that broke before its transaction began', async () => {
    const db = openDatabase(await server.fresh(), quiet);
    db.$client.once('connect', (client) => {
      client.query('select pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
    });
    await db.transaction((tx) => tx.execute(sql`select 1`));
    expect(db.$client.totalCount).toBe(1);
    await closeDatabase(db);
  });

  it('repeats a transaction whose connection was cut', async () => {
    const url = await server.fresh();
    const db = open(url);
    await db.execute(sql`create table kept (n int)`);
    let tries = 0;
    const pid = await db.transaction(async (tx) => {
      tries += 1;
      await tx.execute(sql`insert into kept values (1)`);
      const { rows } = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
      if (tries === 1) {
        const killer = new pg.Client({ connectionString: url });
        await killer.connect();
        await killer.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
        await killer.end();
      }
      await tx.execute(sql`insert into kept values (2)`);
      return rows[0]?.pid;
    });
    expect([tries, typeof pid]).toEqual([2, 'number']);
    expect((await db.execute(sql`select n from kept order by n`)).rows).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('keeps notes of any length, each once for its question, the newest first', async () => {
    const store = await openTestStore(await server.fresh());
    onTestFinished(() => store.close());
    const { questionId } = await store.loop.ask(questionOf('notes'));
    const workspaceId = (await localWorkspaceId(store.db)) ?? '';
    const notes = createNoteStore(store.db);
    const long = Array.from({ length: 4_000 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * 7919) % 20_000))).join('');
    for (const text of ['the printer is on floor 2', long, long])
      await notes.remember(workspaceId, { text, questionId });
    expect((await notes.list(workspaceId)).map((note) => note.text)).toEqual([long, 'the printer is on floor 2']);
    expect(await notes.list('00000000-0000-0000-0000-000000000000')).toEqual([]);
  });
});
