import { type APIModalInteractionResponseCallbackData, ComponentType, TextInputStyle } from 'discord.js';
import { customIdOf, reasonForm, reasons } from '../action-ids.ts';
import { button, type DiscordMessage, messageOf } from './message.ts';

/** Of what may be written about an answer, in characters. */
const MAX_WRITTEN = 1_500;

/** The form in which a person may say what was wrong with an answer. */
export const renderReasonForm = (answerId: string): APIModalInteractionResponseCallbackData => ({
  custom_id: customIdOf({ type: 'reason', answerId }),
  title: 'Your 👎 is noted',
  components: [
    {
      type: ComponentType.Label,
      label: 'What was wrong with the answer?',
      component: {
        type: ComponentType.StringSelect,
        custom_id: reasonForm.chosen,
        required: false,
        min_values: 0,
        max_values: reasons.length,
        options: reasons.map(([value, label]) => ({ value, label })),
      },
    },
    {
      type: ComponentType.Label,
      label: 'What would have been right?',
      component: {
        type: ComponentType.TextInput,
        custom_id: reasonForm.written,
        style: TextInputStyle.Paragraph,
        required: false,
        max_length: MAX_WRITTEN,
      },
    },
  ],
});

const thanks = {
  up: 'Thank you, your 👍 is noted.',
  down: 'Thank you, your 👎 is noted.',
  clear: 'Your rating is taken back.',
  same: 'That rating stands already.',
  reason: 'Thank you, your reason is noted.',
} as const;

/** What a person who rated is told privately; after a 👎 with a button to say why. */
export function renderThanks(what: keyof typeof thanks, answerId: string): DiscordMessage {
  const buttons = what === 'down' ? [button({ type: 'reason', answerId }, 'Say what was wrong')] : [];
  return messageOf(thanks[what], { buttons, isPrivate: true });
}
