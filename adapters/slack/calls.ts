import { type Logger, LogLevel, webApi } from '@slack/bolt';
import { DeliveryError, messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';

const CALL_MS = 20_000;

/** What the SDK has to say, without what is only for its makers: it would log texts and tokens. */
export function sdkLog(log: Log): Logger {
  const nothing = () => undefined;
  return {
    debug: nothing,
    info: nothing,
    warn: (...said: unknown[]) => log.debug({ said: said.map(messageOf).join(' ') }, 'the Slack SDK warns'),
    error: (...said: unknown[]) => log.warn({ said: said.map(messageOf).join(' ') }, 'the Slack SDK reports a failure'),
    getLevel: () => LogLevel.WARN,
    setLevel: nothing,
    setName: nothing,
  };
}

/** How calls are made everywhere: nothing is repeated, since what failed may have been done all the same. */
export const callOptions = (apiUrl: string | null, log: Log): webApi.WebClientOptions => ({
  ...(apiUrl !== null && { slackApiUrl: apiUrl }),
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  timeout: CALL_MS,
  logger: sdkLog(log),
});

/** Slack's word for why it refused a call, e.g. `is_archived`; undefined when it gave none. */
export const refusalOf = (error: unknown): string | undefined =>
  error instanceof webApi.WebAPIPlatformError ? error.data.error : undefined;

/** How long Slack wants to be left alone, in ms; undefined when it did not say. */
export function retryAfterOf(error: unknown): number | undefined {
  if (error instanceof webApi.WebAPIRateLimitedError) return error.retryAfter * 1_000;
  return refusalOf(error) === 'ratelimited' ? 1_000 : undefined;
}

/** Neither Slack's word nor a wait: the call may have been done or not. */
export const isUncertain = (error: unknown): boolean =>
  refusalOf(error) === undefined && retryAfterOf(error) === undefined;

/** Refusals that may be over in a while. */
const passing = [
  'fatal_error',
  'internal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
  'ratelimited',
  'message_limit_exceeded',
];

/** Slack could not do it just now, by its own word or by none: it tells nothing of what was asked for. */
export const isPassing = (error: unknown): boolean =>
  isUncertain(error) || retryAfterOf(error) !== undefined || passing.includes(refusalOf(error) ?? '');

/** Slack's word for why it refuses a call, and will again; undefined when it may be over in a while. */
export const finalRefusalOf = (error: unknown): string | undefined => (isPassing(error) ? undefined : refusalOf(error));

/** Refusals that somebody can do something about. */
const remedies = new Map([
  ['is_archived', 'Unarchive the channel.'],
  ['is_inactive', 'Unarchive the channel.'],
  ['not_in_channel', 'Invite the app to the channel.'],
  ['channel_not_found', 'Invite the app to the channel.'],
  ['restricted_action', 'Let the app post in the channel.'],
  ['thread_not_found', 'The question was deleted; ask it again.'],
  ['message_not_found', 'The message was deleted; ask again.'],
  ['missing_scope', '`foursight doctor` says which scope is missing.'],
  ['invalid_auth', 'Set SLACK_BOT_TOKEN to the token of the installed app.'],
  ['not_authed', 'Set SLACK_BOT_TOKEN to the token of the installed app.'],
  ['token_revoked', 'Install the app again.'],
  ['token_expired', 'Install the app again.'],
  ['account_inactive', 'Install the app again.'],
]);

/** What comes of a call that failed while something was posted. @param what e.g. `chat.postMessage` */
export function deliveryError(error: unknown, what: string): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const refusal = refusalOf(error);
  const retryAfterMs = retryAfterOf(error) ?? null;
  return new DeliveryError(
    'SLACK_REFUSED',
    `Slack did not take it (${what}: ${refusal ?? messageOf(error)})`,
    remedies.get(refusal ?? '') ?? '`foursight doctor` checks the connection to Slack.',
    { cause: error, isFinal: !isPassing(error), retryAfterMs },
  );
}
