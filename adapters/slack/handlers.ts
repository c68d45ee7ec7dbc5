import type { Handlers } from './context.ts';
import { onTokensRevoked, onUninstalled } from './installations.ts';
import { onDeleted, onEdited, onQuestion } from './questions.ts';

const nothing = async (): Promise<void> => undefined;

/** What is done about everything that Slack tells. */
export const handlers: Handlers = {
  question: onQuestion,
  edited: onEdited,
  deleted: onDeleted,
  uninstalled: onUninstalled,
  tokensRevoked: onTokensRevoked,
  vote: nothing,
  rated: nothing,
  reasonWanted: nothing,
  reason: nothing,
  stop: nothing,
  trace: nothing,
  command: nothing,
  homeOpened: nothing,
  assistantOpened: nothing,
  assistantMoved: nothing,
};
