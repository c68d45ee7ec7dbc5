import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { closeDatabase, type Db, migrateDatabase, openDatabase } from '../../src/db/database.ts';
import { databaseFolder, postgresOwner } from '../../src/db/embedded/place.ts';
import { type EmbeddedServer, startEmbedded } from '../../src/db/embedded/server.ts';
import { beat, runningRoles } from '../../src/db/instance-queries.ts';
import { startOwner } from './processes.ts';
import { quiet } from './test-store.ts';

const isRoot = process.getuid?.() === 0;
const opened: EmbeddedServer[] = [];

async function start(home: string): Promise<EmbeddedServer> {
  const server = await startEmbedded(home, quiet);
  opened.push(server);
  return server;
}

let template = '';
beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), 'foursight-home-'));
  await chmod(template, 0o711);
  const server = await startEmbedded(template, quiet);
  await fill(server.url);
  await server.close();
}, 120_000);
afterAll(() => rm(template, { recursive: true, force: true }));

/** A home whose database was filled and closed; making one takes longer than all else in these tests. */
async function usedHome(): Promise<string> {
  const home = await newHome();
  execFileSync('cp', ['-a', `${template}/.`, home]);
  return home;
}

/** A folder that is removed after the test; `reachable` by the user that Postgres runs as when we are root. */
async function newHome(reachable = true): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'foursight-home-'));
  if (reachable) await chmod(home, 0o711);
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  return home;
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const fill = (url: string) => query(url, 'create table kept as select generate_series(1, 1000) as n');
const count = async (url: string) => Number((await query(url, 'select count(*) as n from kept'))[0]?.n);

function isAlive(pid: unknown): boolean {
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch {
    return false;
  }
}

afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
});

