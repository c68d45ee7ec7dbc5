import { type App, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { ConfigError, messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import { type Timers, waitFor } from '../delivery/timers.ts';
import { callOptions, refusalOf, retryAfterOf, sdkLog } from './calls.ts';

/** How long a connection may take to be there. */
const CONNECT_MS = 30_000;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 30_000;
/** How long Slack, and a pong, may be silent. */
const SILENCE_MS = 30_000;
const PONG_MS = 5_000;

export interface SocketOptions {
  readonly appToken: string;
  readonly apiUrl: string | null;
  readonly log: Log;
  readonly timers: Timers;
  readonly signal: AbortSignal;
  /** Every time when events come again. */
  readonly onConnected: () => void;
  /** Events may be missed from here on. */
  readonly onDisconnected: () => void;
}

/**
 * Socket Mode, connected until the signal aborts. The SDK's own way to reconnect gives up, with a rejection that nobody handles,
 * when Slack cannot be reached meanwhile: each connection is a client of its own, watched here.
 */
export function openSocket(
  app: App,
  options: SocketOptions,
): { readonly first: Promise<void>; readonly ended: Promise<void> } {
  const { signal, timers, log } = options;
  let settle: { resolve(): void; reject(error: unknown): void } | undefined;
  const first = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });

  async function run(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      let waitMs = 0;
      try {
        await connection(app, options, () => {
          failures = 0;
          settle?.resolve();
          settle = undefined;
        });
      } catch (error) {
        failures += 1;
        waitMs = retryAfterOf(error) ?? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures, 10));
        if (settle !== undefined && refusalOf(error) !== undefined) {
          settle.reject(tokenRefused(error));
          return;
        }
        log.warn({ cause: messageOf(error), waitMs }, 'Slack could not be connected to; it is tried again');
      }
      await waitFor(timers, waitMs, signal);
    }
    settle?.resolve();
  }
  return { first, ended: run() };
}

const tokenRefused = (cause: unknown): ConfigError =>
  new ConfigError(
    'SLACK_APP_TOKEN_REFUSED',
    `Slack refuses SLACK_APP_TOKEN (${refusalOf(cause)})`,
    'Make an app-level token with the scope connections:write under "Basic Information", and turn Socket Mode on.',
    { cause },
  );

/** Resolves when the connection has ended. @throws when there never was one */
async function connection(app: App, options: SocketOptions, onConnected: () => void): Promise<void> {
  const { appToken, apiUrl, log, signal, timers } = options;
  const receiver = new SocketModeReceiver({
    appToken,
    autoReconnectEnabled: false,
    clientPingTimeout: PONG_MS,
    serverPingTimeout: SILENCE_MS,
    installerOptions: { clientOptions: callOptions(apiUrl, log) },
    logger: sdkLog(log),
    logLevel: LogLevel.WARN,
    // What was not handled is not acknowledged, so that Slack sends it again.
    processEventErrorHandler: async () => false,
  });
  receiver.init(app);
  const { client } = receiver;
  watchMessages(client, log);
  const ended = new Promise<void>((resolve) => void client.once('disconnected', () => resolve()));
  const end = () => void client.disconnect().catch(() => undefined);
  signal.addEventListener('abort', end);
  const stopWatch = timers.after(CONNECT_MS, end);
  try {
    // At the greeting itself: the first event may come with it, and is to know that some may be missing before it.
    client.once('connected', () => {
      if (!signal.aborted) options.onConnected();
    });
    await client.start();
    stopWatch();
    if (signal.aborted) end();
    else onConnected();
    await ended;
    options.onDisconnected();
  } finally {
    stopWatch();
    signal.removeEventListener('abort', end);
  }
}

/** The SDK reads messages in a function whose rejections nobody handles: one that is malformed would end the process. */
function watchMessages(client: SocketModeReceiver['client'], log: Log): void {
  const readers = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  client.on('ws_message', (...message: unknown[]) => {
    for (const read of readers)
      Promise.resolve()
        .then(() => read(...message))
        .catch((error: unknown) => log.warn({ cause: messageOf(error) }, 'a message of Slack could not be read'));
  });
}
