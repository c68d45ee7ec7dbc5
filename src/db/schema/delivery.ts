import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, timestamp, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { workspaces } from './people.ts';
import { questions } from './questions.ts';

/** What is to be posted to a platform: written with the event itself, so that nothing is lost and nothing posted twice. */
export const outbox = pgTable(
  'outbox',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    platform: text().notNull(),
    questionId: uuid()
      .notNull()
      .references(() => questions.id),
    kind: text().$type<'answer' | 'failure'>().notNull(),
    payload: jsonb().$type<{ readonly text: string }>().notNull(),
    attempts: integer().notNull().default(0),
    /** A claim ends at this time, so that another process takes over. */
    claimedUntil: timestamp({ withTimezone: true }),
    deliveredAt: timestamp({ withTimezone: true }),
    /** Why it will never be delivered. */
    failure: text(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [unique().on(table.questionId, table.kind), index().on(table.platform, table.deliveredAt)],
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
