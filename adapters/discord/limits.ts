/** Discord's published limits, in code points or items: discord.com/developers/docs. */
export const limits = {
  /** The content of a message. */
  content: 2_000,
  threadName: 100,
  buttonLabel: 80,
  customId: 100,
  nonce: 25,
  /** Of a question by command, which is shown in a message. */
  askedByCommand: 1_800,
  /** The least time between two edits of one message, in ms, that its rate lets through for long. */
  editGapMs: 1_200,
  /** The typing sign goes after ten seconds, in ms. */
  typingMs: 8_000,
  /** An interaction waits three seconds for its first answer; after so long, in ms, it is said that there will be one. */
  deferMs: 1_500,
} as const;

/** Of an answer in one message: what stands under the last part has to fit too. */
export const ANSWER_PART = 1_900;
