import { z } from 'zod';
import { LIMITS } from '../limits.ts';
import { args, flag, id, json, text, timestamp, whole } from './values.ts';

const paged = {
  cursor: text.optional(),
  limit: whole.refine((limit) => limit >= 1 && limit <= LIMITS.page.most, 'invalid limit').optional(),
};
const listed = { ...paged, exclude_archived: flag.optional(), types: text.optional() };
const span = {
  oldest: text.regex(/^\d+(\.\d+)?$/).optional(),
  latest: text.regex(/^\d+(\.\d+)?$/).optional(),
  inclusive: flag.optional(),
  include_all_metadata: flag.optional(),
};

export const nothing = args({});
export const authRevoke = args({ test: flag.optional() });

export const conversationsHistory = args({ channel: id, ...paged, ...span });
export const conversationsReplies = args({ channel: id, ts: timestamp, ...paged, ...span });
export const conversationsInfo = args({
  channel: id,
  include_locale: flag.optional(),
  include_num_members: flag.optional(),
});
export const conversationsList = args(listed);
export const conversationsOpen = args({
  channel: id.optional(),
  users: text.optional(),
  prevent_creation: flag.optional(),
  return_im: flag.optional(),
});
export const botsInfo = args({ bot: id.optional(), team_id: id.optional() });
export const usersInfo = args({ user: id, include_locale: flag.optional() });
export const usersConversations = args({ ...listed, user: id.optional() });

export const reaction = args({ channel: id, timestamp, name: z.string().min(1) });
export const reactionsGet = args({ channel: id, timestamp, full: flag.optional() });

const thread = { channel_id: id, thread_ts: timestamp };
export const setStatus = args({
  ...thread,
  status: text,
  loading_messages: json(z.array(z.string()).max(LIMITS.assistant.loadingMessages)).optional(),
  username: text.optional(),
  icon_emoji: text.optional(),
  icon_url: text.optional(),
});
export const setSuggestedPrompts = args({
  channel_id: id,
  thread_ts: timestamp.optional(),
  title: text.optional(),
  prompts: json(
    z
      .array(z.strictObject({ title: z.string().min(1), message: z.string().min(1) }))
      .min(1)
      .max(LIMITS.assistant.prompts),
  ),
});
export const setTitle = args({ ...thread, title: text });

export const oauthAccess = args({
  client_id: text,
  client_secret: text,
  code: text.optional(),
  redirect_uri: text.optional(),
  grant_type: z.enum(['authorization_code', 'refresh_token']).optional(),
  refresh_token: text.optional(),
});
