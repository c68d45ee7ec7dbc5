import { sql } from 'drizzle-orm';
import {
  bigserial,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';
import { conversations, people, workspaces } from './schema-people.ts';

export const questions = pgTable(
  'questions',
  {
    id: uuid('id').primaryKey(),
    /** The order of asking: taken while the conversation's row is locked, so it is the order of commits within one. */
    seq: bigserial('seq', { mode: 'number' }).notNull(),
    platform: text('platform').notNull(),
    /** The platform's name of the message. */
    key: text('key').notNull(),
    workspaceId: uuid('workspace_id')
      .notNull()
      .references(() => workspaces.id),
    conversationId: uuid('conversation_id')
      .notNull()
      .references(() => conversations.id),
    personId: uuid('person_id')
      .notNull()
      .references(() => people.id),
    text: text('text').notNull(),
    status: text('status', { enum: ['open', 'answered', 'cancelled', 'failed'] })
      .notNull()
      .default('open'),
    /** Grows with every worker that takes the question: a write with an older one is refused. */
    epoch: integer('epoch').notNull().default(0),
    /** A version asked for instead of the live one. */
    policyVersion: integer('policy_version'),
    isDirect: boolean('is_direct').notNull().default(false),
    /** `posted`: the answer goes to the platform through the outbox; `watched`: whoever asked reads it. */
    delivery: text('delivery', { enum: ['watched', 'posted'] })
      .notNull()
      .default('watched'),
    /** Why it failed, for people. */
    failure: text('failure'),
    askedAt: moment('asked_at').notNull().defaultNow(),
    endedAt: moment('ended_at'),
  },
  (t) => [
    uniqueIndex('questions_platform_key').on(t.platform, t.key),
    index('questions_open').on(t.conversationId, t.seq).where(sql`status = 'open'`),
    index('questions_conversation').on(t.conversationId, t.seq),
    check('questions_status', sql`${t.status} in ('open', 'answered', 'cancelled', 'failed')`),
  ],
);

/** One run of the flow; its policy version never changes. */
export const trajectories = pgTable(
  'trajectories',
  {
    id: uuid('id').primaryKey(),
    workspaceId: uuid('workspace_id')
      .notNull()
      .references(() => workspaces.id),
    questionId: uuid('question_id').references(() => questions.id),
    kind: text('kind', { enum: ['live', 'rollout', 'eval'] }).notNull(),
    policyVersion: integer('policy_version').notNull(),
    /** The training run or evaluation that made it; null for a live one. */
    runId: uuid('run_id'),
    worker: text('worker').notNull(),
    stopReason: text('stop_reason'),
    /** The final answer of a rollout or an evaluation; a live one's is in `answers`. */
    outcome: text('outcome'),
    reward: doublePrecision('reward'),
    startedAt: moment('started_at').notNull().defaultNow(),
    endedAt: moment('ended_at'),
  },
  (t) => [
    uniqueIndex('trajectories_live').on(t.questionId).where(sql`kind = 'live'`),
    index('trajectories_run').on(t.runId),
  ],
);

/** One planner action with its command, result and verdict, and the planner's tokens as training needs them. */
export const turns = pgTable(
  'turns',
  {
    trajectoryId: uuid('trajectory_id')
      .notNull()
      .references(() => trajectories.id),
    turn: integer('turn').notNull(),
    subGoal: text('sub_goal').notNull(),
    tool: text('tool').notNull(),
    command: text('command').notNull(),
    result: text('result').notNull(),
    error: text('error'),
    verdict: text('verdict', { enum: ['continue', 'stop'] }).notNull(),
    reason: text('reason').notNull(),
    ms: doublePrecision('ms').notNull(),
    promptIds: integer('prompt_ids').array(),
    actionIds: integer('action_ids').array(),
    logprobs: doublePrecision('logprobs').array(),
    temperature: doublePrecision('temperature'),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.trajectoryId, t.turn] })],
);

export const answers = pgTable('answers', {
  id: uuid('id').primaryKey(),
  questionId: uuid('question_id')
    .notNull()
    .unique()
    .references(() => questions.id),
  trajectoryId: uuid('trajectory_id')
    .notNull()
    .unique()
    .references(() => trajectories.id),
  text: text('text').notNull(),
  stopReason: text('stop_reason').notNull(),
  /** From the moment of asking to the answer. */
  ms: doublePrecision('ms').notNull(),
  createdAt: moment('created_at').notNull().defaultNow(),
});

/** Everything that is to be posted to a platform, once for each question. */
export const outbox = pgTable(
  'outbox',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    platform: text('platform').notNull(),
    questionId: uuid('question_id')
      .notNull()
      .unique()
      .references(() => questions.id),
    answerId: uuid('answer_id').references(() => answers.id),
    text: text('text').notNull(),
    attempts: integer('attempts').notNull().default(0),
    /** A claim ends here, so that a killed poster's rows are taken by another. */
    claimedUntil: moment('claimed_until'),
    postedAt: moment('posted_at'),
    /** The platform's name of the posted message: reactions to it are votes. */
    message: text('message'),
    error: text('error'),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (t) => [
    index('outbox_unposted').on(t.platform, t.id).where(sql`posted_at is null`),
    index('outbox_message').on(t.platform, t.message),
  ],
);

/** One person's vote on one answer, tied to the trajectory and the policy version that made it. */
export const votes = pgTable(
  'votes',
  {
    answerId: uuid('answer_id')
      .notNull()
      .references(() => answers.id),
    personId: uuid('person_id')
      .notNull()
      .references(() => people.id),
    vote: smallint('vote').notNull(),
    reason: text('reason'),
    trajectoryId: uuid('trajectory_id')
      .notNull()
      .references(() => trajectories.id),
    policyVersion: integer('policy_version').notNull(),
    platform: text('platform').notNull(),
    /** The platform's name of the message that was voted on: the posted answer's, or the question's when none was posted. */
    message: text('message').notNull(),
    votedAt: moment('voted_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.answerId, t.personId] }),
    index('votes_trajectory').on(t.trajectoryId),
    check('votes_vote', sql`${t.vote} in (-1, 1)`),
  ],
);

export const notes = pgTable(
  'notes',
  {
    id: uuid('id').primaryKey(),
    workspaceId: uuid('workspace_id')
      .notNull()
      .references(() => workspaces.id),
    questionId: uuid('question_id').references(() => questions.id),
    text: text('text').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (t) => [
    index('notes_workspace').on(t.workspaceId, t.createdAt),
    // A turn that is run again after a crash remembers nothing twice; texts can be longer than an index entry.
    uniqueIndex('notes_question_text').on(t.questionId, sql`md5(text)`),
  ],
);
