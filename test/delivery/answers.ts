import type { Answer, PublicTurn } from '../../src/domain/progress.ts';

export const QUESTION_ID = '00000000-0000-4000-8000-000000000001';
export const ANSWER_ID = '00000000-0000-4000-8000-000000000002';

export const turnOf = (turn: Partial<PublicTurn> = {}): PublicTurn => ({
  turn: 1,
  subGoal: 'Work out 6 * 7',
  tool: 'calculator',
  command: '6 * 7',
  result: '42',
  error: null,
  verdict: 'stop',
  ms: 12,
  ...turn,
});

export const answerOf = (answer: Partial<Answer> = {}): Answer => ({
  questionId: QUESTION_ID,
  answerId: ANSWER_ID,
  answer: 'It is **42**.',
  conversationId: '00000000-0000-4000-8000-000000000003',
  policyVersion: 3,
  stopReason: 'verified',
  turns: [turnOf()],
  ms: 1_234,
  ...answer,
});
