import { z } from 'zod';

/** Longest question that is accepted, in characters. */
export const MAX_QUESTION_LENGTH = 4_000;

/** Where a question came from; `key` is unique within a platform and makes asking idempotent. */
export const newQuestionSchema = z.object({
  /** `console`, `http`, `slack`, …: the chat adapter that received it. */
  platform: z.string().min(1).max(40),
  /** The platform's name of the workspace; the database keeps its own id. */
  workspace: z.string().min(1).max(200),
  /** The platform's name of the conversation. */
  conversation: z.string().min(1).max(200),
  person: z.object({ key: z.string().min(1).max(200), name: z.string().max(200) }),
  /** The platform's name of the message: the same key is the same question. */
  key: z.string().min(1).max(200),
  text: z.string().trim().min(1).max(MAX_QUESTION_LENGTH),
  /** A policy version to answer with instead of the live one. */
  policyVersion: z.number().int().nonnegative().nullable().default(null),
  /** A private message to the assistant: trained on only if its author has opted in. */
  isDirect: z.boolean().default(false),
});
export type NewQuestion = z.input<typeof newQuestionSchema>;
export type AcceptedQuestion = z.output<typeof newQuestionSchema>;

export const questionStatusSchema = z.enum(['open', 'answered', 'cancelled', 'failed']);
export type QuestionStatus = z.infer<typeof questionStatusSchema>;
