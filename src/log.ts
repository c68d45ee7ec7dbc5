import { destination, type Logger, pino } from 'pino';

export type Log = Logger;

/**
 * Structured logs, one JSON object a line on stderr. Log ids, never the text of questions or answers.
 * @param level `debug`, `info`, `warn`, `error` or `silent`
 */
export function createLog(level: string, bindings: Record<string, string> = {}): Log {
  const output = destination(2);
  // A log that cannot be written, because its terminal was closed or its disk is full, must not end the process.
  output.on('error', () => undefined);
  return pino({ level, base: bindings, timestamp: () => `,"time":"${new Date().toISOString()}"` }, output);
}
