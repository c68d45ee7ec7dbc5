import { integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';

/** One row for each role of each running process, renewed every few seconds. */
export const instances = pgTable('instances', {
  id: uuid('id').primaryKey(),
  role: text('role', { enum: ['chat', 'worker'] }).notNull(),
  host: text('host').notNull(),
  pid: integer('pid').notNull(),
  startedAt: moment('started_at').notNull().defaultNow(),
  seenAt: moment('seen_at').notNull().defaultNow(),
});
