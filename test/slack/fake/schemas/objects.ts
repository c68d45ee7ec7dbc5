import { z } from 'zod';
import { LIMITS } from '../limits.ts';

// Composition objects: https://docs.slack.dev/reference/block-kit/composition-objects

const { element, text: longest } = LIMITS;

export const plain = (most: number = longest) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(most),
    emoji: z.boolean().optional(),
  });

export const mrkdwn = (most: number = longest) =>
  z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(most),
    verbatim: z.boolean().optional(),
  });

export const anyText = (most: number = longest) => z.discriminatedUnion('type', [plain(most), mrkdwn(most)]);

export const confirm = z.strictObject({
  title: plain(element.confirmTitle),
  text: anyText(element.confirmText),
  confirm: plain(element.confirmButton),
  deny: plain(element.confirmButton),
  style: z.enum(['primary', 'danger']).optional(),
});

export const option = z.strictObject({
  text: anyText(element.optionText),
  value: z.string().max(element.optionValue),
  description: anyText(element.optionText).optional(),
  url: z.string().max(element.url).optional(),
});

export const optionGroup = z.strictObject({
  label: plain(element.optionText),
  options: z.array(option).min(1).max(element.options),
});

export const actionId = z.string().min(1).max(element.actionId).optional();
export const url = z
  .string()
  .max(element.url)
  .regex(/^(https?|mailto|slack):/, 'invalid url');
