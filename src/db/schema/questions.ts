import { sql } from 'drizzle-orm';
import {
  bigserial,
  boolean,
  index,
  integer,
  pgTable,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { QuestionStatus } from '../../domain/question.ts';
import { people, workspaces } from './people.ts';

export const conversations = pgTable(
  'conversations',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    platform: text().notNull(),
    /** The platform's name of the conversation. */
    key: text().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [unique().on(table.workspaceId, table.platform, table.key)],
);

export const questions = pgTable(
  'questions',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    conversationId: uuid()
      .notNull()
      .references(() => conversations.id),
    personId: uuid()
      .notNull()
      .references(() => people.id),
    platform: text().notNull(),
    /** The platform's name of the message: a message is one question, however often it is delivered. */
    key: text().notNull(),
    text: text().notNull(),
    status: text().$type<QuestionStatus>().notNull().default('open'),
    isDirect: boolean().notNull().default(false),
    /** A policy version that was asked for by name. */
    requestedPolicy: integer(),
    /** Why it failed. */
    failure: text(),
    /** The order of asking, within a conversation and overall. */
    position: bigserial({ mode: 'number' }).notNull(),
    askedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    endedAt: timestamp({ withTimezone: true }),
  },
  (table) => [
    unique().on(table.workspaceId, table.platform, table.key),
    index().on(table.conversationId, table.position),
    index().on(table.workspaceId, table.askedAt),
    uniqueIndex('questions_open').on(table.position).where(sql`${table.status} = 'open'`),
  ],
);
