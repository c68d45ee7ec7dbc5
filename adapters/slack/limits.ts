/** Slack's published limits, in characters (UTF-16 units) or items: docs.slack.dev/reference/block-kit. */
export const limits = {
  /** All `markdown` blocks of a message together. */
  markdown: 12_000,
  /** A text object; also the text of a section. */
  text: 3_000,
  header: 150,
  /** Blocks of a view; a message has 50. */
  viewBlocks: 100,
  /** chat.update refuses more in `text`. */
  fallback: 4_000,
} as const;

/**
 * Of an answer in one message. Slack refuses messages (`msg_blocks_too_long`) somewhat above 13,000 characters in all, without saying
 * where; what stands under the last part has to fit too.
 */
export const ANSWER_PART = 11_500;
