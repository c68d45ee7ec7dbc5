import { type RunRules, resumeFollowing, retrain } from '../../delivery/follow-run.ts';
import { finalRefusalOf } from '../calls.ts';
import type { DiscordContext } from '../context.ts';
import { messageKey } from '../keys.ts';
import type { InputOf } from '../parse.ts';
import { renderNotice } from '../render.ts';

/** `/foursight retrain`. It takes longer than Discord lets a command be answered: how it goes is told directly. */
export async function onRetrain(
  { workspace, person, isDirect }: InputOf<'command'>,
  tell: (markdown: string) => Promise<void>,
  discord: DiscordContext,
): Promise<void> {
  const wish = { workspace, person: person.key, isElsewhere: () => !isDirect, tell };
  await retrain(wish, rulesOf(discord), discord);
}

/** Goes on following what an earlier process followed. */
export const resumeRuns = (workspace: string, discord: DiscordContext): Promise<void> =>
  resumeFollowing(workspace, rulesOf(discord), discord);

const rulesOf = ({ api, directory, editMessage }: DiscordContext): RunRules => ({
  async write(_, person, markdown) {
    const channel = await api.openDirect(person);
    directory.note(channel);
    const [message] = renderNotice(markdown);
    if (message === undefined) throw new TypeError('nothing to write');
    const { id } = await api.post(channel.id, { message });
    return messageKey({ channel: channel.id, id });
  },
  async edit(_, key, markdown) {
    const [message] = renderNotice(markdown);
    if (message !== undefined) await editMessage(key, message);
  },
  isRefused: (error) => finalRefusalOf(error) !== undefined,
});
