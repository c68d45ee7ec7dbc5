import { ButtonStyle, ChannelType, TextInputStyle, ComponentType as Type } from 'discord.js';
import { z } from 'zod';
import { LIMITS } from '../limits.ts';
import { fault, snowflake, text } from './values.ts';

const { components, modal } = LIMITS;
const id = z.int().nonnegative().optional();
export const customId = text(components.customId, 1);

export const emoji = z.strictObject({
  id: snowflake.nullish(),
  name: z.string().nullish(),
  animated: z.boolean().optional(),
});

const button = z
  .strictObject({
    type: z.literal(Type.Button),
    id,
    style: z.literal([
      ButtonStyle.Primary,
      ButtonStyle.Secondary,
      ButtonStyle.Success,
      ButtonStyle.Danger,
      ButtonStyle.Link,
    ]),
    label: text(components.buttonLabel).nullish(),
    emoji: emoji.nullish(),
    custom_id: customId.optional(),
    url: text(components.url, 1).optional(),
    disabled: z.boolean().optional(),
  })
  .superRefine(({ style, label, emoji: picture, custom_id, url }, context) => {
    const isLink = style === ButtonStyle.Link;
    if (isLink !== (url !== undefined))
      context.addIssue(
        fault('BUTTON_COMPONENT_INVALID_URL', 'A link button needs a url, and no other has one.', ['url']),
      );
    if (isLink === (custom_id !== undefined))
      context.addIssue(
        isLink
          ? fault('BUTTON_COMPONENT_CUSTOM_ID_AND_URL', 'A custom id and url cannot both be specified', ['custom_id'])
          : fault('BUTTON_COMPONENT_CUSTOM_ID_REQUIRED', 'A custom id is required', ['custom_id']),
      );
    if (!label && picture == null)
      context.addIssue(fault('BUTTON_COMPONENT_INVALID_LABEL_EMOJI', 'A button must have a label or emoji'));
  });

const menu = {
  id,
  custom_id: customId,
  placeholder: text(components.placeholder).optional(),
  min_values: z.int().min(0).max(components.options).optional(),
  max_values: z.int().min(1).max(components.options).optional(),
  disabled: z.boolean().optional(),
  required: z.boolean().optional(),
};
const option = z.strictObject({
  label: text(components.optionText, 1),
  value: text(components.optionText, 1),
  description: text(components.optionText).nullish(),
  emoji: emoji.nullish(),
  default: z.boolean().optional(),
});
const stringMenu = z
  .strictObject({
    type: z.literal(Type.StringSelect),
    ...menu,
    options: z.array(option).min(1).max(components.options),
  })
  .superRefine(({ options }, context) => {
    options.forEach(({ value }, index) => {
      if (options.findIndex((other) => other.value === value) < index)
        context.addIssue(
          fault('SELECT_COMPONENT_OPTION_VALUE_DUPLICATED', 'The specified option value is already used', [
            'options',
            index,
            'value',
          ]),
        );
    });
  });
const defaults = z.array(z.strictObject({ id: snowflake, type: z.enum(['user', 'role', 'channel']) })).max(25);
const entityMenu = <T extends Type>(type: T) =>
  z.strictObject({ type: z.literal(type), ...menu, default_values: defaults.optional() });
const channelMenu = z.strictObject({
  type: z.literal(Type.ChannelSelect),
  ...menu,
  channel_types: z.array(z.enum(ChannelType)).optional(),
  default_values: defaults.optional(),
});
const menus = [
  stringMenu,
  entityMenu(Type.UserSelect),
  entityMenu(Type.RoleSelect),
  entityMenu(Type.MentionableSelect),
  channelMenu,
] as const;

const row = z
  .strictObject({
    type: z.literal(Type.ActionRow),
    id,
    components: z
      .array(z.discriminatedUnion('type', [button, ...menus]))
      .min(1)
      .max(components.buttons),
  })
  .superRefine(({ components: held }, context) => {
    if (held.length > 1 && held.some(({ type }) => type !== Type.Button))
      context.addIssue(
        fault('COMPONENT_LAYOUT_WIDTH_EXCEEDED', 'The specified component exceeds the maximum width', ['components']),
      );
  });

const words = z.strictObject({
  type: z.literal(Type.TextDisplay),
  id,
  content: text(LIMITS.message.textOfComponents, 1),
});
const media = z.strictObject({ url: z.string().min(1) });
const thumbnail = z.strictObject({
  type: z.literal(Type.Thumbnail),
  id,
  media,
  description: text(1_024).nullish(),
  spoiler: z.boolean().optional(),
});
const section = z.strictObject({
  type: z.literal(Type.Section),
  id,
  components: z.array(words).min(1).max(3),
  accessory: z.discriminatedUnion('type', [button, thumbnail]),
});
const gallery = z.strictObject({
  type: z.literal(Type.MediaGallery),
  id,
  items: z
    .array(z.strictObject({ media, description: text(1_024).nullish(), spoiler: z.boolean().optional() }))
    .min(1)
    .max(10),
});
const separator = z.strictObject({
  type: z.literal(Type.Separator),
  id,
  divider: z.boolean().optional(),
  spacing: z.int().min(1).max(2).optional(),
});
const inContainer = [row, section, words, gallery, separator] as const;
const container = z.strictObject({
  type: z.literal(Type.Container),
  id,
  components: z.array(z.discriminatedUnion('type', inContainer)).min(1),
  accent_color: z.int().min(0).max(0xffffff).nullish(),
  spoiler: z.boolean().optional(),
});

/** What a message holds: rows of buttons and menus, or with IsComponentsV2 the new kinds too. */
export const rows = z.array(z.discriminatedUnion('type', [row])).max(components.rows);
export const layout = z.array(z.discriminatedUnion('type', [...inContainer, container])).max(components.all);

const input = {
  type: z.literal(Type.TextInput),
  id,
  custom_id: customId,
  style: z.enum(TextInputStyle),
  min_length: z.int().min(0).max(modal.input).optional(),
  max_length: z.int().min(1).max(modal.input).optional(),
  required: z.boolean().optional(),
  value: text(modal.input).optional(),
  placeholder: text(modal.inputPlaceholder).optional(),
};
const rowInModal = z.strictObject({
  type: z.literal(Type.ActionRow),
  id,
  components: z
    .array(z.discriminatedUnion('type', [z.strictObject({ ...input, label: text(modal.label, 1) })]))
    .min(1)
    .max(1),
});
const label = z.strictObject({
  type: z.literal(Type.Label),
  id,
  label: text(modal.label, 1),
  description: text(modal.description).nullish(),
  component: z.discriminatedUnion('type', [z.strictObject(input), ...menus]),
});

/** A modal, as a callback of type 9 gives it. */
export const modalData = z.strictObject({
  custom_id: customId,
  title: text(modal.title, 1),
  components: z
    .array(z.discriminatedUnion('type', [rowInModal, label, words]))
    .min(1)
    .max(modal.components),
});
