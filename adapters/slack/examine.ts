import { webApi } from '@slack/bolt';
import type { Finding, Outcome } from '../../src/domain/finding.ts';
import { createLog } from '../../src/log.ts';
import { callOptions } from './calls.ts';
import * as checks from './examine/checks.ts';

/** What of the settings is looked at. */
export interface ExaminedSlack {
  readonly connection:
    | { readonly mode: 'socket'; readonly botToken: string; readonly appToken: string }
    | { readonly mode: 'http'; readonly botToken: string; readonly signingSecret: string }
    | {
        readonly mode: 'oauth';
        readonly clientId: string;
        readonly clientSecret: string;
        readonly signingSecret: string;
      };
  readonly apiUrl: string | null;
  readonly channels: readonly string[] | null;
  readonly workspaces: readonly string[] | null;
  readonly reportChannel: string | null;
}

const SLACK_API = 'https://slack.com/api/';

/** Checks what Slack needs, in the order in which it needs it; what follows from a problem is not looked at. */
export async function examineSlack(settings: ExaminedSlack): Promise<Finding[]> {
  const { connection } = settings;
  const apiUrl = settings.apiUrl ?? SLACK_API;
  const options = callOptions(settings.apiUrl, createLog('silent'));
  const surroundings = { apiUrl, clientOf: (token?: string) => new webApi.WebClient(token, options) };
  const findings: Finding[] = [];
  const note = (check: string, outcome: Outcome): boolean => {
    findings.push({ check: `slack ${check}`, ...outcome });
    return outcome.state !== 'problem';
  };
  if (!note('api', await checks.api(surroundings))) return findings;
  if (connection.mode !== 'oauth') await noteToken(note, surroundings, settings, connection.botToken);
  if (connection.mode === 'socket') note('app token', await checks.appToken(surroundings, connection.appToken));
  else {
    const clientSecret = connection.mode === 'oauth' ? connection.clientSecret : null;
    note('secret', checks.signingSecret(connection.signingSecret, clientSecret));
  }
  if (connection.mode === 'oauth')
    note('client', await checks.client(surroundings, connection.clientId, connection.clientSecret));
  return findings;
}

type Note = (check: string, outcome: Outcome) => boolean;

async function noteToken(
  note: Note,
  surroundings: checks.Surroundings,
  { workspaces, channels, reportChannel }: ExaminedSlack,
  token: string,
): Promise<void> {
  const tried = await checks.botToken(surroundings, token, checks.botTokenTried);
  if ('outcome' in tried) {
    note('token', tried.outcome);
    return;
  }
  note('token', checks.served(tried.grant, workspaces));
  if (!note('scopes', checks.scopes(tried.grant))) return;
  const named = [
    ...(reportChannel === null ? [] : [[reportChannel, 'SLACK_REPORT_CHANNEL'] as const]),
    ...(channels ?? []).filter((id) => !id.startsWith('D')).map((id) => [id, 'SLACK_CHANNELS'] as const),
  ];
  for (const [id, variable] of named) note('channel', await checks.channel(surroundings, token, id, variable));
}
