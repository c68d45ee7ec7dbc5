/** A message of Discord's. A thread is a channel of its own. */
export interface MessagePlace {
  readonly channel: string;
  readonly id: string;
}

/**
 * Where a conversation goes on. In a channel: the thread under the message `root`, which has the message's id, or, where there can be
 * none, replies. In a thread: `root` is the thread, `channel` where it belongs. In direct messages both are the one channel.
 */
export interface ConversationPlace {
  readonly channel: string;
  readonly root: string;
}

const ID = /^\d{17,20}$/;
const KEY = /^(\d{17,20}):(\d{17,20})$/;

/** Whether something is an id of Discord's. They grow with time, and sort as text while all have as many digits: until 2090. */
export const isId = (given: unknown): given is string => typeof given === 'string' && ID.test(given);

/** Foursight's key of a message: its own id comes first, so that keys sort by time. */
export const messageKey = ({ channel, id }: MessagePlace): string => `${id}:${channel}`;

export const conversationKey = ({ channel, root }: ConversationPlace): string => `${channel}:${root}`;

/** undefined for what is no key of this platform. */
export function messagePlace(key: string): MessagePlace | undefined {
  const [, id, channel] = KEY.exec(key) ?? [];
  return id === undefined || channel === undefined ? undefined : { channel, id };
}

/** Where a message is of which it is known that it is one. */
export function placeOf(key: string): MessagePlace {
  const place = messagePlace(key);
  if (place === undefined) throw new TypeError(`${key} is no message of Discord's`);
  return place;
}

/** undefined for what is no key of this platform. */
export function conversationPlace(key: string): ConversationPlace | undefined {
  const [, channel, root] = KEY.exec(key) ?? [];
  return channel === undefined || root === undefined ? undefined : { channel, root };
}

const EPOCH_MS = 1_420_070_400_000n;

/** The moment that an id was made at, in ms. */
export const msOfId = (id: string): number => Number((BigInt(id) >> 22n) + EPOCH_MS);

/** The least id of a moment in ms, of 19 digits. */
export const idAt = (ms: number): string => {
  const since = BigInt(Math.max(0, Math.floor(ms))) - EPOCH_MS;
  return String((since < 0n ? 0n : since) << 22n).padStart(19, '0');
};

/** The later of two ids. */
export const laterId = (a: string, b: string): string => (BigInt(a) > BigInt(b) ? a : b);
