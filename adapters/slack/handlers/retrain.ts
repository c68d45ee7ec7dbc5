import { type RunRules, resumeFollowing, retrain } from '../../delivery/follow-run.ts';
import { finalRefusalOf } from '../calls.ts';
import type { InputOf, SlackContext } from '../context.ts';
import { updateMessage } from '../edit-message.ts';
import { messageKey, messagePlace } from '../keys.ts';
import { renderNotice } from '../render.ts';
import { directMessages, placeOfPress, writeDirectly } from './people.ts';

/** `/foursight retrain`. */
export async function onRetrain(input: InputOf<'command'>, slack: SlackContext): Promise<void> {
  const { workspace, person, channel } = input;
  const wish = {
    workspace,
    person: person.key,
    isElsewhere: (message: string) => channel !== null && channel !== messagePlace(message)?.channel,
    tell: (markdown: string) => slack.tell(placeOfPress(input), renderNotice(markdown)),
  };
  await retrain(wish, rulesOf(slack), slack);
}

/** Goes on following what an earlier process followed. */
export const resumeRuns = (workspace: string, slack: SlackContext): Promise<void> =>
  resumeFollowing(workspace, rulesOf(slack), slack);

const rulesOf = (slack: SlackContext): RunRules => ({
  async write(workspace, person, markdown) {
    const channel = await directMessages(slack, workspace, person);
    return messageKey(await writeDirectly(slack, workspace, channel, markdown));
  },
  async edit(workspace, message, markdown) {
    const where = messagePlace(message);
    const [shown] = renderNotice(markdown);
    if (where === undefined || shown === undefined) return;
    await updateMessage(await slack.workspaceOf(workspace), where, shown);
  },
  isRefused: (error) => finalRefusalOf(error) !== undefined,
});
