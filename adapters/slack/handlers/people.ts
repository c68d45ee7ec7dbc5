import { DeliveryError } from '../../../src/errors.ts';
import type { PrivatePlace, SlackContext } from '../context.ts';
import { withBlocks } from '../edit-message.ts';
import { isDirectChannel, type MessagePlace, threadPlace } from '../keys.ts';
import type { Press } from '../parse.ts';
import { renderNotice, type SlackMessage } from '../render.ts';

/**
 * Whether what a person does is heeded: not what bots do, nor strangers unless they are allowed, nor whoever is in a workspace
 * that is not served.
 * @param isShared false: in a place of this organisation alone, where a person of whom Slack tells nothing is welcome
 * @throws DeliveryError when Slack does not tell whether it is a stranger
 */
export async function isWelcome(
  slack: SlackContext,
  workspace: string,
  person: string,
  isShared?: boolean,
): Promise<boolean> {
  const { strangers, workspaces } = slack.settings;
  if (!(workspaces?.includes(workspace) ?? true)) return false;
  const known = await (await slack.workspaceOf(workspace)).person(person);
  if (known === undefined) {
    if (strangers || isShared === false) return true;
    throw new DeliveryError('SLACK_PERSON_UNKNOWN', 'Slack does not tell who you are', 'Try again in a moment.');
  }
  return !known.isBot && (strangers || !known.isStranger);
}

/** Whether a person may change what answers everybody; undefined when Slack does not tell. */
export async function isAdmin(slack: SlackContext, workspace: string, person: string): Promise<boolean | undefined> {
  const { admins } = slack.settings;
  // An id of a person alone says nothing where anybody may install the app.
  if (admins.includes(`${workspace}:${person}`) || (!slack.servesMany && admins.includes(person))) return true;
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
  kept: Pick<SlackMessage, 'metadata'> = {},
): Promise<MessagePlace> {
  const { client, pace } = await slack.workspaceOf(workspace);
  const [message] = renderNotice(markdown);
  if (message === undefined) throw new TypeError('nothing to write');
  const { ts } = await withBlocks(message, ({ text, blocks }) =>
    pace.post(channel, () => client.chat.postMessage({ channel, text, blocks, ...kept })),
  );
  if (ts === undefined) throw new TypeError('Slack gave a message no ts');
  return { channel, ts };
}
