import {
  bigserial,
  customType,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import { workspaces } from './people.ts';

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** Immutable policy versions. Version 0, the base model itself, has no row. */
export const policies = pgTable(
  'policies',
  {
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    version: integer().notNull(),
    parent: integer().notNull(),
    baseModel: text().notNull(),
    kind: text().$type<'lora' | 'full'>().notNull(),
    /** What its gate said: `candidate` until it has been through, then `passed` or `refused`. */
    gate: text().$type<'candidate' | 'passed' | 'refused'>().notNull(),
    runId: uuid(),
    settings: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.version] })],
);

/** A version's weights in pieces, in order. */
export const policyWeights = pgTable(
  'policy_weights',
  {
    workspaceId: uuid().notNull(),
    version: integer().notNull(),
    chunk: integer().notNull(),
    bytes: bytes().notNull(),
    sha256: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.version, table.chunk] })],
);

/** Append-only: the last row of a workspace names the live version. */
export const promotions = pgTable(
  'promotions',
  {
    id: bigserial({ mode: 'number' }).primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    version: integer().notNull(),
    reason: text().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index().on(table.workspaceId, table.id)],
);

export const trainingRuns = pgTable('training_runs', {
  id: uuid().primaryKey(),
  workspaceId: uuid()
    .notNull()
    .references(() => workspaces.id),
  kind: text().$type<'retrain' | 'practice'>().notNull(),
  status: text().$type<'running' | 'done' | 'failed' | 'no update'>().notNull(),
  reason: text(),
  parent: integer().notNull(),
  version: integer(),
  settings: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
  startedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  endedAt: timestamp({ withTimezone: true }),
});

export const trainingSteps = pgTable(
  'training_steps',
  {
    runId: uuid()
      .notNull()
      .references(() => trainingRuns.id),
    step: integer().notNull(),
    metrics: jsonb().$type<Readonly<Record<string, number>>>().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.step] })],
);

export const evaluations = pgTable('evaluations', {
  id: uuid().primaryKey(),
  workspaceId: uuid()
    .notNull()
    .references(() => workspaces.id),
  policyVersion: integer().notNull(),
  benchmark: text().notNull(),
  accuracy: doublePrecision().notNull(),
  correct: integer().notNull(),
  total: integer().notNull(),
  details: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
});
