import { z } from 'zod';
import { LIMITS } from '../limits.ts';
import { actionId, confirm, option, optionGroup, plain, url } from './objects.ts';

// Block elements: https://docs.slack.dev/reference/block-kit/block-elements

const { element, block } = LIMITS;
const accessibilityLabel = z.string().max(element.accessibilityLabel).optional();

const button = z.strictObject({
  type: z.literal('button'),
  text: plain(element.buttonText),
  action_id: actionId,
  value: z.string().max(element.value).optional(),
  url: url.optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: confirm.optional(),
  accessibility_label: accessibilityLabel,
});

export const image = z.strictObject({
  type: z.literal('image'),
  image_url: z.string().max(block.imageUrl),
  alt_text: z.string().max(block.altText),
});

const feedbackButton = z.strictObject({
  text: plain(element.buttonText),
  value: z.string().max(element.value),
  accessibility_label: accessibilityLabel,
});
const feedbackButtons = z.strictObject({
  type: z.literal('feedback_buttons'),
  action_id: actionId,
  positive_button: feedbackButton,
  negative_button: feedbackButton,
});

const iconButton = z.strictObject({
  type: z.literal('icon_button'),
  icon: z.enum(['trash']),
  text: plain(element.buttonText),
  action_id: actionId,
  value: z.string().max(element.value).optional(),
  confirm: confirm.optional(),
  accessibility_label: accessibilityLabel,
  visible_to_user_ids: z.array(z.string()).optional(),
});

const chooser = {
  action_id: actionId,
  confirm: confirm.optional(),
  focus_on_load: z.boolean().optional(),
};
const menu = { ...chooser, placeholder: plain(element.placeholder).optional() };
const choices = {
  options: z.array(option).min(1).max(element.options).optional(),
  option_groups: z.array(optionGroup).min(1).max(element.options).optional(),
};
const fewOptions = z.array(option).min(1).max(element.fewOptions);

const staticSelect = z.strictObject({
  type: z.literal('static_select'),
  ...menu,
  ...choices,
  initial_option: option.optional(),
});
const multiStaticSelect = z.strictObject({
  type: z.literal('multi_static_select'),
  ...menu,
  ...choices,
  initial_options: z.array(option).optional(),
  max_selected_items: z.int().min(1).optional(),
});
const usersSelect = z.strictObject({
  type: z.literal('users_select'),
  ...menu,
  initial_user: z.string().optional(),
});
const conversationsSelect = z.strictObject({
  type: z.literal('conversations_select'),
  ...menu,
  initial_conversation: z.string().optional(),
  default_to_current_conversation: z.boolean().optional(),
  response_url_enabled: z.boolean().optional(),
  filter: z.looseObject({}).optional(),
});
const overflow = z.strictObject({
  type: z.literal('overflow'),
  action_id: actionId,
  confirm: confirm.optional(),
  options: z.array(option).min(1).max(element.overflowOptions),
});
const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  ...chooser,
  options: fewOptions,
  initial_options: fewOptions.optional(),
});
const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  ...chooser,
  options: fewOptions,
  initial_option: option.optional(),
});

const field = {
  action_id: actionId,
  focus_on_load: z.boolean().optional(),
  placeholder: plain(element.placeholder).optional(),
  dispatch_action_config: z
    .strictObject({
      trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])).min(1),
    })
    .optional(),
};
const plainTextInput = z.strictObject({
  type: z.literal('plain_text_input'),
  ...field,
  initial_value: z.string().max(element.inputLength).optional(),
  multiline: z.boolean().optional(),
  min_length: z.int().min(0).max(element.inputLength).optional(),
  max_length: z.int().min(1).max(element.inputLength).optional(),
});
const numberInput = z.strictObject({
  type: z.literal('number_input'),
  ...field,
  is_decimal_allowed: z.boolean(),
  initial_value: z.string().optional(),
  min_value: z.string().optional(),
  max_value: z.string().optional(),
});

const choosers = [staticSelect, multiStaticSelect, usersSelect, conversationsSelect, checkboxes, radioButtons] as const;

export const cardActions = z.array(button);
export const actionElement = z.discriminatedUnion('type', [button, overflow, ...choosers]);
export const accessory = z.discriminatedUnion('type', [button, image, overflow, ...choosers]);
export const contextAction = z.discriminatedUnion('type', [feedbackButtons, iconButton]);
export const inputElement = z.discriminatedUnion('type', [plainTextInput, numberInput, ...choosers]);
