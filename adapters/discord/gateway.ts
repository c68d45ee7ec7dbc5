import { WebSocketShardEvents as Events, type SessionInfo, WebSocketManager } from '@discordjs/ws';
import { GatewayIntentBits as Intents, type REST } from 'discord.js';
import { ConfigError, messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import { type Timers, waitFor } from '../delivery/timers.ts';
import { isTokenRefused, tokenRefused } from './calls.ts';
import { CarefulSharding } from './careful-sharding.ts';

/** What comes by the gateway without asking for more than is needed. */
const INTENTS =
  Intents.Guilds |
  Intents.GuildMessages |
  Intents.GuildMessageReactions |
  Intents.DirectMessages |
  Intents.DirectMessageReactions;

/** Between two tries to open the gateway again, at first and at most; Discord counts them by the day. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 300_000;

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
  readonly onGap: (concerns: Concerns) => void;
  /** Events come again; those before it may have been lost, or been told late. */
  readonly onConnected: (concerns: Concerns) => void;
}

/** Whether a server's events come by the connection in question. */
export type Concerns = (guild: string) => boolean;

/** The way from Discord to the intake: as many connections as Discord wants, each of which takes itself up again. */
export interface Gateway {
  /** Resolves when it is connected, or closed before. @throws ConfigError where Discord refuses the token or what is to be read; what calling it throws */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** After these the package does not connect again: discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes. */
const INTENT_REFUSED = 'Used disallowed intents';
const forGood: readonly string[] = [
  ...['Authentication failed', 'Invalid shard', 'Sharding is required', 'Used an invalid API version'],
  ...['Used invalid intents', INTENT_REFUSED],
];

/** What is wrong with the set-up, if that is why a connection was closed for good. */
function faultOf(error: unknown): ConfigError | undefined {
  const text = messageOf(error);
  if (isTokenRefused(error) || text === 'Authentication failed') return tokenRefused(error);
  if (text !== INTENT_REFUSED) return undefined;
  return new ConfigError(
    'DISCORD_INTENT_REFUSED',
    'Discord does not let the app read what is written without a mention',
    'Switch on “Message Content Intent” under discord.com/developers/applications → your app → “Bot”, or set DISCORD_FOLLOW_UPS=off.',
    { cause: error },
  );
}

/** The connections of one time. */
interface Opened {
  readonly manager: WebSocketManager;
  /** They have been there: what ends them for good is dealt with here. */
  isUp: boolean;
  end(): Promise<void>;
}

export function openGateway(options: GatewayOptions): Gateway {
  const { rest, token, readsAll, log, timers } = options;
  const closing = new AbortController();
  const { signal } = closing;
  const sessions = new Map<number, SessionInfo>();
  let current: Opened | undefined;
  let connections = 1;
  let isContentRefused = false;

  // discord.com/developers/docs/events/gateway#sharding
  const concernsOf =
    (connection: number): Concerns =>
    (guild) =>
      Number((BigInt(guild) >> 22n) % BigInt(connections)) === connection;

  function open(): Opened {
    let sharding: CarefulSharding | undefined;
    const manager = new WebSocketManager({
      token,
      rest,
      intents: INTENTS | (readsAll() && !isContentRefused ? Intents.MessageContent : 0),
      // As many as Discord advises, all of them in this process.
      shardCount: null,
      retrieveSessionInfo: (connection) => sessions.get(connection) ?? null,
      updateSessionInfo(connection, session) {
        if (session === null) sessions.delete(connection);
        else sessions.set(connection, session);
      },
      buildStrategy(of) {
        sharding = new CarefulSharding(of);
        return sharding;
      },
    });
    const opened: Opened = { manager, isUp: false, end: async () => sharding?.end() };
    manager.on(Events.Dispatch, ({ data }) => options.onEvent({ type: data.t, data: data.d }));
    manager.on(Events.Ready, ({ shardId }) => options.onConnected(concernsOf(shardId)));
    manager.on(Events.Resumed, ({ shardId }) => options.onConnected(concernsOf(shardId)));
    manager.on(Events.Closed, ({ code, shardId }) => {
      log.info({ code, shardId }, 'a connection to Discord was closed');
      options.onGap(concernsOf(shardId));
    });
    manager.on(Events.Error, ({ error, shardId }) => {
      log.error({ shardId, cause: messageOf(error), remedy: faultOf(error)?.remedy }, 'a connection to Discord failed');
      if (opened.isUp && forGood.includes(messageOf(error))) void openAgain(opened, error);
    });
    return opened;
  }

  /** @throws ConfigError; what calling Discord throws */
  async function connect(): Promise<void> {
    const opened = open();
    current = opened;
    try {
      connections = await opened.manager.getShardCount();
      if (!signal.aborted) await opened.manager.connect();
      opened.isUp = true;
    } catch (error) {
      await opened.end();
      throw faultOf(error) ?? error;
    }
  }

  /** Somebody may put right why it was closed for good; until then it is tried ever more rarely. Never rejects. */
  async function openAgain(lost: Opened, why: unknown): Promise<void> {
    if (current !== lost) return;
    current = undefined;
    isContentRefused ||= messageOf(why) === INTENT_REFUSED;
    await lost.end();
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(LONGEST_WAIT_MS, 2 * waitMs)) {
      await waitFor(timers, waitMs, signal);
      if (signal.aborted) return;
      try {
        return await connect();
      } catch (error) {
        const { remedy } = faultOf(error) ?? {};
        log.error({ cause: messageOf(error), remedy, waitMs }, 'Discord cannot be connected to again yet');
      }
    }
  }

  return {
    async start() {
      if (!signal.aborted) await connect();
    },
    async close() {
      closing.abort();
      await current?.end();
    },
  };
}
