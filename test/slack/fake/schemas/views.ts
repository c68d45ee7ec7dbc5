import { z } from 'zod';
import { LIMITS } from '../limits.ts';
import { viewBlocks } from './blocks.ts';
import { plain } from './objects.ts';
import { args, json, text } from './values.ts';

const { view } = LIMITS;
const common = {
  blocks: viewBlocks,
  private_metadata: z.string().max(view.privateMetadata).optional(),
  callback_id: z.string().max(view.callbackId).optional(),
  external_id: z.string().max(view.callbackId).optional(),
};

const home = z.strictObject({ type: z.literal('home'), ...common });
const modal = z
  .strictObject({
    type: z.literal('modal'),
    title: plain(view.title),
    submit: plain(view.button).optional(),
    close: plain(view.button).optional(),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
    submit_disabled: z.boolean().optional(),
    ...common,
  })
  .refine(({ blocks, submit }) => submit !== undefined || !blocks.some(({ type }) => type === 'input'), {
    message: 'missing required field: submit',
    path: ['submit'],
  });

export const anyView = z.discriminatedUnion('type', [home, modal]);
export const modalView = json(modal);

export const viewsOpen = args({
  trigger_id: text.optional(),
  interactivity_pointer: text.optional(),
  view: json(modal),
});
export const viewsPublish = args({ user_id: text, view: json(home), hash: text.optional() });
export const viewsUpdate = args({
  view_id: text.optional(),
  external_id: text.optional(),
  view: json(anyView),
  hash: text.optional(),
});
