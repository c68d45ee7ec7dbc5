import { z } from 'zod';
import { ConfigError } from '../errors.ts';
import { type ChatConfig, chatConfig } from './chat.ts';
import { listOf, onOff, reactionPairs, url, type ValuesOf, whole } from './forms.ts';

/** How events come in, and with whose token things are posted. */
export type SlackConnection =
  | { readonly mode: 'socket'; readonly botToken: string; readonly appToken: string }
  /** HTTP, one workspace. */
  | { readonly mode: 'http'; readonly botToken: string; readonly signingSecret: string; readonly listen: Listen }
  /** HTTP, any workspace that installs the app. */
  | {
      readonly mode: 'oauth';
      readonly clientId: string;
      readonly clientSecret: string;
      readonly stateSecret: string;
      readonly signingSecret: string;
      readonly listen: Listen;
    };

/** Where HTTP mode listens; port 0 is any free one. */
interface Listen {
  readonly host: string;
  readonly port: number;
}

export interface SlackConfig extends ChatConfig {
  readonly connection: SlackConnection;
  /** Ends with a slash; null: Slack's own. */
  readonly apiUrl: string | null;
  /** How many times Slack's published rates are gone up to. */
  readonly rate: number;
  /** Whether people of other organisations, in shared channels, are answered. */
  readonly strangers: boolean;
}

const secretText = z.string().regex(/^[\x21-\x7e]{8,400}$/);

