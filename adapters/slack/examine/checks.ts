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
    const { team_id, enterprise_id, is_enterprise_install, team, response_metadata } =
      await clientOf(token).auth.test();
    const workspace = (is_enterprise_install ? enterprise_id : team_id) ?? '';
    return { grant: { workspace, team: team ?? workspace, scopes: response_metadata?.scopes ?? [] } };
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

/** That a token has every scope of the manifest. */
export function scopes({ scopes: granted }: Grant): Outcome {
  const missing = missingScopes(granted);
  if (missing.length === 0) return fine(`all ${granted.length} are granted`);
  const named = missing.map(({ scope, purpose }) => `${scope} (to ${purpose})`).join('; ');
  return problem(
    `missing: ${named}`,
    `Add ${missing.map(({ scope }) => scope).join(', ')} under ${PAGES} → “OAuth & Permissions” → “Bot Token Scopes”, or put adapters/slack/manifest.json under “App Manifest”; then install the app again.`,
  );
}

/** That the app-level token opens connections of Socket Mode, and that where they go can be reached. */
export async function appToken({ clientOf, apiUrl }: Surroundings, token: string): Promise<Outcome> {
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
  if (failure === undefined) return fine('opens connections of Socket Mode');
  return problem(
    `Socket Mode connects to ${url.host}, which cannot be reached: ${failure}`,
    `Let the machine open connections to ${url.host}, or use HTTP (SLACK_SIGNING_SECRET without SLACK_APP_TOKEN).`,
  );
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
export const installationTried = (workspace: string): Tried => ({
  variable: `the installation in ${workspace}`,
  where: 'the page /slack/install, by installing again',
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

/** That the bot can post in a channel, or at least be asked there. */
export async function channel(
  { clientOf, apiUrl }: Surroundings,
  token: string,
  id: string,
  variable: string,
): Promise<Outcome> {
  const tried = { variable, where: 'the channel’s details in Slack' };
  try {
    const { channel: found } = await clientOf(token).conversations.info({ channel: id });
    const name = found?.name === undefined ? id : `#${found.name} (${id})`;
    if (found?.is_archived)
      return problem(`${name} of ${variable} is archived`, `Name another channel in ${variable}, or unset it.`);
    if (found?.is_member || found?.is_im) return fine(`${name} of ${variable}`);
    return problem(`the app is not in ${name} of ${variable}`, `Write /invite @foursight in ${name}.`);
  } catch (error) {
    if (refusalOf(error) !== 'channel_not_found') return failureOf(error, tried, apiUrl);
    return problem(
      `the app sees no channel ${id}, which ${variable} names`,
      `Take the id from ${tried.where}; in a private channel write /invite @foursight first.`,
    );
  }
}
