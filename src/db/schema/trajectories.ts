import { sql } from 'drizzle-orm';
import {
  doublePrecision,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { StopReason, TrajectoryKind, Verdict } from '../../domain/trajectory.ts';
import { people } from './people.ts';
import { questions } from './questions.ts';

export const trajectories = pgTable(
  'trajectories',
  {
    id: uuid().primaryKey(),
    questionId: uuid()
      .notNull()
      .references(() => questions.id),
    kind: text().$type<TrajectoryKind>().notNull(),
    policyVersion: integer().notNull(),
    /** Grows with every worker that takes the trajectory over; a write of an earlier one is refused. */
    epoch: integer().notNull().default(1),
    worker: text().notNull(),
    stopReason: text().$type<StopReason>(),
    startedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    endedAt: timestamp({ withTimezone: true }),
  },
  (table) => [uniqueIndex('trajectories_one_live').on(table.questionId).where(sql`${table.kind} = 'live'`)],
);

export const turns = pgTable(
  'turns',
  {
    trajectoryId: uuid()
      .notNull()
      .references(() => trajectories.id),
    turn: integer().notNull(),
    subGoal: text().notNull(),
    tool: text().notNull(),
    command: text().notNull(),
    result: text().notNull(),
    error: text(),
    verdict: text().$type<Verdict>().notNull(),
    reason: text().notNull(),
    ms: doublePrecision().notNull(),
    /** What the planner read and wrote; null when it was no model. */
    promptIds: integer().array(),
    actionIds: integer().array(),
    logprobs: doublePrecision().array(),
    temperature: doublePrecision(),
  },
  (table) => [primaryKey({ columns: [table.trajectoryId, table.turn] })],
);

export const answers = pgTable('answers', {
  id: uuid().primaryKey(),
  questionId: uuid()
    .notNull()
    .unique()
    .references(() => questions.id),
  trajectoryId: uuid()
    .notNull()
    .references(() => trajectories.id),
  text: text().notNull(),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
});

export const votes = pgTable(
  'votes',
  {
    id: uuid().primaryKey(),
    answerId: uuid()
      .notNull()
      .references(() => answers.id),
    personId: uuid()
      .notNull()
      .references(() => people.id),
    trajectoryId: uuid()
      .notNull()
      .references(() => trajectories.id),
    policyVersion: integer().notNull(),
    /** 1, −1, or 0 when it was retracted. */
    value: smallint().notNull(),
    reason: text(),
    /** How it was given first; null when nobody said. */
    means: text().$type<'reaction' | 'button'>(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    changedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [unique().on(table.answerId, table.personId)],
);
