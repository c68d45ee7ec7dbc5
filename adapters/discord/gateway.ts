import { WebSocketShardEvents as Events, WebSocketManager } from '@discordjs/ws';
import { GatewayIntentBits as Intents, type REST } from 'discord.js';
import { ConfigError, messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import { isTokenRefused, tokenRefused } from './calls.ts';
import { CarefulSharding } from './careful-sharding.ts';

/** What comes by the gateway without asking for more than is needed. */
const INTENTS =
  Intents.Guilds |
  Intents.GuildMessages |
  Intents.GuildMessageReactions |
  Intents.DirectMessages |
  Intents.DirectMessageReactions;

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
  readonly onEvent: (event: GatewayEvent) => void;
  /** Events may be missing from here on. */
  readonly onGap: (concerns: Concerns) => void;
  /** Events come again; those before it may have been lost, or been told late. */
  readonly onConnected: (concerns: Concerns) => void;
}

/** Whether a server's events come by the connection in question. */
export type Concerns = (guild: string) => boolean;

/** The way from Discord to the intake: as many connections as Discord wants, each of which takes itself up again. */
export interface Gateway {
  /** Resolves when it is connected. @throws ConfigError where Discord refuses the token or what is to be read; what calling it throws */
  start(): Promise<void>;
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
  const { rest, token, readsAll, log } = options;
  let manager: WebSocketManager | undefined;
  let connections = 1;

  // discord.com/developers/docs/events/gateway#sharding
  const concernsOf =
    (connection: number): Concerns =>
    (guild) =>
      Number((BigInt(guild) >> 22n) % BigInt(connections)) === connection;

  function open(): WebSocketManager {
    const opened = new WebSocketManager({
      token,
      rest,
      intents: INTENTS | (readsAll() ? Intents.MessageContent : 0),
      // As many as Discord advises, all of them in this process.
      shardCount: null,
      buildStrategy: (manager) => new CarefulSharding(manager),
    });
    opened.on(Events.Dispatch, ({ data }) => options.onEvent({ type: data.t, data: data.d }));
    opened.on(Events.Ready, ({ shardId }) => options.onConnected(concernsOf(shardId)));
    opened.on(Events.Resumed, ({ shardId }) => options.onConnected(concernsOf(shardId)));
    opened.on(Events.Closed, ({ code, shardId }) => {
      log.info({ code, shardId }, 'a connection to Discord was closed');
      options.onGap(concernsOf(shardId));
    });
    opened.on(Events.Error, ({ error, shardId }) => {
      const fatal = fatalOf(error);
      log.error({ shardId, cause: messageOf(error), remedy: fatal?.remedy }, 'a connection to Discord failed');
    });
    return opened;
  }

  return {
    async start() {
      manager = open();
      try {
        connections = await manager.getShardCount();
        await manager.connect();
      } catch (error) {
        await manager.destroy();
        throw fatalOf(error) ?? error;
      }
    },
    async close() {
      await manager?.destroy();
    },
  };
}
