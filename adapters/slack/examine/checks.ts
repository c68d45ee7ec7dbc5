import type { webApi } from '@slack/bolt';
import { fine, type Outcome, problem, warning } from '../../../src/domain/finding.ts';
import { type Tried, unreachable } from '../../delivery/examination.ts';
import { refusalOf } from '../calls.ts';
import { APP_SCOPE, missingScopes } from '../scopes.ts';
import { msOf } from '../times.ts';
import { failureOf, isErrorName } from './failures.ts';

/** Opens clients that call once and do not try again. */
export type ClientOf = (token?: string) => webApi.WebClient;

export interface Surroundings {
  readonly clientOf: ClientOf;
  /** Where calls go, for messages. */
  readonly apiUrl: string;
}

const PAGES = 'api.slack.com/apps → your app';
export const botTokenTried: Tried = {
  variable: 'SLACK_BOT_TOKEN',
  where: `${PAGES} → “OAuth & Permissions” → “Bot User OAuth Token”`,
};
const appTokenTried: Tried = {
  variable: 'SLACK_APP_TOKEN',
  where: `${PAGES} → “Basic Information” → “App-Level Tokens”`,
};
const CREDENTIALS = `${PAGES} → “Basic Information” → “App Credentials”`;

/** A call without a token: Slack says that it misses one. */
export async function api({ clientOf, apiUrl }: Surroundings): Promise<Outcome> {
  try {
    await clientOf().apiCall('auth.test');
  } catch (error) {
    if (!isErrorName(refusalOf(error) ?? '')) return failureOf(error, botTokenTried, apiUrl);
  }
  return fine(`Slack answers at ${apiUrl}`);
}

/** Whom a token belongs to and what it may do. */
export interface Grant {
  readonly token: string;
  /** The id of the bot. */
  readonly bot: string;
  readonly workspace: string;
  readonly team: string;
  readonly scopes: readonly string[];
}

/** @returns the grant of a token, or what is wrong with it */
export async function botToken(
  { clientOf, apiUrl }: Surroundings,
  token: string,
  tried: Tried,
): Promise<{ grant: Grant } | { outcome: Outcome }> {
  try {
    const who = await clientOf(token).auth.test();
    const workspace = (who.is_enterprise_install ? who.enterprise_id : who.team_id) ?? '';
    const { bot_id: bot = '', team = workspace, response_metadata } = who;
    return { grant: { token, bot, workspace, team, scopes: response_metadata?.scopes ?? [] } };
  } catch (error) {
    return { outcome: failureOf(error, tried, apiUrl) };
  }
}

/** That its workspace is one of those that are served. */
export function served({ workspace, team }: Grant, workspaces: readonly string[] | null): Outcome {
  if (workspaces === null || workspaces.includes(workspace)) return fine(`${team} (${workspace})`);
  return problem(
    `${team} (${workspace}) is not in SLACK_WORKSPACES: whatever is asked there is ignored`,
    `Add ${workspace} to SLACK_WORKSPACES, or unset it.`,
  );
}

/** That a token has every scope of the manifest. @param again how the app is installed once more */
export function scopes({ scopes: granted }: Grant, again: string): Outcome {
  const missing = missingScopes(granted);
  if (missing.length === 0) return fine(`all ${granted.length} are granted`);
  const named = missing.map(({ scope, purpose }) => `${scope} (to ${purpose})`).join('; ');
  return problem(
    `missing: ${named}`,
    `Add ${missing.map(({ scope }) => scope).join(', ')} under ${PAGES} → “OAuth & Permissions” → “Bot Token Scopes”, or put adapters/slack/manifest.json under “App Manifest” (over HTTP with the addresses that docs/slack.md adds); then ${again}.`,
  );
}

/**
 * That the app-level token opens connections of Socket Mode, that where they go can be reached, and that it is of the bot's app.
 * @param grant of the bot token; undefined when it cannot be used
 */
export async function appToken(
  { clientOf, apiUrl }: Surroundings,
  token: string,
  grant: Grant | undefined,
): Promise<Outcome> {
  let url: URL;
  try {
    url = new URL((await clientOf(token).apps.connections.open({})).url ?? '');
  } catch (error) {
    if (refusalOf(error) !== 'missing_scope') return failureOf(error, appTokenTried, apiUrl);
    return problem(
      `the app-level token in ${appTokenTried.variable} lacks the scope ${APP_SCOPE}`,
      `Generate one with ${APP_SCOPE} under ${appTokenTried.where}.`,
    );
  }
  const failure = await unreachable(url);
  if (failure === undefined)
    return (await strangeApp({ clientOf, apiUrl }, token, grant)) ?? fine('opens connections of Socket Mode');
  return problem(
    `Socket Mode connects to ${url.host}, which cannot be reached: ${failure}`,
    `Let the machine open connections to ${url.host}, or use HTTP (SLACK_SIGNING_SECRET without SLACK_APP_TOKEN).`,
  );
}

