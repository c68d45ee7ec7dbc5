import { actionIds, reasonForm } from '../../adapters/slack/action-ids.ts';
import { ANSWER_ID, QUESTION_ID } from '../delivery/answers.ts';

/** Payloads as Slack sends them, with more fields than anybody reads. */
export const TEAM = 'T0123ABCD';
export const OWN_USER = 'U0BOT0001';
export const OWN_BOT = 'B0BOT0001';
export const ADA = 'U0ADA0001';
export const CHANNEL = 'C0123GENE';
export const DIRECT = 'D0123ADAB';
export const TS = '1731000000.000100';
export const THREAD = '1730999999.000200';

type Fields = Readonly<Record<string, unknown>>;

export const eventOf = (event: Fields, envelope: Fields = {}) => ({
  token: 'legacy',
  team_id: TEAM,
  api_app_id: 'A0123ABCD',
  event,
  type: 'event_callback',
  event_id: 'Ev0123ABCD',
  event_time: 1_731_000_000,
  authorizations: [
    { enterprise_id: null, team_id: TEAM, user_id: OWN_USER, is_bot: true, is_enterprise_install: false },
  ],
  is_ext_shared_channel: false,
  event_context: '4-abc',
  ...envelope,
});

export const messageOf = (fields: Fields = {}) => ({
  type: 'message',
  user: ADA,
  client_msg_id: '6f8a0b1c-0000-4000-8000-000000000000',
  text: 'What is 6 * 7?',
  team: TEAM,
  blocks: [{ type: 'rich_text', block_id: 'x', elements: [] }],
  channel: CHANNEL,
  channel_type: 'channel',
  ts: TS,
  event_ts: TS,
  ...fields,
});

export const mentionOf = (fields: Fields = {}) =>
  messageOf({ type: 'app_mention', channel_type: undefined, text: `<@${OWN_USER}> What is 6 * 7?`, ...fields });

export const reactionOf = (fields: Fields = {}) => ({
  type: 'reaction_added',
  user: ADA,
  reaction: '+1',
  item: { type: 'message', channel: CHANNEL, ts: TS },
  item_user: OWN_USER,
  event_ts: TS,
  ...fields,
});

const person = { id: ADA, username: 'ada', name: 'ada', team_id: TEAM };
const owner = { team: { id: TEAM, domain: 'team' }, enterprise: null, is_enterprise_install: false, user: person };

export const pressOf = (action: Fields, fields: Fields = {}) => ({
  type: 'block_actions',
  api_app_id: 'A0123ABCD',
  token: 'legacy',
  container: { type: 'message', message_ts: TS, channel_id: CHANNEL, is_ephemeral: false, thread_ts: THREAD },
  trigger_id: '123.456.abc',
  ...owner,
  channel: { id: CHANNEL, name: 'general' },
  message: { type: 'message', user: OWN_USER, ts: TS, thread_ts: THREAD, text: '42', blocks: [] },
  state: { values: {} },
  response_url: 'http://127.0.0.1/response',
  actions: [{ type: 'button', block_id: 'b', action_ts: TS, text: { type: 'plain_text', text: 'x' }, ...action }],
  ...fields,
});

export const submissionOf = (chosen: readonly string[], written: string | null, fields: Fields = {}) => ({
  type: 'view_submission',
  ...owner,
  api_app_id: 'A0123ABCD',
  trigger_id: '123.456.abc',
  view: {
    id: 'V0123',
    type: 'modal',
    callback_id: reasonForm.callbackId,
    private_metadata: JSON.stringify({ answerId: ANSWER_ID, conversation: null }),
    state: {
      values: {
        [reasonForm.reasonsBlock]: {
          [reasonForm.reasonsAction]: {
            type: 'checkboxes',
            selected_options: chosen.map((value) => ({ value, text: { type: 'plain_text', text: value } })),
          },
        },
        [reasonForm.textBlock]: { [reasonForm.textAction]: { type: 'plain_text_input', value: written } },
      },
    },
    ...fields,
  },
  response_urls: [],
});

export const commandOf = (fields: Fields = {}) => ({
  token: 'legacy',
  team_id: TEAM,
  team_domain: 'team',
  channel_id: CHANNEL,
  channel_name: 'general',
  user_id: ADA,
  user_name: 'ada',
  command: '/foursight',
  text: 'status',
  api_app_id: 'A0123ABCD',
  is_enterprise_install: 'false',
  response_url: 'http://127.0.0.1/response',
  trigger_id: '123.456.abc',
  ...fields,
});

/** One of each kind that Slack sends. */
export const allEvents: readonly Fields[] = [
  mentionOf(),
  mentionOf({ thread_ts: THREAD }),
  messageOf({ text: `hey <@${OWN_USER}|foursight>, what is <#C1|sales> &amp; <https://x.org|that>?` }),
  messageOf({ channel: DIRECT, channel_type: 'im' }),
  messageOf({ thread_ts: THREAD, parent_user_id: OWN_USER }),
  messageOf({ subtype: 'file_share', files: [{ id: 'F1', name: 'a.png' }], channel: DIRECT, channel_type: 'im' }),
  messageOf({ subtype: 'thread_broadcast', thread_ts: THREAD, root: { ts: THREAD } }),
  messageOf({ subtype: 'bot_message', bot_id: 'B9', user: undefined, username: 'other' }),
  messageOf({ subtype: 'channel_join', inviter: 'U9' }),
  messageOf({
    subtype: 'message_changed',
    hidden: true,
    user: undefined,
    message: messageOf({ text: `<@${OWN_USER}> edited`, edited: { user: ADA, ts: TS } }),
    previous_message: messageOf({ text: `<@${OWN_USER}> before` }),
  }),
  messageOf({ subtype: 'message_deleted', hidden: true, deleted_ts: TS, previous_message: messageOf() }),
  reactionOf(),
  reactionOf({ type: 'reaction_removed', reaction: 'thumbsdown::skin-tone-4' }),
  { type: 'app_home_opened', user: ADA, channel: DIRECT, tab: 'home', view: { id: 'V1' }, event_ts: TS },
  {
    type: 'assistant_thread_started',
    assistant_thread: {
      user_id: ADA,
      context: { channel_id: CHANNEL, team_id: TEAM },
      channel_id: DIRECT,
      thread_ts: THREAD,
    },
    event_ts: TS,
  },
  {
    type: 'assistant_thread_context_changed',
    assistant_thread: { user_id: ADA, context: {}, channel_id: DIRECT, thread_ts: THREAD },
    event_ts: TS,
  },
  { type: 'app_uninstalled' },
  { type: 'tokens_revoked', tokens: { oauth: ['U1'], bot: [OWN_USER] } },
];

export const allPresses = [
  pressOf({ action_id: actionIds.stop, value: QUESTION_ID }),
  pressOf({ action_id: actionIds.trace, value: QUESTION_ID }),
  pressOf({ action_id: actionIds.rate, type: 'feedback_buttons', value: `up:${ANSWER_ID}` }),
  pressOf({ action_id: actionIds.reason, value: ANSWER_ID }),
  pressOf({ action_id: actionIds.retrain }, { channel: undefined, message: undefined, container: { type: 'view' } }),
];
