import { type APIModalInteractionResponseCallbackData, ComponentType, TextInputStyle } from 'discord.js';
import { MAX_WRITTEN, reasons, reasonWords, type Thanks, thanks } from '../../delivery/feedback.ts';
import { customIdOf, reasonForm } from '../action-ids.ts';
import { button, type DiscordMessage, messageOf } from './message.ts';

/** The form in which a person may say what was wrong with an answer. */
export const renderReasonForm = (answerId: string): APIModalInteractionResponseCallbackData => ({
  custom_id: customIdOf({ type: 'reason', answerId }),
  title: 'Your 👎 is noted',
  components: [
    {
      type: ComponentType.Label,
      label: reasonWords.chosen,
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
      label: reasonWords.written,
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

/** What a person who rated is told privately; after a 👎 with a button to say why. */
export function renderThanks(what: Thanks, answerId: string): DiscordMessage {
  const buttons = what === 'down' ? [button({ type: 'reason', answerId }, reasonWords.open)] : [];
  return messageOf(thanks[what], { buttons, isPrivate: true });
}