/** An app-level token names its app, and Slack that of a bot: of two apps the one would be told what is asked of the other. */
async function strangeApp(
  { clientOf, apiUrl }: Surroundings,
  token: string,
  grant: Grant | undefined,
): Promise<Outcome | undefined> {
  const app = /^xapp-\d+-(A[A-Z0-9]+)-/.exec(token)?.[1];
  if (app === undefined || grant === undefined) return undefined;
  try {
    const { bot } = await clientOf(grant.token).bots.info({ bot: grant.bot });
    if (bot?.app_id === undefined || bot.app_id === app) return undefined;
    return problem(
      `SLACK_APP_TOKEN is of the app ${app}, SLACK_BOT_TOKEN of the app ${bot.app_id}: nothing that is asked would come`,
      `Take both from the same app: ${appTokenTried.where}, and “OAuth & Permissions”.`,
    );
  } catch (error) {
    // Without users:read, which its own check names, Slack does not tell.
    return refusalOf(error) === undefined ? failureOf(error, appTokenTried, apiUrl) : undefined;
  }
}

/** As far as it can be told without a request of Slack's: whether it is a signing secret at all. */
export function signingSecret(secret: string, clientSecret: string | null): Outcome {
  const where = `Copy the “Signing Secret” from ${CREDENTIALS}.`;
  if (secret === clientSecret)
    return problem('SLACK_SIGNING_SECRET and SLACK_CLIENT_SECRET are the same, so one of them is wrong', where);
  if (/^(?:xox|xapp-)/.test(secret)) return problem('SLACK_SIGNING_SECRET holds a token', where);
  if (!/^[0-9a-f]{32}$/.test(secret))
    return warning("SLACK_SIGNING_SECRET does not look like Slack's, which are 32 hexadecimal digits", where);
  return fine('SLACK_SIGNING_SECRET has the form of one; the first request of Slack shows whether it is the right one');
}

/** Whether the running service has refused requests as not signed with this secret, and none was taken since. */
export function requests(refused: string | undefined, taken: string | undefined): Outcome | undefined {
  if (refused === undefined || (taken ?? '') > refused) return undefined;
  return problem(
    `a request was refused at ${new Date(msOf(refused)).toISOString()}, since its signature does not fit SLACK_SIGNING_SECRET`,
    `Copy the “Signing Secret” from ${CREDENTIALS}, of the app whose request URL leads here, and start again.`,
  );
}

/** Of a workspace that has installed the app. */
export const installationTried = (workspace: string): Tried & { readonly remedy: string } => ({
  variable: `the installation in ${workspace}`,
  where: 'the page /slack/install',
  remedy: `Open /slack/install of the running service and install the app in ${workspace} again.`,
});

const installTried = (variable: string): Tried => ({ variable, where: CREDENTIALS });

/** Slack looks at the client before the code, which is none. */
export async function client({ clientOf, apiUrl }: Surroundings, id: string, secret: string): Promise<Outcome> {
  try {
    await clientOf().oauth.v2.access({ client_id: id, client_secret: secret, code: 'foursight-doctor' });
  } catch (error) {
    const refused = refusalOf(error);
    if (refused !== 'invalid_code')
      return failureOf(
        error,
        installTried(refused === 'invalid_client_id' ? 'SLACK_CLIENT_ID' : 'SLACK_CLIENT_SECRET'),
        apiUrl,
      );
  }
  return fine('client id and client secret belong together');
}

/** Whether the channel of reports is of a workspace that is served. @param owner as the setting has it */
export function reportOwner(owner: string, served: readonly string[]): Outcome | undefined {
  if (served.includes(owner)) return undefined;
  const where = served.length === 0 ? 'no workspace has' : `those that have it are ${served.join(', ')}`;
  return problem(
    `SLACK_REPORT_CHANNEL is of ${owner}, which does not have the app: nobody gets the reports`,
    `Name a channel of a workspace that has installed the app (${where}), or install it in ${owner}.`,
  );
}

const CHANNEL_DETAILS = 'the channel’s details in Slack';

/** That the bot can post in a channel, or at least be asked there; undefined where its workspace has none that it sees. */
export async function channel(
  { clientOf, apiUrl }: Surroundings,
  token: string,
  id: string,
  variable: string,
): Promise<Outcome | undefined> {
  const tried = { variable, where: CHANNEL_DETAILS };
  try {
    const { channel: found } = await clientOf(token).conversations.info({ channel: id });
    const name = found?.name === undefined ? id : `#${found.name} (${id})`;
    if (found?.is_archived)
      return problem(`${name} of ${variable} is archived`, `Name another channel in ${variable}, or unset it.`);
    if (found?.is_member || found?.is_im) return fine(`${name} of ${variable}`);
    return problem(`the app is not in ${name} of ${variable}`, `Write /invite @foursight in ${name}.`);
  } catch (error) {
    return refusalOf(error) === 'channel_not_found' ? undefined : failureOf(error, tried, apiUrl);
  }
}

export const unseenChannel = (id: string, variable: string): Outcome =>
  problem(
    `the app sees no channel ${id}, which ${variable} names`,
    `Take the id from ${CHANNEL_DETAILS}; in a private channel write /invite @foursight first.`,
  );
