import { setTimeout as delay } from 'node:timers/promises';
import { DiscordAPIError, HTTPError, type InternalRequest, REST, type RESTOptions } from 'discord.js';
import { ConfigError, DeliveryError, messageOf } from '../../src/errors.ts';

const CALL_MS = 20_000;

/**
 * How calls are made everywhere: those that Discord's rates do not let through wait for their turn; nothing else but reading is
 * repeated, since what failed may have been done all the same.
 */
export function openRest(token: string, apiUrl: string | null): REST {
  return new LastingRest(token, {
    ...{ version: '10', retries: 0, timeout: CALL_MS },
    ...(apiUrl !== null && { api: apiUrl }),
  });
}

/** Does not forget its token when Discord refuses it once. */
class LastingRest extends REST {
  readonly #token: string;

  constructor(token: string, options: Partial<RESTOptions>) {
    super(options);
    this.#token = token;
  }

  override request(options: InternalRequest): ReturnType<REST['request']> {
    this.setToken(this.#token);
    return super.request(options);
  }
}

/** Makes a call; what it throws keeps to itself what was written in it, and the address, which may hold a token: errors are logged. */
export async function discreetly<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof DiscordAPIError || error instanceof HTTPError)
      for (const name of ['requestBody', 'url']) Object.defineProperty(error, name, { enumerable: false });
    throw error;
  }
}

/** Ends what a REST client does by itself. */
export function closeRest(rest: REST): void {
  rest.clearHashSweeper();
  rest.clearHandlerSweeper();
}

/** Discord's numbers for why it refuses a call: discord.com/developers/docs/topics/opcodes-and-status-codes. */
export const refusals = {
  unknownChannel: 10_003,
  unknownGuild: 10_004,
  unknownMember: 10_007,
  unknownMessage: 10_008,
  unknownUser: 10_013,
  unknownInteraction: 10_062,
  alreadyAcknowledged: 40_060,
  missingAccess: 50_001,
  notInDirectMessages: 50_003,
  notOwnMessage: 50_005,
  cannotWriteTo: 50_007,
  notInVoice: 50_008,
  missingPermissions: 50_013,
  wrongChannelKind: 50_024,
  archived: 50_083,
  reactionBlocked: 90_001,
  cannotReply: 160_002,
  threadThere: 160_004,
  threadLocked: 160_005,
  tooManyThreads: 160_006,
} as const;

/** Of an overloaded Discord: over in a while. */
const passing: readonly number[] = [40_062, 110_001, 130_000];

const BAD_TOKEN = 401;

/** Why Discord refused a call, as its number, or the HTTP status where it gives no number; undefined when it gave no word. */
export function refusalOf(error: unknown): number | undefined {
  if (error instanceof DiscordAPIError && error.status < 500) {
    const code = Number(error.code);
    return code > 0 ? code : error.status;
  }
  return error instanceof HTTPError && error.status >= 400 && error.status < 500 ? error.status : undefined;
}

/** Discord gave no word: the call may have been done or not. */
export const isUncertain = (error: unknown): boolean => refusalOf(error) === undefined;

const TOO_MANY = 429;

/** Discord could not do it just now, by its own word or by none; or another token has to be given first, which loses nothing either. */
export function isPassing(error: unknown): boolean {
  const refusal = refusalOf(error);
  return refusal === undefined || refusal === TOO_MANY || refusal === BAD_TOKEN || passing.includes(refusal);
}

/** Between tries of reading what Discord could not give just now. */
const AGAIN_MS = [200, 800] as const;
/** What has taken so long is not tried again: somebody waits for it. */
const SLOW_MS = 5_000;

/** Reads something, which does no harm by being repeated: whoever reads much would have to begin anew with every call that fails. @throws what the last try throws */
export async function readAgain<T>(read: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  for (const ms of AGAIN_MS) {
    try {
      return await read();
    } catch (error) {
      if (!isPassing(error) || performance.now() - begun > SLOW_MS) throw error;
      await delay(ms);
    }
  }
  return read();
}

/** Why Discord refuses a call, and will again; undefined when it may be over in a while. */
export const finalRefusalOf = (error: unknown): number | undefined => (isPassing(error) ? undefined : refusalOf(error));

/** What a call gives; undefined where Discord refuses it for good. @throws what may be over in a while */
export async function unlessRefused<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (finalRefusalOf(error) === undefined) throw error;
    return undefined;
  }
}

/** Whether the token is not taken. */
export const isTokenRefused = (error: unknown): boolean => refusalOf(error) === BAD_TOKEN;

export const tokenRefused = (cause: unknown): ConfigError =>
  new ConfigError(
    'DISCORD_TOKEN_REFUSED',
    'Discord refuses DISCORD_TOKEN',
    'Copy the token from discord.com/developers/applications → your app → “Bot”; “Reset Token” shows a new one.',
    { cause },
  );

/** Refusals that somebody can do something about. */
const remedies = new Map<number, string>([
  [BAD_TOKEN, 'Set DISCORD_TOKEN to the token that the bot’s page shows.'],
  [refusals.missingAccess, 'Let the bot see the channel.'],
  [refusals.missingPermissions, 'Let the bot write in the channel and its threads.'],
  [refusals.unknownChannel, 'The channel or the thread was deleted; ask elsewhere.'],
  [refusals.unknownMessage, 'The message was deleted; ask again.'],
  [refusals.cannotWriteTo, 'Allow direct messages from people of the server.'],
  [refusals.cannotReply, 'Let the bot read the message history of the channel.'],
  [refusals.archived, 'Open the thread again.'],
  [refusals.threadLocked, 'Unlock the thread.'],
]);

/** What comes of a call that failed while something was posted. @param what e.g. `posting an answer` */
export function deliveryError(error: unknown, what: string): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const remedy = remedies.get(refusalOf(error) ?? 0) ?? '`foursight doctor` checks the connection to Discord.';
  return new DeliveryError('DISCORD_REFUSED', `Discord did not take it (${what}: ${messageOf(error)})`, remedy, {
    cause: error,
    isFinal: !isPassing(error),
  });
}
