import {
  bigserial,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import { bytea, moment } from './columns.ts';
import { workspaces } from './schema-people.ts';

export const trainingRuns = pgTable(
  'training_runs',
  {
    id: uuid('id').primaryKey(),
    workspaceId: uuid('workspace_id')
      .notNull()
      .references(() => workspaces.id),
    kind: text('kind', { enum: ['retrain', 'practice'] }).notNull(),
    status: text('status', { enum: ['queued', 'running', 'done', 'skipped', 'failed', 'cancelled'] }).notNull(),
    /** Why it ended as it did, for people. */
    reason: text('reason'),
    config: jsonb('config').notNull(),
    worker: text('worker'),
    epoch: integer('epoch').notNull().default(0),
    createdAt: moment('created_at').notNull().defaultNow(),
    startedAt: moment('started_at'),
    endedAt: moment('ended_at'),
  },
  (t) => [index('training_runs_workspace').on(t.workspaceId, t.createdAt)],
);

export const trainingSteps = pgTable(
  'training_steps',
  {
    runId: uuid('run_id')
      .notNull()
      .references(() => trainingRuns.id),
    step: integer('step').notNull(),
    metrics: jsonb('metrics').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.step] })],
);

/** Immutable policy versions, numbered within their workspace; 0 is the base model and has no row. */
export const policies = pgTable(
  'policies',
  {
    workspaceId: uuid('workspace_id')
      .notNull()
      .references(() => workspaces.id),
    version: integer('version').notNull(),
    parent: integer('parent').notNull(),
    baseModel: text('base_model').notNull(),
    kind: text('kind', { enum: ['lora', 'full'] }).notNull(),
    /** `candidate` until a gate or `--force` decides; `live` and `promoted` follow from the promotions. */
    verdict: text('verdict', { enum: ['candidate', 'passed', 'refused', 'retired'] }).notNull(),
    reason: text('reason'),
    runId: uuid('run_id').references(() => trainingRuns.id),
    config: jsonb('config').notNull(),
    /** `[{ file, bytes, sha256 }]` of the whole files whose chunks are in `policy_weights`. */
    files: jsonb('files').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.version] })],
);

/** A policy's files in chunks, so that a worker on another machine needs nothing but the database. */
export const policyWeights = pgTable(
  'policy_weights',
  {
    workspaceId: uuid('workspace_id').notNull(),
    version: integer('version').notNull(),
    file: text('file').notNull(),
    chunk: integer('chunk').notNull(),
    bytes: bytea('bytes').notNull(),
    /** Of this chunk, in hexadecimal. */
    sha256: text('sha256').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.version, t.file, t.chunk] }),
    foreignKey({
      columns: [t.workspaceId, t.version],
      foreignColumns: [policies.workspaceId, policies.version],
      name: 'policy_weights_policy',
    }),
  ],
);

/** Append-only: the workspace's last row names the live version; a rollback is one more row. */
export const promotions = pgTable(
  'promotions',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    workspaceId: uuid('workspace_id')
      .notNull()
      .references(() => workspaces.id),
    version: integer('version').notNull(),
    reason: text('reason').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (t) => [index('promotions_workspace').on(t.workspaceId, t.id)],
);

export const evaluations = pgTable(
  'evaluations',
  {
    id: uuid('id').primaryKey(),
    workspaceId: uuid('workspace_id')
      .notNull()
      .references(() => workspaces.id),
    policyVersion: integer('policy_version').notNull(),
    runId: uuid('run_id').references(() => trainingRuns.id),
    benchmark: text('benchmark').notNull(),
    seed: integer('seed').notNull(),
    correct: integer('correct').notNull(),
    total: integer('total').notNull(),
    toolErrorRate: doublePrecision('tool_error_rate').notNull(),
    meanTurns: doublePrecision('mean_turns').notNull(),
    details: jsonb('details').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (t) => [index('evaluations_policy').on(t.workspaceId, t.policyVersion)],
);
