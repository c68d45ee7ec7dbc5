export { type EventContext, eventTypes, parseEvent } from './parse/events.ts';
export type { Asked, Press, SlackInput } from './parse/inputs.ts';
export { parsePress, parseSlashCommand, parseSubmission } from './parse/interactions.ts';
export type { Own } from './parse/messages.ts';
