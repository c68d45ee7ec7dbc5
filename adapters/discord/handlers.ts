import type { Handlers } from './context.ts';
import { onAsked } from './handlers/ask.ts';
import { onCommand } from './handlers/command.ts';
import { onStop, onTrace } from './handlers/look.ts';
import { onCleared, onRated, onReason, onReasonWanted, onVote } from './handlers/rate.ts';
import { onDeleted, onEdited, onQuestion } from './questions.ts';

/** What is done about everything that Discord tells. */
export const handlers: Handlers = {
  question: onQuestion,
  edited: onEdited,
  deleted: onDeleted,
  vote: onVote,
  cleared: onCleared,
  rated: onRated,
  reasonWanted: onReasonWanted,
  reason: onReason,
  stop: onStop,
  trace: onTrace,
  command: onCommand,
  asked: onAsked,
};
