import { messageOf } from '../../../src/errors.ts';
import type { Person } from '../../delivery/inputs.ts';
import { lastNight, standingOf, undeliverableIn } from '../../delivery/standing.ts';
import { suggestedPrompts } from '../../delivery/suggested-prompts.ts';
import { refusalOf } from '../calls.ts';
import { type Handler, PLATFORM, type SlackContext } from '../context.ts';
import { renderHome } from '../render.ts';
import { isAdmin, isWelcome } from './people.ts';

/** Shows a person the App Home as things stand. */
export async function publishHome(slack: SlackContext, workspace: string, person: Person): Promise<void> {
  const { client } = await slack.workspaceOf(workspace);
  const where = { platform: PLATFORM, workspace };
  const [standing, lastRun, admin, trainsOnDirect, undeliverable] = await Promise.all([
    standingOf(slack, where),
    lastNight(slack, where),
    isAdmin(slack, workspace, person.key),
    slack.loop.trainsOnDirect({ platform: PLATFORM, workspace, person }),
    undeliverableIn(slack, where),
  ]);
  const view = renderHome({ ...standing, lastRun, isAdmin: admin === true, undeliverable, trainsOnDirect });
  await client.views.publish({ user_id: person.key, view });
}

export const onHomeOpened: Handler<'homeOpened'> = async ({ tab, workspace, person }, slack) => {
  if (tab === 'home' && (await isWelcome(slack, workspace, person.key))) await publishHome(slack, workspace, person);
};

/** A thread of the assistant was opened: it says what it may be asked. */
export const onAssistantOpened: Handler<'assistantOpened'> = async ({ workspace, channel, threadTs }, slack) => {
  const { client } = await slack.workspaceOf(workspace);
  const prompts = suggestedPrompts.map(({ title, message }) => ({ title, message }));
  await client.assistant.threads
    .setSuggestedPrompts({ channel_id: channel, thread_ts: threadTs, title: 'Ask me, for example:', prompts })
    .catch((error: unknown) => {
      // A thread that is gone, or a workspace without assistants: it would be the same if the event came again.
      if (refusalOf(error) === undefined) throw error;
      slack.log.info({ workspace, channel, cause: messageOf(error) }, 'nobody is told what may be asked');
    });
};
