export type { Asked, DiscordInput, Handled, InputOf, Occasion, Press } from './parse/inputs.ts';
export { parseInteraction } from './parse/interactions.ts';
export { askedIn, conversationOf, parseEdit, parseMessage, type Surroundings } from './parse/messages.ts';
export { parseCleared, parseReaction } from './parse/reactions.ts';
