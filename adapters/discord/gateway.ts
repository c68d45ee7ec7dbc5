import { WebSocketShardEvents as Events, WebSocketManager } from '@discordjs/ws';
import { GatewayIntentBits as Intents, type REST } from 'discord.js';
import { ConfigError, messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import { type Timers, waitFor } from '../delivery/timers.ts';
import { isTokenRefused, tokenRefused } from './calls.ts';

/** What comes by the gateway without asking for more than is needed. */
const INTENTS =
  Intents.Guilds |
  Intents.GuildMessages |
  Intents.GuildMessageReactions |
  Intents.DirectMessages |
  Intents.DirectMessageReactions;

/** At first, and at most, between two tries to connect. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** An event as Discord tells it. */
export interface GatewayEvent {
  readonly type: string;
  readonly data: unknown;
}

export interface GatewayOptions {
  readonly rest: REST;
  readonly token: string;
  /** Whether to read what is written without a mention, for which Discord wants the app to be set up. */
  readonly readsAll: () => boolean;
  readonly log: Log;
  readonly timers: Timers;
  readonly onEvent: (event: GatewayEvent) => void;
  /** Events may be missing from here on. */
  readonly onGap: () => void;
  /** Events come again; those before it may have been lost, or been told late. */
  readonly onConnected: () => void;
}

/** The way from Discord to the intake: as many connections as Discord wants, each of which takes itself up again. */
export interface Gateway {
  /** Resolves when it is connected. @throws ConfigError where Discord refuses the token or what is to be read */
  start(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** What is wrong with the set-up, if that is why a connection was closed for good. */
function fatalOf(error: unknown): ConfigError | undefined {
  const text = messageOf(error);
  if (isTokenRefused(error) || text === 'Authentication failed') return tokenRefused(error);
  if (text !== 'Used disallowed intents') return undefined;
  return new ConfigError(
    'DISCORD_INTENT_REFUSED',
    'Discord does not let the app read what is written without a mention',
    'Switch on “Message Content Intent” under discord.com/developers/applications → your app → “Bot”, or set DISCORD_FOLLOW_UPS=off.',
    { cause: error },
  );
}

export function openGateway(options: GatewayOptions): Gateway {
  const { rest, token, readsAll, log, timers } = options;
  let manager: WebSocketManager | undefined;

  function open(): WebSocketManager {
    const opened = new WebSocketManager({
      token,
      rest,
      intents: INTENTS | (readsAll() ? Intents.MessageContent : 0),
      // As many as Discord advises, all of them in this process.
      shardCount: null,
    });
    opened.on(Events.Dispatch, ({ data }) => options.onEvent({ type: data.t, data: data.d }));
    opened.on(Events.Ready, () => options.onConnected());
    opened.on(Events.Resumed, () => options.onConnected());
    opened.on(Events.Closed, ({ code, shardId }) => {
      log.info({ code, shardId }, 'a connection to Discord was closed');
      options.onGap();
    });
    opened.on(Events.Error, ({ error, shardId }) => {
      const fatal = fatalOf(error);
      log.error({ shardId, cause: messageOf(error), remedy: fatal?.remedy }, 'a connection to Discord failed');
    });
    return opened;
  }

  return {
    async start(signal) {
      for (let waitMs = FIRST_WAIT_MS; !signal.aborted; waitMs = Math.min(LONGEST_WAIT_MS, 2 * waitMs)) {
        try {
          manager = open();
          return await manager.connect();
        } catch (error) {
          const fatal = fatalOf(error);
          if (fatal !== undefined) throw fatal;
          await manager?.destroy();
          log.warn({ cause: messageOf(error), waitMs }, 'Discord cannot be reached; it is tried again');
          await waitFor(timers, waitMs, signal);
        }
      }
    },
    async close() {
      await manager?.destroy();
    },
  };
}
