export { renderAnswer, renderFailure, renderReport } from './render/answer.ts';
export { type DiscordMessage, messageOf, renderNotice } from './render/message.ts';
export { askedInOpening, renderOpening } from './render/opening.ts';
export { renderProgress, renderStopped } from './render/progress.ts';
export { renderReasonForm, renderThanks } from './render/rating.ts';
