import { ignored } from '../../delivery/inputs.ts';
import type { VoteOfReaction } from '../../delivery/reaction-votes.ts';
import { messageKey } from '../keys.ts';
import type { SlackInput } from './inputs.ts';
import { type Own, parseMessage } from './messages.ts';
import { assistantEvent, type EventBody, eventBody, homeEvent, reactionEvent, revokedEvent } from './payloads.ts';
import { workspaceOfEvent } from './workspace.ts';

export interface EventContext {
  readonly own: Own;
  readonly voteOf: VoteOfReaction;
}

type Parse = (body: EventBody, workspace: string, context: EventContext) => SlackInput;

const reaction =
  (isAdded: boolean): Parse =>
  ({ event, is_ext_shared_channel }, workspace, { own, voteOf }) => {
    const parsed = reactionEvent.safeParse(event);
    if (!parsed.success) return ignored('malformed reaction, or on something else than a message');
    const { user, reaction: name, item, item_user: author, event_ts: at = null } = parsed.data;
    if (user === own.user) return ignored('own reaction');
    if ((author ?? own.user) !== own.user) return ignored('a reaction to a message of somebody else');
    const vote = voteOf(name);
    if (vote === undefined) return ignored('a reaction that is no vote');
    return {
      type: 'vote',
      workspace,
      channel: item.channel,
      message: messageKey(item),
      person: { key: user, name: '' },
      vote,
      isAdded,
      at,
      isShared: is_ext_shared_channel === true,
    };
  };

const assistant =
  (type: 'assistantOpened' | 'assistantMoved'): Parse =>
  ({ event }, workspace) => {
    const parsed = assistantEvent.safeParse(event);
    if (!parsed.success) return ignored('malformed assistant thread');
    const { user_id, channel_id, thread_ts } = parsed.data.assistant_thread;
    return { type, workspace, person: { key: user_id, name: '' }, channel: channel_id, threadTs: thread_ts };
  };

const message: Parse = (body, workspace, { own }) => parseMessage({ body, workspace, own });

const parsers = new Map<string, Parse>([
  ['app_mention', message],
  ['message', message],
  ['reaction_added', reaction(true)],
  ['reaction_removed', reaction(false)],
  ['assistant_thread_started', assistant('assistantOpened')],
  ['assistant_thread_context_changed', assistant('assistantMoved')],
  [
    'app_home_opened',
    ({ event }, workspace) => {
      const parsed = homeEvent.safeParse(event);
      if (!parsed.success) return ignored('malformed app_home_opened');
      const { user, channel, tab } = parsed.data;
      return { type: 'homeOpened', workspace, person: { key: user, name: '' }, channel, tab: tab ?? 'home' };
    },
  ],
  ['app_uninstalled', (_, workspace) => ({ type: 'uninstalled', workspace })],
  [
    'tokens_revoked',
    ({ event }, workspace) => {
      const parsed = revokedEvent.safeParse(event);
      if (!parsed.success) return ignored('malformed tokens_revoked');
      return { type: 'tokensRevoked', workspace, bots: parsed.data.tokens.bot ?? [] };
    },
  ],
]);

/** The events that are understood. */
export const eventTypes: readonly string[] = [...parsers.keys()];

/** @param body of an event, with its envelope, as Slack sent it; whatever it is, nothing is thrown */
export function parseEvent(body: unknown, context: EventContext): SlackInput {
  const parsed = eventBody.safeParse(body);
  if (!parsed.success) return ignored('malformed event');
  const workspace = workspaceOfEvent(parsed.data);
  if (workspace === undefined) return ignored('an event of no workspace');
  const parse = parsers.get(parsed.data.event.type);
  return parse === undefined ? ignored('an event of another type') : parse(parsed.data, workspace, context);
}
