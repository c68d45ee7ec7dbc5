import { webApi } from '@slack/bolt';
import type { ChatDesk } from '../../src/domain/chat.ts';
import { type Finding, type Outcome, problem, warning } from '../../src/domain/finding.ts';
import { FoursightError, messageOf } from '../../src/errors.ts';
import { createLog } from '../../src/log.ts';
import { Findings, type Tried } from '../delivery/examination.ts';
import { EVENTS_PLACE } from '../delivery/read-position.ts';
import { callOptions } from './calls.ts';
import { PLATFORM } from './context.ts';
import * as checks from './examine/checks.ts';
import { isDirectChannel } from './keys.ts';
import { missingScopes } from './scopes.ts';
import { refusedPlace } from './signatures.ts';
import { kept } from './workspaces.ts';

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

/** What is known of Slack in the database. */
export type ExaminedDesk = Pick<ChatDesk, 'readUpTo' | 'installations' | 'installation'>;

/** Of many workspaces, so many installations are tried. */
const INSTALLATIONS = 50;

/**
 * Checks what Slack needs, in the order in which it needs it; what follows from a problem is not looked at.
 * @param desk knows installations and refused requests; undefined when it cannot be used
 */
export async function examineSlack(settings: ExaminedSlack, desk?: ExaminedDesk): Promise<Finding[]> {
  const { connection } = settings;
  const apiUrl = settings.apiUrl ?? SLACK_API;
  const options = callOptions(settings.apiUrl, createLog('silent'));
  const surroundings = { apiUrl, clientOf: (token?: string) => new webApi.WebClient(token, options) };
  const findings = new Findings(PLATFORM);
  const note: Note = (check, outcome) => findings.note(check, outcome);
  if (!note('api', await checks.api(surroundings))) return findings.all;
  if (connection.mode === 'oauth') {
    const { clientId, clientSecret, signingSecret } = connection;
    note('secret', checks.signingSecret(signingSecret, clientSecret));
    note('client', await checks.client(surroundings, clientId, clientSecret));
    await noteInstallations(note, surroundings, settings, desk);
    return findings.all;
  }
  const grant = await noteToken(note, surroundings, settings, connection.botToken, checks.botTokenTried);
  if (grant !== undefined && missingScopes(grant.scopes).length === 0)
    await noteChannels(note, surroundings, settings, connection.botToken);
  if (connection.mode === 'socket') note('app token', await checks.appToken(surroundings, connection.appToken));
  else {
    const { signingSecret } = connection;
    const key = grant?.workspace ?? '';
    const refused = await desk?.readUpTo(PLATFORM, key, refusedPlace(signingSecret));
    const taken = await desk?.readUpTo(PLATFORM, key, EVENTS_PLACE);
    note('secret', checks.requests(refused, taken) ?? checks.signingSecret(signingSecret, null));
  }
  return findings.all;
}

type Note = (check: string, outcome: Outcome) => boolean;

/** @returns whom a token belongs to; undefined when it cannot be used */
async function noteToken(
  note: Note,
  surroundings: checks.Surroundings,
  { workspaces }: ExaminedSlack,
  token: string,
  tried: Tried,
): Promise<checks.Grant | undefined> {
  const found = await checks.botToken(surroundings, token, tried);
  if ('outcome' in found) {
    note('token', found.outcome);
    return undefined;
  }
  note('token', checks.served(found.grant, workspaces));
  note('scopes', checks.scopes(found.grant));
  return found.grant;
}

async function noteChannels(
  note: Note,
  surroundings: checks.Surroundings,
  { channels, reportChannel }: ExaminedSlack,
  token: string,
): Promise<void> {
  const named = [
    ...(reportChannel === null ? [] : [[reportChannel.replace(/^.*:/, ''), 'SLACK_REPORT_CHANNEL'] as const]),
    ...(channels ?? []).filter((id) => !isDirectChannel(id)).map((id) => [id, 'SLACK_CHANNELS'] as const),
  ];
  for (const [id, variable] of named) note('channel', await checks.channel(surroundings, token, id, variable));
}

async function noteInstallations(
  note: Note,
  surroundings: checks.Surroundings,
  settings: ExaminedSlack,
  desk: ExaminedDesk | undefined,
): Promise<void> {
  const keys = (await desk?.installations(PLATFORM)) ?? [];
  if (keys.length === 0)
    note('installs', warning('no workspace has installed the app', 'Open /slack/install of the running service.'));
  for (const key of keys.slice(0, INSTALLATIONS)) {
    try {
      const { bot } = kept.parse(await desk?.installation(PLATFORM, key));
      await noteToken(note, surroundings, settings, bot.token, checks.installationTried(key));
    } catch (error) {
      const remedy = error instanceof FoursightError ? error.remedy : 'Install the app there again.';
      note('installs', problem(`the installation in ${key} cannot be used: ${messageOf(error)}`, remedy));
    }
  }
}
