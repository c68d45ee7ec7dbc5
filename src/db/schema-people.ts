import { boolean, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';

/** A Slack team, a Discord guild, or the one workspace of console and HTTP. */
export const workspaces = pgTable(
  'workspaces',
  {
    id: uuid('id').primaryKey(),
    platform: text('platform').notNull(),
    key: text('key').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (t) => [uniqueIndex('workspaces_platform_key').on(t.platform, t.key)],
);

export const people = pgTable(
  'people',
  {
    id: uuid('id').primaryKey(),
    workspaceId: uuid('workspace_id')
      .notNull()
      .references(() => workspaces.id),
    platform: text('platform').notNull(),
    key: text('key').notNull(),
    name: text('name').notNull(),
    /** Whether direct messages may be trained on. */
    trainOnDirect: boolean('train_on_direct').notNull().default(false),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (t) => [uniqueIndex('people_workspace_platform_key').on(t.workspaceId, t.platform, t.key)],
);

export const conversations = pgTable(
  'conversations',
  {
    id: uuid('id').primaryKey(),
    workspaceId: uuid('workspace_id')
      .notNull()
      .references(() => workspaces.id),
    platform: text('platform').notNull(),
    key: text('key').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (t) => [uniqueIndex('conversations_workspace_platform_key').on(t.workspaceId, t.platform, t.key)],
);
