import type { ServerResponse } from 'node:http';
import { InputError, messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import { refusalOf } from './calls.ts';

const INSTALL = '/slack/install';

/** Why the app was not installed, and what whoever wanted to install it does next. */
interface Failure {
  readonly status: number;
  readonly why: string;
  readonly remedy: string;
}

const otherBrowser: Failure = {
  status: 400,
  why: 'This is not the browser in which the installation was begun, or that was more than ten minutes ago.',
  remedy: `Open ${INSTALL} again, by https and with cookies allowed, and come to an end in the same browser.`,
};

/** By the SDK's codes. */
const failures: Readonly<Record<string, Failure>> = {
  slack_oauth_installer_authorization_error: {
    status: 403,
    why: 'The installation was cancelled in Slack.',
    remedy: `Open ${INSTALL} again and choose “Allow”. Where Slack asks for an approval, an admin of the workspace has to give it.`,
  },
  slack_oauth_missing_state: otherBrowser,
  slack_oauth_invalid_state: otherBrowser,
  slack_oauth_missing_code: {
    status: 400,
    why: 'This address is for Slack, which comes here at the end of an installation.',
    remedy: `Open ${INSTALL} instead.`,
  },
};

function failureOf(error: Error & { readonly code?: string }): Failure {
  const known = failures[error.code ?? ''];
  if (known !== undefined) return known;
  if (error instanceof InputError) return { status: 403, why: `${error.message}.`, remedy: error.remedy };
  const refusal = refusalOf(error);
  if (refusal === 'invalid_code' || refusal === 'code_already_used')
    return { status: 400, why: 'Slack does not know this installation any more.', remedy: `Open ${INSTALL} again.` };
  if (refusal !== undefined)
    return {
      status: 500,
      why: `Slack refuses the installation (${refusal}).`,
      remedy: 'Whoever runs the service finds what is wrong with `foursight doctor`.',
    };
  return {
    status: 500,
    why: 'The installation failed.',
    remedy: `Open ${INSTALL} again; the service's log has the cause.`,
  };
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Shows why the app was not installed, and what to do, and logs the cause. */
export const answerFailedInstall =
  (log: Log) =>
  (error: Error & { readonly code?: string }, _options: unknown, _request: unknown, response: ServerResponse): void => {
    const { status, why, remedy } = failureOf(error);
    log.warn({ cause: messageOf(error), remedy }, 'the app was not installed');
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
    response.end(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Foursight was not installed</title></head>
<body style="font-family: sans-serif; max-width: 40em; margin: 4em auto">
<h1>Foursight was not installed</h1>
<p>${escaped(why)}</p>
<p>${escaped(remedy)}</p>
</body>
</html>
`);
  };
