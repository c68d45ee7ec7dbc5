import type { Handlers } from './context.ts';
import { onAsked } from './handlers/ask.ts';
import { onCommand } from './handlers/command.ts';
import { onStop, onTrace } from './handlers/look.ts';
import { onCleared, onRated, onReason, onReasonWanted, onVote } from './handlers/rate.ts';
import { onDeleted, onEdited, onQuestion } from './questions.ts';

const messages = { question: onQuestion, edited: onEdited, deleted: onDeleted } satisfies Partial<Handlers>;
const reactions = { vote: onVote, cleared: onCleared } satisfies Partial<Handlers>;
const ratings = { rated: onRated, reasonWanted: onReasonWanted, reason: onReason } satisfies Partial<Handlers>;
const looks = { stop: onStop, trace: onTrace } satisfies Partial<Handlers>;
const commands = { command: onCommand, asked: onAsked } satisfies Partial<Handlers>;

/** What is done about everything that Discord tells. */
export const handlers: Handlers = { ...messages, ...reactions, ...ratings, ...looks, ...commands };
