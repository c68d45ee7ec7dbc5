/** A permission that the bot's token needs, and what would not work without it. */
export interface ScopeUse {
  readonly scope: string;
  readonly purpose: string;
  /** Events that come only with it. */
  readonly events: readonly string[];
  /** Methods that are called with it. */
  readonly methods: readonly string[];
}

const reading = (kind: string, channels: string): ScopeUse => ({
  scope: `${kind}:read`,
  purpose: `find the ${channels} to catch up with after a gap, and see whether one is archived or shared`,
  events: [],
  methods: ['conversations.info', 'users.conversations'],
});

const history = (kind: string, channels: string): ScopeUse => ({
  scope: `${kind}:history`,
  purpose: `follow up in ${channels} without a mention, notice edits, and catch up after a gap`,
  events: [`message.${kind}`],
  methods: ['conversations.history', 'conversations.replies'],
});

/** The scopes of the bot's token, as the manifest asks for them. */
export const botScopes: readonly ScopeUse[] = [
  { scope: 'app_mentions:read', purpose: 'be asked by mention', events: ['app_mention'], methods: [] },
  {
    scope: 'assistant:write',
    purpose: 'show the status at once, suggest prompts and name threads of the assistant',
    events: ['assistant_thread_started', 'assistant_thread_context_changed'],
    methods: ['assistant.threads.setStatus', 'assistant.threads.setSuggestedPrompts', 'assistant.threads.setTitle'],
  },
  history('channels', 'public channels'),
  reading('channels', 'public channels'),
  {
    scope: 'chat:write',
    purpose: 'post answers and their progress',
    events: [],
    methods: [
      'chat.postMessage',
      'chat.update',
      'chat.delete',
      'chat.postEphemeral',
      'chat.startStream',
      'chat.appendStream',
      'chat.stopStream',
    ],
  },
  { scope: 'commands', purpose: 'take /foursight', events: [], methods: [] },
  history('groups', 'private channels'),
  reading('groups', 'private channels'),
  history('im', 'direct messages'),
  reading('im', 'direct messages'),
  {
    scope: 'im:write',
    purpose: 'write directly to people who ask or retrain by command, or whose thread takes no answer',
    events: [],
    methods: ['conversations.open'],
  },
  {
    scope: 'reactions:read',
    purpose: 'count 👍 and 👎 as ratings',
    events: ['reaction_added', 'reaction_removed'],
    methods: ['reactions.get'],
  },
  { scope: 'reactions:write', purpose: 'put 👍 and 👎 under answers', events: [], methods: ['reactions.add'] },
  {
    scope: 'users:read',
    purpose: 'know who is an admin, and who is of another organisation',
    events: [],
    methods: ['users.info', 'bots.info'],
  },
];

/** Of the app-level token, for Socket Mode. */
export const APP_SCOPE = 'connections:write';

/** Events and methods that need no scope. */
export const withoutScope = {
  events: ['app_home_opened', 'app_uninstalled', 'tokens_revoked'],
  methods: ['auth.test', 'views.open', 'views.publish', 'oauth.v2.access'],
} as const;

/** Of the scopes that are needed, those that a token does not have. */
export const missingScopes = (granted: readonly string[]): ScopeUse[] =>
  botScopes.filter(({ scope }) => !granted.includes(scope));
