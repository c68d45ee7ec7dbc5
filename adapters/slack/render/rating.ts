import type { ModalView } from '@slack/types';
import { MAX_WRITTEN, reasons, reasonWords, type Thanks, thanks } from '../../delivery/feedback.ts';
import { actionIds, reasonForm } from '../action-ids.ts';
import type { SlackMessage } from './message.ts';

/**
 * The form in which a person may say what was wrong with an answer.
 * @param conversation where the person is thanked; null: nowhere
 */
export const renderReasonForm = (answerId: string, conversation: string | null): ModalView => ({
  type: 'modal',
  callback_id: reasonForm.callbackId,
  private_metadata: JSON.stringify({ answerId, conversation }),
  title: { type: 'plain_text', text: 'What was wrong?' },
  submit: { type: 'plain_text', text: 'Send' },
  close: { type: 'plain_text', text: 'Skip' },
  blocks: [
    {
      type: 'input',
      block_id: reasonForm.reasonsBlock,
      optional: true,
      label: { type: 'plain_text', text: `Your 👎 is noted. ${reasonWords.chosen}`, emoji: true },
      element: {
        type: 'checkboxes',
        action_id: reasonForm.reasonsAction,
        options: reasons.map(([value, label]) => ({ value, text: { type: 'plain_text', text: label } })),
      },
    },
    {
      type: 'input',
      block_id: reasonForm.textBlock,
      optional: true,
      label: { type: 'plain_text', text: reasonWords.written },
      element: { type: 'plain_text_input', action_id: reasonForm.textAction, multiline: true, max_length: MAX_WRITTEN },
    },
  ],
});

/** What a person who rated is told privately; after a 👎 with a button to say why. */
export function renderThanks(what: Thanks, answerId: string): SlackMessage {
  const text = thanks[what];
  const section = { type: 'section', text: { type: 'mrkdwn', text } } as const;
  if (what !== 'down') return { text, blocks: [section] };
  const why = {
    type: 'button',
    action_id: actionIds.reason,
    value: answerId,
    text: { type: 'plain_text', text: reasonWords.open },
  } as const;
  return { text, blocks: [{ ...section, accessory: why }] };
}