describe('the embedded database', { timeout: 120_000 }, () => {
  it('keeps its data from one start to the next, its password to its user, and its port to loopback', async () => {
    const home = await usedHome();
    const first = await start(home);
    await query(first.url, 'insert into kept values (0)');
    await first.close();
    const second = await start(home);
    expect(await count(second.url)).toBe(1_001);
    expect((await stat(join(second.folder, 'postgres-password'))).mode & 0o777).toBe(0o600);
    const stranger = new URL(second.url);
    stranger.password = 'guessed';
    await expect(query(stranger.href, 'select 1')).rejects.toThrow(/password/);
    expect(stranger.hostname).toBe('127.0.0.1');
  });

  it('comes back at the same address after kill -9, and queries wait for it', async () => {
    const server = await start(await usedHome());
    const db = openDatabase(server.url, quiet);
    onTestFinished(() => db.$client.end());
    await db.execute(sql`select 1`);
    const pid = server.pid() ?? 0;
    process.kill(pid, 'SIGKILL');
    const { rows } = await db.execute<{ n: number }>(sql`select count(*)::int as n from kept`);
    expect(rows).toEqual([{ n: 1_000 }]);
    await vi.waitFor(() => expect(server.pid()).not.toBe(pid), { timeout: 30_000 });
  });

  it('leaves no server behind when it is closed while it starts again', async () => {
    const server = await start(await usedHome());
    const pid = server.pid() ?? 0;
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000, interval: 1 });
    await new Promise(setImmediate);
    await server.close();
    expect(isAlive(server.pid())).toBe(false);
    await expect(query(server.url, 'select 1')).rejects.toThrow('ECONNREFUSED');
  });

  it('takes no role for running that was last seen before it started', async () => {
    const home = await usedHome();
    const first = await start(home);
    await migrateDatabase(first.url);
    const id = '00000000-0000-4000-8000-000000000001';
    const roles = async (url: string, work: (db: Db) => Promise<void> = async () => undefined) => {
      const db = openDatabase(url, quiet);
      await work(db);
      const running = await runningRoles(db);
      await closeDatabase(db);
      return running.map(({ role }) => role);
    };
    const isSeen = (db: Db) => beat(db, { id, role: 'worker', name: 'w' });
    expect(await roles(first.url, isSeen)).toEqual(['worker']);
    await first.close();
    const { url } = await start(home);
    expect(await roles(url)).toEqual([]);
    expect(await roles(url, isSeen)).toEqual(['worker']);
  });

  it('is taken over from an owner that was killed, and from one killed together with its server', async () => {
    const home = await usedHome();
    const owner = await startOwner('embedded', home);
    await owner.kill();
    expect(isAlive(owner.said.pid)).toBe(true);
    const server = await start(home);
    expect(isAlive(owner.said.pid)).toBe(false);
    expect(await count(server.url)).toBe(1_000);
    await server.close();

    const another = await startOwner('embedded', home);
    await query(String(another.said.url), 'insert into kept select generate_series(1, 500)');
    process.kill(Number(another.said.pid), 'SIGKILL');
    await another.kill();
    expect(await count((await start(home)).url)).toBe(1_500);
  });

  it('does not take another process, which got the number of a dead server, for it', async () => {
    const home = await usedHome();
    const server = await start(home);
    process.kill(server.pid() ?? 0, 'SIGKILL');
    await server.close();
    await writeFile(join(home, 'postgres', 'postmaster.pid'), `${process.pid}\n${home}/postgres\n0\n1\n\n127.0.0.1\n`);
    expect(await count((await start(home)).url)).toBe(1_000);
  });

  it.skipIf(!isRoot)(
    'runs for root under a home that its user cannot reach, each home with data of its own',
    async () => {
      const [home, another] = [await newHome(false), await newHome(false)];
      const server = await start(home);
      onTestFinished(() => rm(server.folder, { recursive: true, force: true }));
      expect(server.folder.startsWith(home)).toBe(false);
      await fill(server.url);
      await server.close();
      const again = await start(home);
      expect(again.folder).toBe(server.folder);
      expect(await count(again.url)).toBe(1_000);
      const other = await databaseFolder(another, postgresOwner());
      onTestFinished(() => rm(other, { recursive: true, force: true }));
      expect([home, another, server.folder]).not.toContain(other);
    },
  );

  it.skipIf(!isRoot)('runs for a user who is not root, and root can go on with that data', async () => {
    const home = await newHome(true);
    const user = { uid: 1, gid: 1 }; // daemon: initdb refuses a user without a name
    await chown(home, user.uid, user.gid);
    const owner = await startOwner('embedded', home, user);
    expect(owner.said.folder).toBe(home);
    await fill(String(owner.said.url));
    await owner.kill();
    const server = await start(home);
    expect(await count(server.url)).toBe(1_000);
    expect((await stat(join(home, 'postgres', 'PG_VERSION'))).uid).toBe(user.uid);
  });

  it('says what to do about data that is damaged or of another version', async () => {
    const home = await usedHome();
    await writeFile(join(home, 'postgres', 'PG_VERSION'), '12\n');
    await expect(startEmbedded(home, quiet)).rejects.toMatchObject({ code: 'DATABASE_VERSION' });
    await writeFile(join(home, 'postgres', 'PG_VERSION'), '18\n');
    await truncate(join(home, 'postgres', 'global', 'pg_control'), 100);
    await expect(startEmbedded(home, quiet)).rejects.toMatchObject({
      code: 'DATABASE_CORRUPT',
      remedy: expect.stringContaining('backup'),
    });
  });

  it.skipIf(!isRoot)('says that the disk is full, and begins once there is room (a mount needs root)', async () => {
    const home = await newHome();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m,mode=711', 'tmpfs', home]);
    onTestFinished(() => void execFileSync('umount', ['-l', home]));
    await expect(startEmbedded(home, quiet)).rejects.toMatchObject({ code: 'DISK_FULL' });
    execFileSync('mount', ['-o', 'remount,size=200m', home]);
    await fill((await start(home)).url);
    await opened.pop()?.close();
  });
});
