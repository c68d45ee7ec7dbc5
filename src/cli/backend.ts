import type { Config } from '../config.ts';
import { within } from '../db/client.ts';
import { closeDatabase, type Db, migrateDatabase, openDatabase } from '../db/database.ts';
import { ownWorkspaceId } from '../db/place-queries.ts';
import { openProgressChannel } from '../db/progress-channel.ts';
import type { ChatDesk } from '../domain/chat.ts';
import type { Loop } from '../domain/ports.ts';
import type { Log } from '../log.ts';
import { createDesk } from '../loop/desk.ts';
import { createLoop, type LoopSetting } from '../loop/loop.ts';
import { openAnswerQueue, openTrainQueue } from '../queue/queues.ts';
import { keptSecretKeys } from './secret-keys.ts';

/** A pool waits for the queries that are out; a server that fell silent never answers them. */
const CLOSE_MS = 5_000;

/** Database, queue and the use cases over them. */
export interface Backend {
  readonly db: Db;
  readonly loop: Loop;
  readonly desk: ChatDesk;
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
    const address = { databaseUrl, redisUrl: config.redisUrl ?? undefined };
    const queue = await openAnswerQueue(address, log);
    opened.push(() => queue.close());
    const training = await openTrainQueue(address, log);
    opened.push(() => training.close());
    const channel = await openProgressChannel(databaseUrl, log);
    opened.push(() => channel.close());
    const setting = { db, queue, training, channel, log };
    return {
      db,
      setting,
      loop: createLoop(setting),
      desk: createDesk(setting, () => keptSecretKeys(config.home, config.secretKeys)),
      localWorkspaceId: () => ownWorkspaceId(db),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
