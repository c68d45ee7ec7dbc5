import { webApi } from '@slack/bolt';
import { type Outcome, problem } from '../../../src/domain/finding.ts';
import { messageOf } from '../../../src/errors.ts';
import { type Tried, whyNoAnswer } from '../../delivery/examination.ts';
import { refusalOf } from '../calls.ts';

/** What Slack's errors mean, and what to do, by name. */
const refusals: Readonly<Record<string, (tried: Tried) => Outcome>> = {
  invalid_auth: ({ variable, where }) =>
    problem(`Slack does not know the token in ${variable}`, `Copy it again from ${where}, whole.`),
  not_authed: ({ variable, where }) => problem(`${variable} holds no token`, `Copy it from ${where}.`),
  not_allowed_token_type: ({ variable, where }) =>
    problem(`${variable} holds a token of another kind`, `Take the one from ${where}.`),
  token_revoked: ({ variable, where }) =>
    problem(`the token in ${variable} was revoked`, `Install the app again, then copy it from ${where}.`),
  token_expired: ({ variable, where }) =>
    problem(
      `the token in ${variable} has expired`,
      `Token rotation is not used: leave it off in the app's settings. Install the app again and copy the token from ${where}.`,
    ),
  account_inactive: ({ variable, where }) =>
    problem(
      `the app whose token is in ${variable} was uninstalled, or its workspace is gone`,
      `Install the app again, then copy the token from ${where}.`,
    ),
  invalid_client_id: ({ variable, where }) =>
    problem(`Slack knows no app with the client id in ${variable}`, `Copy it again from ${where}.`),
  bad_client_secret: ({ variable, where }) =>
    problem(
      `the client secret in ${variable} is wrong`,
      `Copy it again from ${where}, of the same app as the client id.`,
    ),
  ratelimited: () => problem('Slack takes no more calls just now', 'Wait a minute and run doctor again.'),
};

const elsewhere = (apiUrl: string): string =>
  `Check the network, its proxy and firewall, and SLACK_API_URL: ${apiUrl} is where Slack's Web API is looked for.`;

/** What a failed call to Slack says about the set-up. */
export function failureOf(error: unknown, tried: Tried, apiUrl: string): Outcome {
  if (error instanceof webApi.WebAPIRequestError)
    return problem(`${apiUrl} cannot be reached: ${whyNoAnswer(error.original)}`, elsewhere(apiUrl));
  if (error instanceof webApi.WebAPIHTTPError)
    return problem(`${apiUrl} answered with HTTP status ${error.statusCode}`, elsewhere(apiUrl));
  if (error instanceof webApi.WebAPIRateLimitedError) return unexplained('ratelimited', tried);
  const name = refusalOf(error);
  if (name === undefined) return problem(messageOf(error), elsewhere(apiUrl));
  // Other programs' answers are taken for the name of an error, whole.
  if (!isErrorName(name)) return problem(`what answers at ${apiUrl} is not Slack's Web API`, elsewhere(apiUrl));
  return unexplained(name, tried);
}

export const isErrorName = (text: string): boolean => /^[a-z][a-z0-9_]{2,60}$/.test(text);

function unexplained(name: string, tried: Tried): Outcome {
  const outcome =
    refusals[name]?.(tried) ??
    problem(
      `Slack refuses what is in ${tried.variable}: ${name}`,
      `Compare ${tried.where} with docs/slack.md; the name of the error leads to Slack's documentation.`,
    );
  return tried.remedy === undefined || name === 'ratelimited' ? outcome : { ...outcome, remedy: tried.remedy };
}
