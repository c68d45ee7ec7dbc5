import { sql } from 'drizzle-orm';
import {
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Delivery, PostedMessage } from '../../domain/chat.ts';
import { bytes } from './bytes.ts';
import { workspaces } from './people.ts';
import { questions } from './questions.ts';
import { trainingRuns } from './training.ts';

/** What is to be posted to a platform: written with the event itself, so that nothing is lost and nothing posted twice. */
export const outbox = pgTable(
  'outbox',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    platform: text().notNull(),
    /** null for a report. */
    questionId: uuid().references(() => questions.id),
    /** The run that a report is of. */
    runId: uuid().references(() => trainingRuns.id),
    kind: text().$type<Delivery['kind']>().notNull(),
    payload: jsonb().$type<{ readonly text: string }>().notNull(),
    /** Processes that have claimed it so far. */
    attempts: integer().notNull().default(0),
    firstTriedAt: timestamp({ withTimezone: true }),
    /** A claim that is not renewed ends at this time, so that another process takes over. */
    claimedUntil: timestamp({ withTimezone: true }),
    /** After a failure: not before this time. */
    nextTryAt: timestamp({ withTimezone: true }),
    deliveredAt: timestamp({ withTimezone: true }),
    /** Why it will never be delivered. */
    failure: text(),
    failedAt: timestamp({ withTimezone: true }),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    unique().on(table.questionId, table.kind),
    uniqueIndex('outbox_one_a_run').on(table.runId),
    index('outbox_waiting')
      .on(table.platform, table.createdAt)
      .where(sql`${table.deliveredAt} is null and ${table.failure} is null`),
    index('outbox_undeliverable').on(table.workspaceId, table.failedAt).where(sql`${table.failure} is not null`),
  ],
);

/** Messages that adapters posted. */
export const posts = pgTable(
  'posts',
  {
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    platform: text().notNull(),
    /** The platform's name of the message. */
    message: text().notNull(),
    kind: text().$type<PostedMessage['kind']>().notNull(),
    part: integer().notNull(),
    /** The question that it was posted for. */
    questionId: uuid().references(() => questions.id),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.platform, table.message] }),
    index().on(table.questionId),
    index().on(table.workspaceId, table.kind, table.createdAt),
  ],
);

/** How far adapters have read. */
export const readPositions = pgTable(
  'read_positions',
  {
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    platform: text().notNull(),
    place: text().notNull(),
    position: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.platform, table.place] })],
);

/** What installing in a workspace gave: tokens, sealed with a key that the database does not hold. */
export const installations = pgTable(
  'installations',
  {
    platform: text().notNull(),
    /** The platform's name of the workspace. */
    workspace: text().notNull(),
    /** Which key it was sealed with. */
    keyId: text().notNull(),
    sealed: bytes().notNull(),
    updatedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.platform, table.workspace] })],
);

export const notes = pgTable(
  'notes',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    text: text().notNull(),
    /** The question that asked to remember it: asked again after a crash, it is not stored twice. */
    questionId: uuid().references(() => questions.id),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    // Of the digest: an index entry holds less than a note may.
    uniqueIndex('notes_question_digest').on(table.questionId, sql`md5(${table.text})`),
    index().on(table.workspaceId, table.createdAt),
  ],
);

/** A heartbeat of each running role. */
export const instances = pgTable('instances', {
  id: uuid().primaryKey(),
  role: text().$type<'chat' | 'worker'>().notNull(),
  name: text().notNull(),
  seenAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
});
