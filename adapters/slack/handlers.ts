import type { Handlers } from './context.ts';
import { onCommand } from './handlers/command.ts';
import { onAssistantOpened, onHomeOpened } from './handlers/home.ts';
import { onStop, onTrace } from './handlers/look.ts';
import { onRated, onReason, onReasonWanted, onVote } from './handlers/rate.ts';
import { onTokensRevoked, onUninstalled } from './installations.ts';
import { onDeleted, onEdited, onQuestion } from './questions.ts';

/** What is done about everything that Slack tells. */
export const handlers: Handlers = {
  question: onQuestion,
  edited: onEdited,
  deleted: onDeleted,
  uninstalled: onUninstalled,
  tokensRevoked: onTokensRevoked,
  vote: onVote,
  rated: onRated,
  reasonWanted: onReasonWanted,
  reason: onReason,
  stop: onStop,
  trace: onTrace,
  command: onCommand,
  homeOpened: onHomeOpened,
  assistantOpened: onAssistantOpened,
  // What somebody looks at makes no difference.
  assistantMoved: async () => undefined,
};
