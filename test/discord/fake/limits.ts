/**
 * Discord's published limits, as docs.discord.com gives them. Characters are code points.
 */
export const LIMITS = {
  message: { content: 2_000, embeds: 10, nonce: 25, stickers: 3, distinctReactions: 20, textOfComponents: 4_000 },
  embed: {
    title: 256,
    description: 4_096,
    fields: 25,
    fieldName: 256,
    fieldValue: 1_024,
    footer: 2_048,
    author: 256,
    /** All embeds of a message together. */
    total: 6_000,
  },
  components: {
    rows: 5,
    /** Of a message with the flag IsComponentsV2, nested ones included. */
    all: 40,
    customId: 100,
    buttons: 5,
    buttonLabel: 80,
    url: 512,
    options: 25,
    optionText: 100,
    placeholder: 150,
  },
  modal: { title: 45, components: 5, label: 45, description: 100, input: 4_000, inputPlaceholder: 100 },
  command: { name: 32, description: 100, options: 25, choices: 25, choice: 100, all: 100, contextMenus: 15 },
  threadName: 100,
  topic: 1_024,
  mentions: 100,
  page: { messages: 50, reactions: 25, most: 100 },
  /** In which an interaction has to be answered. */
  ackMs: 3_000,
  /** For how long its token is good. */
  tokenMs: 15 * 60_000,
  /** For how long a message's nonce is remembered: "the past few minutes". */
  nonceMs: 3 * 60_000,
  heartbeatMs: 41_250,
  /** For how long a session without a connection can be resumed; unpublished. */
  sessionMs: 120_000,
  /** What a client may send on one connection. */
  gateway: { commands: 120, windowMs: 60_000, bytes: 4_096 },
} as const;

export interface Allowance {
  readonly calls: number;
  readonly windowMs: number;
}

export const GLOBAL: Allowance = { calls: 50, windowMs: 1_000 };

/**
 * The rate limits of Discord's buckets. It publishes none – a client is to read them off the headers; these are what the
 * headers say, or are said to say. A bucket counts for each channel, guild or webhook.
 */
export const BUCKETS = {
  postMessage: { calls: 5, windowMs: 5_000 },
  editMessage: { calls: 5, windowMs: 5_000 },
  deleteMessage: { calls: 5, windowMs: 1_000 },
  listMessages: { calls: 5, windowMs: 5_000 },
  getMessage: { calls: 5, windowMs: 5_000 },
  react: { calls: 1, windowMs: 250 },
  listReactions: { calls: 5, windowMs: 1_000 },
  typing: { calls: 5, windowMs: 5_000 },
  threads: { calls: 10, windowMs: 10_000 },
  channel: { calls: 10, windowMs: 10_000 },
  directMessages: { calls: 10, windowMs: 10_000 },
  commands: { calls: 5, windowMs: 20_000 },
  webhook: { calls: 5, windowMs: 2_000 },
} as const satisfies Readonly<Record<string, Allowance>>;
export type Bucket = keyof typeof BUCKETS;
