import type { SlackMessage } from '../../adapters/slack/render.ts';

/** Slack's published limits, by where they hold. */
const LIMITS = {
  text: 3_000,
  header: 150,
  button: 75,
  value: 2_000,
  actionId: 255,
  blocks: 50,
  viewBlocks: 100,
  markdown: 12_000,
  allText: 13_000,
  fallback: 4_000,
  contextElements: 10,
  actions: 25,
  options: 10,
  title: 24,
  metadata: 3_000,
} as const;

type Node = Readonly<Record<string, unknown>>;

function* nodesOf(value: unknown): Generator<Node> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Node;
  for (const inner of Object.values(value)) yield* nodesOf(inner);
}

const lengthOf = (value: unknown): number =>
  typeof value === 'string' ? value.length : String((value as Node | undefined)?.text ?? '').length;

/** What a block, an element or a text breaks. */
function nodeFaults(node: Node): string[] {
  const { type, text, elements, value } = node;
  const rules: readonly (readonly [boolean, string])[] = [
    [(type === 'mrkdwn' || type === 'plain_text') && !(lengthOf(text) >= 1 && lengthOf(text) <= LIMITS.text), 'text'],
    [type === 'markdown' && lengthOf(text) < 1, 'empty markdown'],
    [type === 'header' && lengthOf(text) > LIMITS.header, 'header'],
    [(type === 'button' || 'accessibility_label' in node) && lengthOf(text) > LIMITS.button, 'button text'],
    ['accessibility_label' in node && lengthOf(node.accessibility_label) > LIMITS.button, 'label'],
    ['value' in node && !(lengthOf(value) <= LIMITS.value), 'value'],
    [
      'action_id' in node && !(lengthOf(node.action_id) >= 1 && lengthOf(node.action_id) <= LIMITS.actionId),
      'action_id',
    ],
    [type === 'context' && (elements as Node[]).length > LIMITS.contextElements, 'context'],
    [
      type === 'actions' && !((elements as Node[]).length >= 1 && (elements as Node[]).length <= LIMITS.actions),
      'actions',
    ],
    [type === 'checkboxes' && (node.options as Node[]).length > LIMITS.options, 'options'],
  ];
  return rules.flatMap(([isBroken, name]) => (isBroken ? [`${name}: ${JSON.stringify(node).slice(0, 200)}`] : []));
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

/** What of Slack's limits a message breaks. */
export function messageFaults({ text, blocks }: SlackMessage): string[] {
  const nodes = [...nodesOf(blocks)];
  const markdown = sum(nodes.filter(({ type }) => type === 'markdown').map((node) => lengthOf(node.text)));
  const all = sum(nodes.filter((node) => typeof node.text === 'string').map((node) => lengthOf(node.text)));
  return [
    ...nodes.flatMap(nodeFaults),
    ...(markdown > LIMITS.markdown ? [`${markdown} characters of markdown`] : []),
    ...(all > LIMITS.allText ? [`${all} characters`] : []),
    ...(blocks.length > LIMITS.blocks || blocks.length === 0 ? [`${blocks.length} blocks`] : []),
    ...(text === '' || text.length > LIMITS.fallback ? [`a fallback of ${text.length}`] : []),
  ];
}

/** What of Slack's limits a view breaks. */
export function viewFaults(view: { readonly type: string; readonly blocks: readonly unknown[] } & object): string[] {
  const nodes = [...nodesOf(view.blocks)];
  const titles = ['title', 'submit', 'close'].filter((name) => lengthOf((view as Node)[name]) > LIMITS.title);
  return [
    ...nodes.flatMap(nodeFaults),
    ...titles,
    ...nodes.filter(({ type }) => type === 'markdown' || type === 'context_actions').map(() => 'not in views'),
    ...(view.blocks.length > LIMITS.viewBlocks ? [`${view.blocks.length} blocks`] : []),
    ...(lengthOf((view as Node).private_metadata) > LIMITS.metadata ? ['private_metadata'] : []),
  ];
}
