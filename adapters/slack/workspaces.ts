import { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { ChatDesk } from '../../src/domain/chat.ts';
import { ConfigError, DeliveryError } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import type { Timers } from '../delivery/timers.ts';
import { callOptions, isUncertain, refusalOf } from './calls.ts';
import { PLATFORM, type SlackPerson, type SlackWorkspace } from './context.ts';
import { createPace } from './pace.ts';
import { slackId } from './parse/payloads.ts';
import type { Own } from './parse.ts';
import { missingScopes } from './scopes.ts';

/** How long what Slack tells of a person, and an installation, are taken for true. */
const PERSON_MS = 5 * 60_000;
const INSTALLATION_MS = 60_000;
const PEOPLE = 5_000;

export interface WorkspacesOptions {
  /** Of the one workspace that is served; null: those that the app is installed in. */
  readonly botToken: string | null;
  readonly apiUrl: string | null;
  /** How many times Slack's own rates are gone up to. */
  readonly rate: number;
  readonly desk: ChatDesk;
  readonly log: Log;
  readonly timers: Timers;
}

/** The workspaces that can be reached. */
export interface Workspaces {
  /** @throws DeliveryError, a final one where the app is not installed; what auth.test throws */
  of(key: string): Promise<SlackWorkspace>;
  keys(): Promise<readonly string[]>;
  /** Its installation has changed or ended. */
  forget(key: string): void;
  close(): void;
}

interface Access {
  readonly token: string;
  readonly own: Own;
}

const identity = z.object({
  user_id: slackId,
  bot_id: z.string().nullish(),
  team_id: slackId,
  enterprise_id: slackId.nullish(),
  is_enterprise_install: z.boolean().nullish(),
  response_metadata: z.object({ scopes: z.array(z.string()).nullish() }).nullish(),
});

/** What is read of an installation that was kept. */
export const kept = z.object({ bot: z.object({ token: z.string(), id: z.string(), userId: slackId }) });

const notInstalled = (key: string) =>
  new DeliveryError(
    'SLACK_NOT_INSTALLED',
    `the app is not installed in the workspace ${key}`,
    'Open /slack/install of this service and install it there.',
    { isFinal: true },
  );

/** The workspace of a token, and who the bot is in it. @throws ConfigError where Slack refuses the token */
async function identify(token: string, options: WorkspacesOptions): Promise<{ key: string; own: Own }> {
  const client = new webApi.WebClient(token, callOptions(options.apiUrl, options.log));
  try {
    const who = identity.parse(await client.auth.test());
    const isOrgWide = who.is_enterprise_install === true && typeof who.enterprise_id === 'string';
    const key = isOrgWide ? (who.enterprise_id ?? who.team_id) : who.team_id;
    const granted = who.response_metadata?.scopes;
    const missing = granted ? missingScopes(granted).map(({ scope }) => scope) : [];
    if (missing.length > 0)
      options.log.warn(
        { workspace: key, missing },
        'the bot token lacks permissions; `foursight doctor` says what to do',
      );
    return { key, own: { user: who.user_id, bot: who.bot_id ?? null } };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined || isUncertain(error)) throw error;
    throw new ConfigError(
      'SLACK_TOKEN_REFUSED',
      `Slack refuses SLACK_BOT_TOKEN (${refusal})`,
      'Copy the bot token of the installed app, which begins with xoxb-, from "OAuth & Permissions".',
      { cause: error },
    );
  }
}

export function createWorkspaces(options: WorkspacesOptions): Workspaces {
  const { botToken, desk, log, timers } = options;
  const opened = new Map<string, { readonly token: string; readonly workspace: SlackWorkspace; until: number }>();
  const opening = new Map<string, Promise<SlackWorkspace>>();
  let only: Promise<{ key: string; own: Own }> | undefined;

  const identified = (token: string): Promise<{ key: string; own: Own }> => {
    only ??= identify(token, options).catch((error: unknown) => {
      only = undefined;
      throw error;
    });
    return only;
  };

  async function accessTo(key: string): Promise<Access> {
    if (botToken !== null) {
      const { key: own, own: bot } = await identified(botToken);
      if (own !== key) throw notInstalled(key);
      return { token: botToken, own: bot };
    }
    const installation = kept.safeParse(await desk.installation(PLATFORM, key));
    if (!installation.success) throw notInstalled(key);
    const { token, id, userId } = installation.data.bot;
    return { token, own: { user: userId, bot: id } };
  }

  async function open(key: string): Promise<SlackWorkspace> {
    const { token, own } = await accessTo(key);
    const until = timers.now() + INSTALLATION_MS;
    const found = opened.get(key);
    if (found?.token === token) {
      found.until = until;
      return found.workspace;
    }
    found?.workspace.pace.close();
    const workspace = openWorkspace(key, { token, own }, options);
    opened.set(key, { token, workspace, until });
    log.debug({ workspace: key }, 'a workspace is served');
    return workspace;
  }

  return {
    async of(key) {
      const found = opened.get(key);
      if (found !== undefined && (botToken !== null || found.until > timers.now())) return found.workspace;
      const begun = opening.get(key) ?? open(key).finally(() => opening.delete(key));
      opening.set(key, begun);
      return begun;
    },
    async keys() {
      return botToken === null ? desk.installations(PLATFORM) : [(await identified(botToken)).key];
    },
    forget(key) {
      opened.get(key)?.workspace.pace.close();
      opened.delete(key);
    },
    close() {
      for (const { workspace } of opened.values()) workspace.pace.close();
    },
  };
}

const userInfo = z.object({
  user: z.object({
    id: slackId,
    team_id: slackId.nullish(),
    name: z.string().nullish(),
    is_admin: z.boolean().nullish(),
    is_owner: z.boolean().nullish(),
    is_bot: z.boolean().nullish(),
    is_stranger: z.boolean().nullish(),
  }),
});

function openWorkspace(key: string, { token, own }: Access, options: WorkspacesOptions): SlackWorkspace {
  const { apiUrl, rate, log, timers } = options;
  const client = new webApi.WebClient(token, callOptions(apiUrl, log));
  const pace = createPace(timers, log, rate);
  const people = new Map<string, { readonly person: SlackPerson; readonly until: number }>();

  async function person(userKey: string): Promise<SlackPerson | undefined> {
    const known = people.get(userKey);
    if (known !== undefined && known.until > timers.now()) return known.person;
    try {
      const { user } = userInfo.parse(await client.users.info({ user: userKey }));
      const found: SlackPerson = {
        key: user.id,
        name: user.name ?? '',
        team: user.team_id ?? null,
        isAdmin: user.is_admin === true || user.is_owner === true,
        isStranger: user.is_stranger === true,
        isBot: user.is_bot === true,
      };
      if (people.size >= PEOPLE) people.clear();
      people.set(userKey, { person: found, until: timers.now() + PERSON_MS });
      return found;
    } catch (error) {
      log.warn({ workspace: key, person: userKey, err: error }, 'Slack does not tell who somebody is');
      return undefined;
    }
  }
  return { key, client, own, pace, person };
}
