import type { Call } from './fake/journal.ts';

type Measure = 'characters' | 'bytes' | 'items' | 'number';

/** One published limit. */
export interface CallLimit {
  readonly methods: readonly string[];
  readonly what: string;
  readonly most: number;
  readonly measure: Measure;
  readonly valuesOf: (args: Node) => readonly unknown[];
}

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

const JSON_ARGUMENTS = ['blocks', 'view', 'metadata', 'prompts', 'loading_messages'];
/** In a form what is JSON comes as text. */
const decoded = (name: string, value: unknown): unknown =>
  typeof value === 'string' && JSON_ARGUMENTS.includes(name) ? JSON.parse(value) : value;

const nodesOf = (value: unknown): readonly Node[] => {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  return isNode(value) ? [value, ...Object.values(value).flatMap(nodesOf)] : [];
};
const textOf = (value: unknown): unknown => (isNode(value) ? value.text : value);

const argument =
  (name: string) =>
  (args: Node): readonly unknown[] =>
    args[name] === undefined ? [] : [args[name]];
const within = ({ blocks, view }: Node, isMeant: (node: Node) => boolean): readonly Node[] =>
  nodesOf(blocks ?? view).filter(isMeant);
/** A field of everything of a type in the blocks, or in a view. */
const inside = (type: string, field: string) => (args: Node) =>
  within(args, (node) => (type === '*' || node.type === type) && node[field] !== undefined).map((node) =>
    textOf(node[field]),
  );
const together = (types: readonly string[]) => (args: Node) => [
  within(args, ({ type, text }) => types.includes(String(type)) && typeof text === 'string')
    .map(({ text }) => text)
    .join(''),
];
const inView =
  (name: string) =>
  ({ view }: Node): readonly unknown[] => {
    const value = isNode(view) ? textOf(view[name]) : undefined;
    return value === undefined ? [] : [value];
  };

const posts = ['chat.postMessage', 'chat.postEphemeral'];
const messages = [...posts, 'chat.update', 'response_url'];
const views = ['views.open', 'views.update', 'views.push', 'views.publish'];
const streams = ['chat.startStream', 'chat.appendStream', 'chat.stopStream'];
const all = [...messages, ...views, ...streams];
const rule = (
  methods: readonly string[],
  what: string,
  most: number,
  measure: Measure,
  valuesOf: CallLimit['valuesOf'],
): CallLimit => ({ methods, what, most, measure, valuesOf });

/** [methods, type of the block or element ('*': any), its field, most, measure] */
const elementLimits = [
  [all, 'section', 'text', 3_000, 'characters'],
  [all, 'section', 'fields', 10, 'items'],
  [all, 'header', 'text', 150, 'characters'],
  [all, 'context', 'elements', 10, 'items'],
  [all, 'actions', 'elements', 25, 'items'],
  [all, 'context_actions', 'elements', 5, 'items'],
  [all, 'button', 'text', 75, 'characters'],
  [all, 'button', 'value', 2_000, 'characters'],
  [all, 'checkboxes', 'options', 10, 'items'],
  [all, 'input', 'label', 2_000, 'characters'],
  [all, 'plain_text_input', 'max_length', 3_000, 'number'],
  [all, '*', 'accessibility_label', 75, 'characters'],
  [all, '*', 'action_id', 255, 'characters'],
  [all, '*', 'block_id', 255, 'characters'],
] as const;

/** Slack's published limits of what the adapter sends: docs.slack.dev/reference/methods and …/reference/block-kit. */
export const callLimits: readonly CallLimit[] = [
  rule(posts, 'text', 40_000, 'characters', argument('text')),
  rule(['chat.update'], 'text', 4_000, 'characters', argument('text')),
  rule(streams, 'markdown_text', 12_000, 'characters', argument('markdown_text')),
  rule(messages, 'blocks', 50, 'items', argument('blocks')),
  rule(messages, 'markdown blocks together', 12_000, 'characters', together(['markdown'])),
  rule(messages, 'other texts together', 12_000, 'characters', together(['mrkdwn', 'plain_text'])),
  rule(messages, 'metadata', 8_000, 'bytes', argument('metadata')),
  rule(views, 'view', 250_000, 'bytes', argument('view')),
  rule(views, 'blocks of a view', 100, 'items', inView('blocks')),
  rule(views, 'title', 24, 'characters', inView('title')),
  rule(views, 'submit', 24, 'characters', inView('submit')),
  rule(views, 'close', 24, 'characters', inView('close')),
  rule(views, 'private_metadata', 3_000, 'characters', inView('private_metadata')),
  rule(views, 'callback_id', 255, 'characters', inView('callback_id')),
  rule(['assistant.threads.setSuggestedPrompts'], 'prompts', 4, 'items', argument('prompts')),
  rule(['assistant.threads.setStatus'], 'loading_messages', 10, 'items', argument('loading_messages')),
  rule(['conversations.history', 'conversations.replies'], 'limit', 1_000, 'number', argument('limit')),
  ...elementLimits.map(([methods, type, field, most, measure]) =>
    rule(methods, `${field} of ${type}`, most, measure, inside(type, field)),
  ),
];

/** Slack counts code points or UTF-16 units, depending on where: units are never fewer. */
function sizeOf(value: unknown, measure: Measure): number {
  if (measure === 'number') return Number(value);
  if (measure === 'bytes') return Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value));
  return typeof value === 'string' || Array.isArray(value) ? value.length : 0;
}

export interface LimitUse {
  readonly limit: CallLimit;
  /** The largest of all calls; 0 where nothing was sent that it limits. */
  readonly largest: number;
}

/** How far calls went towards each limit. */
export function usesOf(calls: readonly Call[], limits: readonly CallLimit[] = callLimits): LimitUse[] {
  const sent = calls.map(({ method, args }) => ({
    method,
    args: Object.fromEntries(Object.entries(args).map(([name, value]) => [name, decoded(name, value)])),
  }));
  return limits.map((limit) => ({
    limit,
    largest: sent
      .filter(({ method }) => limit.methods.includes(method))
      .flatMap(({ args }) => limit.valuesOf(args))
      .reduce<number>((largest, value) => Math.max(largest, sizeOf(value, limit.measure)), 0),
  }));
}

/** Limits that calls went beyond. */
export const overLimits = (calls: readonly Call[]): string[] =>
  usesOf(calls)
    .filter(({ limit, largest }) => largest > limit.most)
    .map(({ limit, largest }) => `${limit.what} of ${limit.methods.join(', ')}: ${largest} > ${limit.most}`);
