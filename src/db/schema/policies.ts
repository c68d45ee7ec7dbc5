import {
  bigserial,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { bytes } from './bytes.ts';
import { workspaces } from './people.ts';

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
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.version] }),
    // A run that goes on after a crash makes no second candidate.
    uniqueIndex('policies_one_a_run').on(table.runId),
  ],
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
    /** The run whose gate let it through; null when a person did it. */
    runId: uuid(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    index().on(table.workspaceId, table.id),
    // A run that goes on after a crash promotes once.
    uniqueIndex('promotions_one_a_run').on(table.runId),
  ],
);

/** What a gate measured of a version; `details` holds the paired comparison. */
export const evaluations = pgTable(
  'evaluations',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    policyVersion: integer().notNull(),
    runId: uuid(),
    benchmark: text().notNull(),
    accuracy: doublePrecision().notNull(),
    correct: integer().notNull(),
    total: integer().notNull(),
    details: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [uniqueIndex('evaluations_one_a_run').on(table.runId, table.policyVersion, table.benchmark)],
);
