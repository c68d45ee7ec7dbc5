import type { Finding } from '../../src/domain/finding.ts';
import { Findings } from '../delivery/examination.ts';
import { createApi } from './api.ts';
import { closeRest, openRest } from './calls.ts';
import { PLATFORM } from './context.ts';
import * as checks from './examine/checks.ts';
import { mayReadAll } from './identity.ts';

/** What of the settings is looked at. */
export interface ExaminedDiscord {
  readonly token: string;
  /** Without a version; null: Discord's own. */
  readonly apiUrl: string | null;
  readonly workspaces: readonly string[] | null;
  readonly channels: readonly string[] | null;
  readonly reportChannel: string | null;
  /** Ids of roles and people. */
  readonly admins: readonly string[];
  readonly followUps: boolean;
}

/** Of many servers, so many are looked at. */
const GUILDS = 25;

/** Checks what Discord needs, in the order in which it needs it; what follows from a problem is not looked at. */
export async function examineDiscord(settings: ExaminedDiscord): Promise<Finding[]> {
  const rest = openRest(settings.token, settings.apiUrl);
  const findings = new Findings(PLATFORM);
  try {
    await findAll(settings, findings, { api: createApi(rest), apiUrl: settings.apiUrl ?? rest.options.api });
  } finally {
    closeRest(rest);
  }
  return findings.all;
}

async function findAll(
  settings: ExaminedDiscord,
  findings: Findings,
  surroundings: checks.Surroundings,
): Promise<void> {
  const { workspaces, channels, reportChannel, admins, followUps } = settings;
  const found = await checks.bot(surroundings);
  if (!findings.note('token', found.outcome) || found.bot === undefined) return;
  const { bot } = found;
  findings.note('intents', checks.intents(mayReadAll(bot.flags), followUps));
  if (!findings.note('gateway', await checks.gateway(surroundings))) return;
  const guilds = await checks.guilds(surroundings, bot, workspaces);
  if (!findings.note('servers', guilds.outcome)) return;
  for (const guild of guilds.served.slice(0, GUILDS))
    findings.note('permissions', await checks.permissionsIn(surroundings, bot, guild));
  if (admins.length > 0)
    findings.note('admins', await checks.admins(surroundings, guilds.served.slice(0, GUILDS), admins));
  const named = [
    ...(reportChannel === null ? [] : [[reportChannel, 'DISCORD_REPORT_CHANNEL'] as const]),
    ...(channels ?? []).map((id) => [id, 'DISCORD_CHANNELS'] as const),
  ];
  for (const [id, variable] of named) findings.note('channel', await checks.channel(surroundings, bot, id, variable));
}
