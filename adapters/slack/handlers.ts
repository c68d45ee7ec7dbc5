import type { Handlers } from './context.ts';

const nothing = async (): Promise<void> => undefined;

/** What is done about everything that Slack tells. */
export const handlers: Handlers = {
  question: nothing,
  edited: nothing,
  deleted: nothing,
  uninstalled: nothing,
  tokensRevoked: nothing,
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