export const slackVariables = {
  SLACK_BOT_TOKEN: {
    form: z.string().regex(/^(xoxe\.)?xoxb-[\w.-]+$/),
    wants: 'Give the bot token of the installed app, which begins with xoxb-.',
    isSecret: true,
  },
  SLACK_APP_TOKEN: {
    form: z.string().regex(/^xapp-[\w.-]+$/),
    wants: 'Give an app-level token with the scope connections:write, which begins with xapp-.',
    isSecret: true,
  },
  SLACK_SIGNING_SECRET: {
    form: secretText,
    wants: 'Give the signing secret that the app’s basic information shows.',
    isSecret: true,
  },
  SLACK_CLIENT_ID: { form: z.string().regex(/^[\w.-]+$/), wants: 'Give the client id of the app, like 123.456.' },
  SLACK_CLIENT_SECRET: { form: secretText, wants: 'Give the client secret of the app.', isSecret: true },
  SLACK_STATE_SECRET: {
    form: secretText,
    wants: 'Make one up, of at least 8 visible ASCII characters.',
    isSecret: true,
  },
  SLACK_API_URL: {
    form: url('http:', 'https:').transform((text) => (text.endsWith('/') ? text : `${text}/`)),
    wants: 'Write it like https://slack.com/api/, or unset it.',
  },
  SLACK_RATE: {
    form: z.coerce.number().min(0.1).max(100),
    wants: 'Give a number from 0.1 to 100, or unset it for the rates that Slack publishes.',
  },
  SLACK_HOST: { form: z.string(), wants: 'Name an address to listen on, e.g. 0.0.0.0.' },
  SLACK_PORT: { form: whole(0, 65_535), wants: 'Give a whole number from 0 (any free port) to 65535.' },
  SLACK_CHANNELS: {
    form: listOf(/^[CDG][A-Z0-9]+$/),
    wants: 'List ids of channels, like C0123ABCD,C0456EFGH, or unset it to serve all.',
  },
  SLACK_WORKSPACES: {
    form: listOf(/^[TE][A-Z0-9]+$/),
    wants: 'List ids of workspaces or organisations, like T0123ABCD, or unset it to serve all.',
  },
  SLACK_ADMINS: {
    form: listOf(/^([TE][A-Z0-9]+:)?[UW][A-Z0-9]+$/),
    wants: 'List ids of people, like U0123ABCD, or T0123ABCD:U0123ABCD where many workspaces are served.',
  },
  SLACK_REPORT_CHANNEL: {
    form: z.string().regex(/^([TE][A-Z0-9]+:)?[CG][A-Z0-9]+$/),
    wants: 'Give the id of a channel, like C0123ABCD, or T0123ABCD:C0123ABCD where many workspaces are served.',
  },
  SLACK_FOLLOW_UPS: { form: onOff, wants: 'Choose on or off.' },
  SLACK_CONNECT: { form: onOff, wants: 'Choose on (people of other organisations are answered) or off.' },
  SLACK_REACTIONS: {
    form: reactionPairs(/^(up|down):[\p{L}\p{N}_+'-]{1,100}$/u),
    wants: 'Write it like up:white_check_mark,down:x, without colons around the names, each name on one side only.',
  },
} as const;
type Values = ValuesOf<typeof slackVariables>;

/** The variables any of which says that Slack is wanted. */
const wanting = [
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'SLACK_CLIENT_ID',
  'SLACK_CLIENT_SECRET',
  'SLACK_STATE_SECRET',
] as const;

/**
 * null when no token and no secret is set.
 * @throws ConfigError for half a set of them, and for many workspaces where an id does not say of which it is
 */
export function slackConfig(values: Values): SlackConfig | null {
  if (wanting.every((name) => values[name] === undefined)) return null;
  const connection = connectionOf(values);
  if (connection.mode === 'oauth') refuseBareIds(values);
  return {
    connection,
    apiUrl: values.SLACK_API_URL ?? null,
    rate: values.SLACK_RATE ?? 1,
    strangers: values.SLACK_CONNECT ?? false,
    ...chatConfig({
      channels: values.SLACK_CHANNELS,
      workspaces: values.SLACK_WORKSPACES,
      admins: values.SLACK_ADMINS,
      reportChannel: values.SLACK_REPORT_CHANNEL,
      followUps: values.SLACK_FOLLOW_UPS,
      reactions: values.SLACK_REACTIONS,
    }),
  };
}

function connectionOf(values: Values): SlackConnection {
  const {
    SLACK_BOT_TOKEN: botToken,
    SLACK_APP_TOKEN: appToken,
    SLACK_SIGNING_SECRET: signingSecret,
    SLACK_CLIENT_ID: clientId,
    SLACK_CLIENT_SECRET: clientSecret,
    SLACK_STATE_SECRET: stateSecret,
  } = values;
  const listen = { host: values.SLACK_HOST ?? '127.0.0.1', port: values.SLACK_PORT ?? 4725 };
  const installs = [clientId, clientSecret, stateSecret].some((value) => value !== undefined);
  if (installs && (botToken !== undefined || appToken !== undefined)) throw twoWays(values);
  if (appToken !== undefined && botToken !== undefined) return { mode: 'socket', botToken, appToken };
  if (signingSecret !== undefined && botToken !== undefined && appToken === undefined)
    return { mode: 'http', botToken, signingSecret, listen };
  if (signingSecret !== undefined && clientId !== undefined && clientSecret !== undefined && stateSecret !== undefined)
    return { mode: 'oauth', clientId, clientSecret, stateSecret, signingSecret, listen };
  throw incomplete(values, installs);
}

/** An id of one workspace means nothing in another, or somebody else. */
function refuseBareIds({ SLACK_ADMINS: admins = [], SLACK_REPORT_CHANNEL: channel }: Values): void {
  const isBare = (id: string): boolean => !id.includes(':');
  const bare = [
    ...admins.filter(isBare).map((id) => ['SLACK_ADMINS', id] as const),
    ...(channel !== undefined && isBare(channel) ? [['SLACK_REPORT_CHANNEL', channel] as const] : []),
  ];
  if (bare.length === 0) return;
  throw new ConfigError(
    'SLACK_ID_UNBOUND',
    `many workspaces are served, and these ids do not say of which they are: ${bare.map((one) => one.join('=')).join(', ')}`,
    `Put the workspace before each, e.g. ${bare.map(([name, id]) => `${name}=T0123ABCD:${id}`)[0]}; a workspace's id is in its address in a browser, app.slack.com/client/T0123ABCD.`,
  );
}

const namesOf = (values: Values): string => wanting.filter((name) => values[name] !== undefined).join(', ');

function incomplete(values: Values, installs: boolean): ConfigError {
  const whole = installs
    ? 'To be installed in many workspaces it needs SLACK_SIGNING_SECRET, SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and SLACK_STATE_SECRET.'
    : 'Socket Mode needs SLACK_BOT_TOKEN and SLACK_APP_TOKEN; HTTP needs SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET.';
  return new ConfigError('SLACK_CONFIG_INCOMPLETE', `Slack cannot be reached with ${namesOf(values)} alone`, whole);
}

const twoWays = (values: Values): ConfigError =>
  new ConfigError(
    'SLACK_CONFIG_AMBIGUOUS',
    `${namesOf(values)} are for two different ways to connect to Slack`,
    'For one workspace unset SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and SLACK_STATE_SECRET; to be installed in many, unset SLACK_BOT_TOKEN and SLACK_APP_TOKEN.',
  );
