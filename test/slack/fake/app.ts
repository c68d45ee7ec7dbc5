import { z } from 'zod';

/** The Slack app under test: what its owner would have set on api.slack.com. */
export interface FakeApp {
  readonly id: string;
  readonly name: string;
  readonly appToken: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly signingSecret: string;
  readonly verificationToken: string;
  /** To which the consent page may lead; the first is for requests that name none. */
  readonly redirectUrls: string[];
  readonly scopes: readonly string[];
  /** Names of bot events, e.g. `message.channels`. */
  readonly events: readonly string[];
  /** null: every command is known. */
  readonly commands: readonly string[] | null;
  readonly isAgent: boolean;
}

export const ALL_SCOPES = [
  'app_mentions:read',
  'assistant:write',
  'channels:history',
  'channels:read',
  'chat:write',
  'commands',
  'groups:history',
  'groups:read',
  'im:history',
  'im:read',
  'im:write',
  'reactions:read',
  'reactions:write',
  'users:read',
] as const;

export const ALL_EVENTS = [
  'agent_session_stopped',
  'app_home_opened',
  'app_mention',
  'app_uninstalled',
  'assistant_thread_context_changed',
  'assistant_thread_started',
  'member_joined_channel',
  'message.channels',
  'message.groups',
  'message.im',
  'reaction_added',
  'reaction_removed',
  'tokens_revoked',
] as const;

const strings = z.array(z.string());
/** The part of an app manifest that the fake acts on. */
const manifestSchema = z.looseObject({
  display_information: z.looseObject({ name: z.string() }),
  features: z
    .looseObject({
      slash_commands: z.array(z.looseObject({ command: z.string() })).optional(),
      agent_view: z.unknown().optional(),
      assistant_view: z.unknown().optional(),
    })
    .optional(),
  oauth_config: z.looseObject({
    redirect_urls: strings.optional(),
    scopes: z.looseObject({ bot: strings }),
  }),
  settings: z.looseObject({ event_subscriptions: z.looseObject({ bot_events: strings }).optional() }),
});

/** An app as its manifest describes it, or one that may do everything. */
export function createFakeApp(manifest: unknown): FakeApp {
  const secrets = {
    id: 'A0FAKEAPP',
    appToken: 'xapp-1-A0FAKEAPP-1-fake',
    clientId: '1111.2222',
    clientSecret: 'fake-client-secret',
    signingSecret: 'fa4e51917196ecce7fa4e51917196ecc',
    verificationToken: 'fake-verification-token',
  };
  if (manifest === undefined)
    return {
      ...secrets,
      name: 'foursight',
      redirectUrls: [],
      scopes: ALL_SCOPES,
      events: ALL_EVENTS,
      commands: null,
      isAgent: true,
    };
  const { display_information, features, oauth_config, settings } = manifestSchema.parse(manifest);
  return {
    ...secrets,
    name: display_information.name,
    redirectUrls: oauth_config.redirect_urls ?? [],
    scopes: oauth_config.scopes.bot,
    events: settings.event_subscriptions?.bot_events ?? [],
    commands: (features?.slash_commands ?? []).map(({ command }) => command),
    isAgent: features?.agent_view !== undefined || features?.assistant_view !== undefined,
  };
}
