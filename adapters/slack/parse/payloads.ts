import { z } from 'zod';

// What is read of Slack's payloads; whatever else they hold is left aside. Slack sends null for some of what it does not have.

export const slackId = z.string().regex(/^[A-Z][A-Z0-9]{1,39}$/);
export const timestamp = z.string().regex(/^\d{1,12}\.\d{1,9}$/);
const optionalId = slackId.nullish();
const flag = z.boolean().nullish();

export const eventBody = z.object({
  team_id: optionalId,
  enterprise_id: optionalId,
  context_team_id: optionalId,
  context_enterprise_id: optionalId,
  is_ext_shared_channel: flag,
  authorizations: z
    .array(z.object({ team_id: optionalId, enterprise_id: optionalId, is_enterprise_install: flag }))
    .nullish(),
  event: z.looseObject({ type: z.string(), subtype: z.string().nullish() }),
});
export type EventBody = z.infer<typeof eventBody>;

/** What a message is, also within `message_changed` and `message_deleted`. */
const messageParts = {
  subtype: z.string().nullish(),
  user: optionalId,
  bot_id: z.string().nullish(),
  text: z.string().nullish(),
  ts: timestamp,
  thread_ts: timestamp.nullish(),
  hidden: flag,
  team: optionalId,
  user_team: optionalId,
  source_team: optionalId,
  files: z.array(z.unknown()).nullish(),
} as const;
const innerMessage = z.object(messageParts);
export type InnerMessage = z.infer<typeof innerMessage>;

export const messageEvent = z.object({ ...messageParts, channel: slackId, channel_type: z.string().nullish() });
export const changedEvent = z.object({
  channel: slackId,
  channel_type: z.string().nullish(),
  message: innerMessage,
  previous_message: innerMessage.partial().nullish(),
});
export const deletedEvent = z.object({
  channel: slackId,
  deleted_ts: timestamp,
  previous_message: innerMessage.partial().nullish(),
});
export const reactionEvent = z.object({
  user: slackId,
  reaction: z.string().max(200),
  item: z.object({ type: z.literal('message'), channel: slackId, ts: timestamp }),
  /** Whose message it is on, where that is a user. */
  item_user: z.string().nullish(),
  event_ts: timestamp.nullish(),
});
export const homeEvent = z.object({ user: slackId, channel: slackId, tab: z.enum(['home', 'messages']).nullish() });
export const assistantEvent = z.object({
  assistant_thread: z.object({ user_id: slackId, channel_id: slackId, thread_ts: timestamp }),
});
export const revokedEvent = z.object({ tokens: z.object({ bot: z.array(z.string()).nullish() }) });

const owner = {
  team: z.object({ id: slackId }).nullish(),
  enterprise: z.object({ id: slackId }).nullish(),
  is_enterprise_install: flag,
  user: z.object({ id: slackId, name: z.string().nullish(), username: z.string().nullish(), team_id: optionalId }),
};
export type Owner = z.infer<z.ZodObject<typeof owner>>;

export const blockActions = z.object({
  type: z.literal('block_actions'),
  ...owner,
  trigger_id: z.string(),
  response_url: z.string().nullish(),
  channel: z.object({ id: slackId }).nullish(),
  message: z.object({ ts: timestamp, thread_ts: timestamp.nullish() }).nullish(),
  container: z
    .object({ channel_id: optionalId, message_ts: timestamp.nullish(), thread_ts: timestamp.nullish() })
    .nullish(),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().nullish() })).min(1),
});
export const viewSubmission = z.object({
  type: z.literal('view_submission'),
  ...owner,
  view: z.object({
    callback_id: z.string(),
    private_metadata: z.string(),
    app_installed_team_id: optionalId,
    state: z.object({
      values: z.record(
        z.string(),
        z.record(
          z.string(),
          z.object({
            value: z.string().nullish(),
            selected_options: z.array(z.object({ value: z.string() })).nullish(),
          }),
        ),
      ),
    }),
  }),
});
export const slashCommand = z.object({
  command: z.string(),
  text: z.string().nullish(),
  user_id: slackId,
  user_name: z.string().nullish(),
  team_id: optionalId,
  enterprise_id: optionalId,
  /** A form field: Slack writes it out. */
  is_enterprise_install: z.union([z.string(), z.boolean()]).nullish(),
  channel_id: slackId,
  trigger_id: z.string(),
  response_url: z.string().nullish(),
});
