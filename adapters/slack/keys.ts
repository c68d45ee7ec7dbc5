/** A message of Slack's: `ts` names it within its channel. */
export interface MessagePlace {
  readonly channel: string;
  readonly ts: string;
}

/** Where a conversation goes on: the thread under a message. */
export interface ThreadPlace {
  readonly channel: string;
  readonly threadTs: string;
}

const KEY = /^([A-Z][A-Z0-9]{1,39}):(\d{1,12}\.\d{1,9})$/;

/** Foursight's key of a message, e.g. `C024BE91L:1482960137.003543`. */
export const messageKey = ({ channel, ts }: MessagePlace): string => `${channel}:${ts}`;

/** Foursight's key of a conversation: every question that is not in a thread starts one. */
export const conversationKey = ({ channel, threadTs }: ThreadPlace): string => `${channel}:${threadTs}`;

/** undefined for what is no key of this platform. */
export function messagePlace(key: string): MessagePlace | undefined {
  const [, channel, ts] = KEY.exec(key) ?? [];
  return channel === undefined || ts === undefined ? undefined : { channel, ts };
}

/** Of a message that was posted by this platform. @throws TypeError for what is no key of it */
export function placeOf(key: string): MessagePlace {
  const place = messagePlace(key);
  if (place === undefined) throw new TypeError(`${key} is no message of Slack's`);
  return place;
}

/** undefined for what is no key of this platform. */
export function threadPlace(key: string): ThreadPlace | undefined {
  const place = messagePlace(key);
  return place && { channel: place.channel, threadTs: place.ts };
}

/** Direct messages have channels of their own. */
export const isDirectChannel = (channel: string): boolean => channel.startsWith('D');
