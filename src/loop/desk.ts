import {
  askedLately,
  hasQuestion,
  isAskedIn,
  questionOfMessage,
  recentConversations,
  shownQuestions,
} from '../db/asked-queries.ts';
import { listUndeliverable } from '../db/outbox-queries.ts';
import { workspaceIdOf } from '../db/place-queries.ts';
import { answerOfPost, deletePost, partsOfAnswer, recentAnswerPosts, upsertPost } from '../db/post-queries.ts';
import { advancePosition, readPositions, workspacesWithPosition } from '../db/read-position-queries.ts';
import type { ChatDesk } from '../domain/chat.ts';
import { deliver } from './deliver.ts';
import { editQuestion } from './edit.ts';
import { installationsOf, type SecretKeys } from './install.ts';
import type { LoopSetting } from './loop.ts';

/** What chat platforms need beside the use cases, over the same database. */
export function createDesk(setting: LoopSetting, secretKeys: SecretKeys): ChatDesk {
  const { db } = setting;
  return {
    deliver: (platform, post, options) => deliver(setting, platform, post, options),
    undeliverable: (platform, workspace, days) => listUndeliverable(db, platform, workspace, days),
    posted: (where, post) => upsertPost(db, where, post),
    forgetPost: (where, message) => deletePost(db, where, message),
    answerOf: (platform, workspace, message) => answerOfPost(db, platform, workspace, message),
    recentAnswers: (platform, workspace, { conversation, ...back }) =>
      recentAnswerPosts(db, { platform, workspace }, back, conversation),
    partsOf: (platform, workspace, answerId) => partsOfAnswer(db, { platform, workspace }, answerId),
    recentConversations: (platform, workspace, options) => recentConversations(db, platform, workspace, options),
    openQuestions: (platform, workspace) => shownQuestions(db, platform, workspace),
    isEngaged: (platform, workspace, conversation) => hasQuestion(db, platform, workspace, conversation),
    questionOf: (platform, workspace, message) => questionOfMessage(db, platform, workspace, message),
    isAskedIn: (platform, workspace, questionId) => isAskedIn(db, platform, workspace, questionId),
    editQuestion: (questionId, text) => editQuestion(setting, questionId, text),
    askedLately: (where, person) => askedLately(db, where, person),
    readUpTo: async (platform, workspace, place) => (await readPositions(db, platform, workspace, place))[0]?.position,
    setReadUpTo: (platform, workspace, place, position) => advancePosition(db, platform, workspace, place, position),
    places: (platform, workspace) => readPositions(db, platform, workspace),
    workspacesWith: (platform, place) => workspacesWithPosition(db, platform, place),
    ...installationsOf(setting, secretKeys),
    workspaceId: (platform, workspace) => workspaceIdOf(db, platform, workspace),
  };
}
