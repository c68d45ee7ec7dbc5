import { webApi } from '@slack/bolt';
import type { ChatDesk } from '../../src/domain/chat.ts';
import { type Finding, type Outcome, problem, warning } from '../../src/domain/finding.ts';
import { ConfigError, FoursightError, messageOf } from '../../src/errors.ts';
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
    const keys = (await desk?.installations(PLATFORM)) ?? [];
    const signed = await requestsOf(desk, keys, signingSecret);
    note('secret', signed ?? checks.signingSecret(signingSecret, clientSecret));
    note('client', await checks.client(surroundings, clientId, clientSecret));
    await noteInstallations(note, surroundings, { settings, desk, keys });
    return findings.all;
  }
  const tried = { tried: checks.botTokenTried, again: 'install the app again' };
  const grant = await noteToken(note, surroundings, settings, connection.botToken, tried);
  if (grant !== undefined) {
    await noteReportChannel(note, surroundings, settings, { served: [grant.workspace], grants: [grant] });
    await noteChannels(note, surroundings, settings, { served: [grant.workspace], grants: [grant] });
  }
  if (connection.mode === 'socket') note('app token', await checks.appToken(surroundings, connection.appToken, grant));
  else {
    const { signingSecret } = connection;
    const signed = await requestsOf(desk, grant === undefined ? [] : [grant.workspace], signingSecret);
    note('secret', signed ?? checks.signingSecret(signingSecret, null));
  }
  return findings.all;
}

/** What the running service has noted of requests that were not signed as they should be, in any of the workspaces. */
async function requestsOf(
  desk: ExaminedDesk | undefined,
  workspaces: readonly string[],
  signingSecret: string,
): Promise<Outcome | undefined> {
  const newest = async (place: string): Promise<string | undefined> => {
    const noted = await Promise.all(workspaces.map((key) => desk?.readUpTo(PLATFORM, key, place)));
    return noted
      .filter((position) => position !== undefined)
      .sort()
      .at(-1);
  };
  return checks.requests(await newest(refusedPlace(signingSecret)), await newest(EVENTS_PLACE));
}

type Note = (check: string, outcome: Outcome) => boolean;

/**
 * @param again how the app is installed once more
 * @returns whom a token belongs to; undefined when it cannot be used
 */
async function noteToken(
  note: Note,
  surroundings: checks.Surroundings,
  { workspaces }: ExaminedSlack,
  token: string,
  { tried, again }: { readonly tried: Tried; readonly again: string },
): Promise<checks.Grant | undefined> {
  const found = await checks.botToken(surroundings, token, tried);
  if ('outcome' in found) {
    note('token', found.outcome);
    return undefined;
  }
  note('token', checks.served(found.grant, workspaces));
  note('scopes', checks.scopes(found.grant, again));
  return found.grant;
}

/** Without all scopes, which their own check names, channels cannot be looked at. */
const seesChannels = ({ scopes }: checks.Grant): boolean => missingScopes(scopes).length === 0;

/** The workspaces with the app. */
interface Granted {
  readonly served: readonly string[];
  /** Of those of them whose token can be used. */
  readonly grants: readonly checks.Grant[];
}

async function noteReportChannel(
  note: Note,
  surroundings: checks.Surroundings,
  { reportChannel }: ExaminedSlack,
  { served, grants }: Granted,
): Promise<void> {
  const [id, owner = served[0] ?? ''] = reportChannel?.split(':').reverse() ?? [];
  if (id === undefined) return;
  const strange = checks.reportOwner(owner, served);
  if (strange !== undefined) note('channel', strange);
  const grant = grants.find(({ workspace }) => workspace === owner);
  if (grant === undefined || !seesChannels(grant)) return;
  const variable = 'SLACK_REPORT_CHANNEL';
  const found = await checks.channel(surroundings, grant.token, id, variable);
  note('channel', found ?? checks.unseenChannel(id, variable));
}

async function noteChannels(
  note: Note,
  surroundings: checks.Surroundings,
  { channels }: ExaminedSlack,
  { served, grants }: Granted,
): Promise<void> {
  const variable = 'SLACK_CHANNELS';
  const seeing = grants.filter(seesChannels);
  for (const id of (channels ?? []).filter((one) => !isDirectChannel(one))) {
    const found = await inOneOf(seeing, ({ token }) => checks.channel(surroundings, token, id, variable));
    // It may be of a workspace that cannot be looked into.
    if (found !== undefined || seeing.length === served.length)
      note('channel', found ?? checks.unseenChannel(id, variable));
  }
}

/** What is found in one of some workspaces, which is enough; what is wrong with it in another unless it is. */
async function inOneOf(
  grants: readonly checks.Grant[],
  look: (grant: checks.Grant) => Promise<Outcome | undefined>,
): Promise<Outcome | undefined> {
  let wrong: Outcome | undefined;
  for (const grant of grants) {
    const found = await look(grant);
    if (found?.state === 'ok') return found;
    wrong ??= found;
  }
  return wrong;
}

interface Installed {
  readonly settings: ExaminedSlack;
  readonly desk: ExaminedDesk | undefined;
  /** Of the workspaces with an installation. */
  readonly keys: readonly string[];
}

async function noteInstallations(
  note: Note,
  surroundings: checks.Surroundings,
  { settings, desk, keys }: Installed,
): Promise<void> {
  if (keys.length === 0)
    note('installs', warning('no workspace has installed the app', 'Open /slack/install of the running service.'));
  const grants: checks.Grant[] = [];
  for (const key of keys.slice(0, INSTALLATIONS)) {
    const tried = checks.installationTried(key);
    try {
      const { data } = kept.safeParse(await desk?.installation(PLATFORM, key, { isLook: true }));
      if (data === undefined) throw new ConfigError('SLACK_INSTALLATION_EMPTY', 'it holds no bot token', tried.remedy);
      const how = { tried, again: 'open /slack/install and install the app again' };
      const grant = await noteToken(note, surroundings, settings, data.bot.token, how);
      if (grant !== undefined) grants.push(grant);
    } catch (error) {
      const remedy = error instanceof FoursightError ? error.remedy : tried.remedy;
      note('installs', problem(`the installation in ${key} cannot be used: ${messageOf(error)}`, remedy));
    }
  }
  if (keys.length > INSTALLATIONS)
    note(
      'installs',
      warning(`only ${INSTALLATIONS} of ${keys.length} installations were tried`, 'See the log for others.'),
    );
  await noteReportChannel(note, surroundings, settings, { served: keys, grants });
  await noteChannels(note, surroundings, settings, { served: keys, grants });
}
