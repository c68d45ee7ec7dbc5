import { z } from 'zod';
import { LIMITS } from '../limits.ts';
import { accessory, actionElement, cardActions, contextAction, image, inputElement } from './elements.ts';
import { anyText, mrkdwn, plain } from './objects.ts';

// Blocks: https://docs.slack.dev/reference/block-kit/blocks. Types that are not here (carousel, container, data_table,
// file, video) are refused like unknown ones.

const { block, message, view } = LIMITS;
const blockId = { block_id: z.string().max(block.id).optional() };

const section = z
  .strictObject({
    type: z.literal('section'),
    ...blockId,
    text: anyText(block.sectionText).optional(),
    fields: z.array(anyText(block.sectionField)).min(1).max(block.sectionFields).optional(),
    accessory: accessory.optional(),
    expand: z.boolean().optional(),
  })
  .refine(({ text, fields }) => text !== undefined || fields !== undefined, {
    message: 'missing required field: text or fields',
  });
const divider = z.strictObject({ type: z.literal('divider'), ...blockId });
const header = z.strictObject({ type: z.literal('header'), ...blockId, text: plain(block.header) });
const context = z.strictObject({
  type: z.literal('context'),
  ...blockId,
  elements: z
    .array(z.discriminatedUnion('type', [plain(), mrkdwn(), image]))
    .min(1)
    .max(block.context),
});
const actions = z.strictObject({
  type: z.literal('actions'),
  ...blockId,
  elements: z.array(actionElement).min(1).max(block.actions),
});
const contextActions = z.strictObject({
  type: z.literal('context_actions'),
  ...blockId,
  elements: z.array(contextAction).min(1).max(block.contextActions),
});
const imageBlock = z.strictObject({
  type: z.literal('image'),
  ...blockId,
  image_url: z.string().max(block.imageUrl),
  alt_text: z.string().max(block.altText),
  title: plain(block.altText).optional(),
});
const input = z.strictObject({
  type: z.literal('input'),
  ...blockId,
  label: plain(block.inputLabel),
  element: inputElement,
  hint: plain(block.inputLabel).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
});
const markdown = z.strictObject({
  type: z.literal('markdown'),
  ...blockId,
  text: z.string().min(1).max(message.markdownBlocks),
});
const alert = z.strictObject({
  type: z.literal('alert'),
  ...blockId,
  text: anyText(),
  level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
});
const card = z.strictObject({
  type: z.literal('card'),
  ...blockId,
  hero_image: image.optional(),
  icon: image.optional(),
  title: mrkdwn(block.cardTitle).optional(),
  subtitle: mrkdwn(block.cardTitle).optional(),
  body: mrkdwn(block.cardBody).optional(),
  actions: cardActions.optional(),
});

const richTextPart: z.ZodType = z.looseObject({
  type: z.enum(['broadcast', 'color', 'channel', 'date', 'emoji', 'link', 'team', 'text', 'user', 'usergroup']),
});
const richTextSection = z.strictObject({ type: z.literal('rich_text_section'), elements: z.array(richTextPart) });
const bordered = { border: z.union([z.literal(0), z.literal(1)]).optional() };
const richText = z.strictObject({
  type: z.literal('rich_text'),
  ...blockId,
  elements: z.array(
    z.discriminatedUnion('type', [
      richTextSection,
      z.strictObject({ type: z.literal('rich_text_quote'), ...bordered, elements: z.array(richTextPart) }),
      z.strictObject({
        type: z.literal('rich_text_preformatted'),
        ...bordered,
        language: z.string().optional(),
        elements: z.array(richTextPart),
      }),
      z.strictObject({
        type: z.literal('rich_text_list'),
        ...bordered,
        elements: z.array(richTextSection),
        style: z.enum(['bullet', 'ordered']),
        indent: z.int().min(0).max(8).optional(),
        offset: z.int().min(0).optional(),
      }),
    ]),
  ),
});
const cell = z.discriminatedUnion('type', [
  richText,
  z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1) }),
  z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: z.string().min(1) }),
]);
const table = z.strictObject({
  type: z.literal('table'),
  ...blockId,
  rows: z.array(z.array(cell).min(1).max(block.tableColumns)).min(1).max(block.tableRows),
  column_settings: z
    .array(
      z
        .strictObject({ align: z.enum(['left', 'center', 'right']).optional(), is_wrapped: z.boolean().optional() })
        .nullable(),
    )
    .max(block.tableColumns)
    .optional(),
});

export const sources = z.array(z.strictObject({ type: z.literal('url'), url: z.string(), text: z.string() }));
export const taskStatus = z.enum(['pending', 'in_progress', 'complete', 'error']);
const taskCard = z.strictObject({
  type: z.literal('task_card'),
  ...blockId,
  task_id: z.string().min(1),
  title: z.string().min(1),
  details: richText.optional(),
  output: richText.optional(),
  sources: sources.optional(),
  status: taskStatus,
});
const plan = z.strictObject({
  type: z.literal('plan'),
  ...blockId,
  title: z.string().min(1),
  tasks: z.array(taskCard).optional(),
});

const everywhere = [section, divider, header, context, actions, imageBlock, input, richText, alert] as const;
const inMessages = [markdown, contextActions, table, card, taskCard, plan] as const;

type AnyBlock = { readonly type: string; readonly block_id?: string | undefined };

/** Block ids are unique in a payload, and a message holds one table. */
function consistent(blocks: readonly AnyBlock[], refuse: (message: string, index: number) => void): void {
  const ids = new Set<string>();
  blocks.forEach(({ block_id }, index) => {
    if (block_id !== undefined && ids.has(block_id)) refuse(`block_id must be unique: ${block_id}`, index);
    if (block_id !== undefined) ids.add(block_id);
  });
  if (blocks.filter(({ type }) => type === 'table').length > 1) refuse('only one table allowed', 0);
}

const blocksOf = <Schema extends z.ZodType<AnyBlock>>(schema: Schema, most: number) =>
  z
    .array(schema)
    .max(most)
    .superRefine((blocks, context) =>
      consistent(blocks, (message, index) => context.addIssue({ code: 'custom', message, path: [index] })),
    );

export const messageBlocks = blocksOf(z.discriminatedUnion('type', [...everywhere, ...inMessages]), message.blocks);
export const viewBlocks = blocksOf(z.discriminatedUnion('type', everywhere), view.blocks);
