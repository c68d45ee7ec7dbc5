import type { PrivatePlace, SlackContext } from '../context.ts';
import { withBlocks } from '../edit-message.ts';
import { isDirectChannel, type MessagePlace, threadPlace } from '../keys.ts';
import type { Press } from '../parse.ts';
import { renderNotice } from '../render.ts';

/**
 * Whether what a person does is heeded: not what bots do, nor strangers unless they are allowed, nor whoever is in a workspace
 * that is not served.
 * @param isShared where a person of whom Slack tells nothing may well be one of another organisation
 */
export async function isWelcome(
  slack: SlackContext,
  workspace: string,
  person: string,
  isShared = false,
): Promise<boolean> {
  const { strangers, workspaces } = slack.settings;
  if (!(workspaces?.includes(workspace) ?? true)) return false;
  const known = await (await slack.workspaceOf(workspace)).person(person);
  if (known === undefined) return strangers || !isShared;
  return !known.isBot && (strangers || !known.isStranger);
}

/** Whether a person may change what answers everybody; undefined when Slack does not tell. */
export async function isAdmin(slack: SlackContext, workspace: string, person: string): Promise<boolean | undefined> {
  if (slack.settings.admins.includes(person)) return true;
  const known = await (await slack.workspaceOf(workspace)).person(person);
  return known === undefined ? undefined : known.isAdmin && !known.isStranger;
}

/** Where a press or a command is answered, privately. */
export function placeOfPress({ workspace, person, channel, conversation, responseUrl }: Press): PrivatePlace {
  const threadTs = conversation === null ? null : (threadPlace(conversation)?.threadTs ?? null);
  return { workspace, person: person.key, channel, threadTs, responseUrl };
}

/** In the thread of a conversation. */
export function placeIn(conversation: string, workspace: string, person: string): PrivatePlace {
  const { channel = null, threadTs = null } = threadPlace(conversation) ?? {};
  return { workspace, person, channel, threadTs };
}

/** The channel of the direct messages of a person and the bot. @throws what the call throws */
export async function directMessages(slack: SlackContext, workspace: string, person: string): Promise<string> {
  const { client } = await slack.workspaceOf(workspace);
  const { channel } = await client.conversations.open({ users: person });
  const id = channel?.id ?? '';
  if (!isDirectChannel(id)) throw new Error(`conversations.open gave ${JSON.stringify(id)}`);
  return id;
}

/** Writes something short in a channel of direct messages. @throws what the call throws */
export async function writeDirectly(
  slack: SlackContext,
  workspace: string,
  channel: string,
  markdown: string,
): Promise<MessagePlace> {
  const { client, pace } = await slack.workspaceOf(workspace);
  const [message] = renderNotice(markdown);
  if (message === undefined) throw new TypeError('nothing to write');
  const { ts } = await withBlocks(message, ({ text, blocks }) =>
    pace.post(channel, () => client.chat.postMessage({ channel, text, blocks })),
  );
  if (ts === undefined) throw new TypeError('Slack gave a message no ts');
  return { channel, ts };
}
