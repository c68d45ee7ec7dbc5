/**
 * Slack's published limits, as docs.slack.dev gives them for the methods, Block Kit and the rate limits. Characters are
 * UTF-16 units, which never counts fewer than Slack does.
 */
export const LIMITS = {
  message: {
    /** chat.postMessage and chat.postEphemeral cut what is longer. */
    text: 40_000,
    /** chat.update answers `msg_too_long`. */
    updateText: 4_000,
    markdownText: 12_000,
    blocks: 50,
    /** All markdown blocks of a payload together. */
    markdownBlocks: 12_000,
    /** The text of all other blocks of a message together; unpublished, the maintainers of Bolt name this figure. */
    blockText: 12_000,
    /** Unpublished: what the JSON of metadata may measure. */
    metadata: 8_000,
    reactionsPerPerson: 23,
    distinctReactions: 50,
  },
  block: {
    id: 255,
    sectionText: 3_000,
    sectionFields: 10,
    sectionField: 2_000,
    header: 150,
    actions: 25,
    context: 10,
    contextActions: 5,
    inputLabel: 2_000,
    altText: 2_000,
    imageUrl: 3_000,
    tableRows: 100,
    tableColumns: 20,
    cardTitle: 150,
    cardBody: 200,
  },
  element: {
    actionId: 255,
    value: 2_000,
    buttonText: 75,
    url: 3_000,
    accessibilityLabel: 75,
    placeholder: 150,
    optionText: 75,
    optionValue: 150,
    options: 100,
    fewOptions: 10,
    overflowOptions: 5,
    inputLength: 3_000,
    confirmTitle: 100,
    confirmText: 300,
    confirmButton: 30,
  },
  text: 3_000,
  view: { blocks: 100, title: 24, button: 24, privateMetadata: 3_000, callbackId: 255, bytes: 250_000 },
  assistant: { prompts: 4, loadingMessages: 10 },
  /** Of a people's interaction: how long its trigger opens a view. */
  triggerMs: 3_000,
  /** In which an event or an interaction has to be acknowledged. */
  ackMs: 3_000,
  eventRetries: 3,
  responseUrl: { uses: 5, ms: 30 * 60_000 },
  /** After it a stream takes no more text. */
  streamMs: 5 * 60_000,
  sockets: 10,
  page: { default: 100, most: 1_000 },
} as const;

/** How many calls a minute a workspace may make of a method. */
export const TIERS = { tier2: 20, tier3: 50, tier4: 100 } as const;
export type Tier = keyof typeof TIERS;

/** chat.postMessage has limits of its own: about one a second and channel with short bursts, some hundreds a minute in all. */
export const POSTING = {
  channel: { calls: 10, windowMs: 10_000 },
  workspace: { calls: 300, windowMs: 60_000 },
} as const;
