export { renderAnswer, renderFailure, renderReport } from './render/answer.ts';
export { COMMAND, commandWords, type HomeContent, renderHome } from './render/home.ts';
/** Of commands' results, help and explained refusals, which are Markdown. */
export {
  markdownMessages as renderNotice,
  openingIn,
  openingMetadata,
  POST_EVENT,
  plainly,
  type SlackMessage,
} from './render/message.ts';
export { PROGRESS_EVENT, progressMetadata, renderProgress, renderStopped } from './render/progress.ts';
export { renderReasonForm, renderThanks } from './render/rating.ts';
export { streamChunks, streamStart } from './render/stream.ts';
