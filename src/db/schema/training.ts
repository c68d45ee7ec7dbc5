import { sql } from 'drizzle-orm';
import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { RunKind, RunReport, RunStatus, StepMetrics } from '../../domain/training.ts';
import { bytes } from './bytes.ts';
import { workspaces } from './people.ts';
import { votes } from './trajectories.ts';

/** A run of training. One at a time in a workspace: the index refuses another while one is open. */
export const trainingRuns = pgTable(
  'training_runs',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    kind: text().$type<RunKind>().notNull(),
    status: text().$type<RunStatus>().notNull(),
    /** Why it ended as it did. */
    reason: text(),
    /** The version that training starts from. */
    parent: integer().notNull(),
    /** The candidate that it made. */
    version: integer(),
    settings: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
    /** What it was trained on and what its gate said. */
    report: jsonb().$type<RunReport>().notNull().default({}),
    /** Grows with every worker that takes the run over; a write of an earlier one is refused. */
    epoch: integer().notNull().default(0),
    /** Workers that have taken it since it last got on. */
    claims: integer().notNull().default(0),
    worker: text(),
    /** Somebody wants it to end with what it has learnt. */
    stopAsked: boolean().notNull().default(false),
    startedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    endedAt: timestamp({ withTimezone: true }),
  },
  (table) => [
    uniqueIndex('training_runs_one_open').on(table.workspaceId).where(sql`${table.status} in ('queued', 'running')`),
    index().on(table.workspaceId, table.startedAt),
  ],
);

export const trainingSteps = pgTable(
  'training_steps',
  {
    runId: uuid()
      .notNull()
      .references(() => trainingRuns.id),
    step: integer().notNull(),
    metrics: jsonb().$type<StepMetrics>().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.step] })],
);

/** Where an open run goes on after its worker was lost: its last step, whole. */
export const trainingCheckpoints = pgTable('training_checkpoints', {
  runId: uuid()
    .primaryKey()
    .references(() => trainingRuns.id),
  step: integer().notNull(),
  position: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
});

export const trainingCheckpointChunks = pgTable(
  'training_checkpoint_chunks',
  {
    runId: uuid()
      .notNull()
      .references(() => trainingRuns.id),
    chunk: integer().notNull(),
    bytes: bytes().notNull(),
    sha256: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.chunk] })],
);

/** The votes that a run trains on, as they stood when it began. */
export const runVotes = pgTable(
  'run_votes',
  {
    runId: uuid()
      .notNull()
      .references(() => trainingRuns.id),
    voteId: uuid()
      .notNull()
      .references(() => votes.id),
    value: smallint().notNull(),
    /** The vote's: one that was changed later has another and is eligible again. */
    changedAt: timestamp({ withTimezone: true }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.voteId] }), index().on(table.voteId)],
);
