import type { TransferListItem } from 'node:worker_threads';
import { FoursightError, messageOf } from '../../src/errors.ts';
import { RuntimeError } from './runtime-error.ts';

/** What a program's thread is started with. */
export interface ThreadStart {
  /** File URL of the module that exports `open`. */
  readonly program: string;
  readonly argument: unknown;
}

export interface CallMessage {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
}

/** Answers to calls carry the call's id; `openedId` and `closeId` belong to the start and the end. */
export type AnswerMessage =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: PlainError };

export const openedId = 0;
export const closeMethod = '#close';

/** An error as it crosses threads; classes and methods do not. */
export interface PlainError {
  readonly code: string | undefined;
  readonly message: string;
  readonly remedy: string | undefined;
  readonly stack: string | undefined;
}

export function plainError(error: unknown): PlainError {
  const known = error instanceof FoursightError ? error : undefined;
  return {
    code: known?.code,
    message: messageOf(error),
    remedy: known?.remedy,
    stack: error instanceof Error ? error.stack : undefined,
  };
}

/** The error of the other thread, with its code and remedy; the stack over there is its cause's. */
export function revivedError({ code, message, remedy, stack }: PlainError): RuntimeError {
  const cause = new Error(message);
  if (stack !== undefined) cause.stack = stack;
  return new RuntimeError(
    code ?? 'RUNTIME_FAILED',
    message,
    remedy ?? 'See the cause in the log; if it comes again, please report it.',
    { cause },
  );
}

const moves = new WeakMap<object, readonly TransferListItem[]>();

/** Marks a result of a program's method so that these buffers are moved to the caller instead of copied. */
export function moving<T extends object>(value: T, buffers: readonly TransferListItem[]): T {
  moves.set(value, buffers);
  return value;
}

export const movedBuffers = (value: unknown): readonly TransferListItem[] =>
  typeof value === 'object' && value !== null ? (moves.get(value) ?? []) : [];
