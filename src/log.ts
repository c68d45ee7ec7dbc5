import { destination, type Logger, pino } from 'pino';

export type Log = Logger;

/**
 * Structured logs, one JSON object a line on stderr. Log ids, never the text of questions or answers.
 * @param level `debug`, `info`, `warn`, `error` or `silent`
 */
export function createLog(level: string, bindings: Record<string, string> = {}): Log {
  return pino({ level, base: bindings, timestamp: () => `,"time":"${new Date().toISOString()}"` }, destination(2));
}
