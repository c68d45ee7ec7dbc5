import type { Config } from '../config.ts';
import { within } from '../db/client.ts';
import { closeDatabase, type Db, migrateDatabase, openDatabase } from '../db/database.ts';
import { localWorkspaceId } from '../db/place-queries.ts';
import { openProgressChannel } from '../db/progress-channel.ts';
import type { Loop } from '../domain/ports.ts';
import type { Log } from '../log.ts';
import { createLoop, type LoopSetting } from '../loop/loop.ts';
import { openAnswerQueue } from '../queue/answer-queue.ts';

/** A pool whose connection broke at the wrong moment never says that it has ended. */
const CLOSE_MS = 5_000;

/** Names no row: the workspace of this machine before anything was asked. */
const NO_WORKSPACE = '00000000-0000-0000-0000-000000000000';

/** Database, queue and the use cases over them. */
export interface Backend {
  readonly db: Db;
  readonly loop: Loop;
  readonly setting: LoopSetting;
  localWorkspaceId(): Promise<string>;
  close(): Promise<void>;
}

/** Connects, brings the schema up to date, and opens the loop. @throws DatabaseError, QueueError */
export async function openBackend(databaseUrl: string, config: Config, log: Log): Promise<Backend> {
  await migrateDatabase(databaseUrl);
  const db = openDatabase(databaseUrl, log);
  const opened: (() => Promise<void>)[] = [() => closeDatabase(db)];
  const close = async () => {
    for (const end of opened.reverse()) {
      await within(CLOSE_MS, 'closing', end()).catch((error: unknown) =>
        log.warn({ err: error }, 'could not be closed'),
      );
    }
  };
  try {
    const queue = await openAnswerQueue({ databaseUrl, redisUrl: config.redisUrl ?? undefined }, log);
    opened.push(() => queue.close());
    const channel = await openProgressChannel(databaseUrl, log);
    opened.push(() => channel.close());
    const setting = { db, queue, channel, log };
    return {
      db,
      setting,
      loop: createLoop(setting),
      localWorkspaceId: async () => (await localWorkspaceId(db)) ?? NO_WORKSPACE,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
