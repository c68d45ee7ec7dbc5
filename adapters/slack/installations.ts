import type { Installation, InstallationQuery, InstallationStore } from '@slack/bolt';
import { InputError } from '../../src/errors.ts';
import { type Handler, PLATFORM, type SlackContext } from './context.ts';

const keyOf = ({ isEnterpriseInstall, enterprise, team }: Installation): string | undefined =>
  isEnterpriseInstall === true ? enterprise?.id : team?.id;

const queryKey = ({ isEnterpriseInstall, enterpriseId, teamId }: InstallationQuery<boolean>): string | undefined =>
  isEnterpriseInstall ? enterpriseId : teamId;

const nameless = () =>
  new InputError('SLACK_INSTALLATION_INVALID', 'Slack named no workspace', 'Begin the installation again.');

/** Keeps what installing gives on the desk, which seals it. */
export function installationStore(
  { desk, settings }: Pick<SlackContext, 'desk' | 'settings'>,
  onInstalled: (key: string) => void,
): InstallationStore {
  return {
    async storeInstallation(installation) {
      const key = keyOf(installation);
      if (key === undefined) throw nameless();
      if (settings.workspaces !== null && !settings.workspaces.includes(key))
        throw new InputError(
          'SLACK_WORKSPACE_REFUSED',
          `The workspace ${key} is not to be served`,
          'Whoever runs the service may add it to SLACK_WORKSPACES.',
        );
      await desk.saveInstallation(PLATFORM, key, installation);
      onInstalled(key);
    },
    async fetchInstallation(query) {
      const key = queryKey(query);
      const found = key === undefined ? undefined : await desk.installation(PLATFORM, key);
      if (found === undefined) throw nameless();
      // It was stored by the function above.
      return found as Installation<'v2', false>;
    },
    async deleteInstallation(query) {
      const key = queryKey(query);
      if (key !== undefined) await desk.removeInstallation(PLATFORM, key);
    },
  };
}

export const onUninstalled: Handler<'uninstalled'> = ({ workspace }, slack) => ended(workspace, slack);

export const onTokensRevoked: Handler<'tokensRevoked'> = async ({ workspace, bots }, slack) => {
  // The tokens of people are no matter of the bot.
  if (bots.length > 0) await ended(workspace, slack);
};

async function ended(workspace: string, { desk, log, forgetWorkspace }: SlackContext): Promise<void> {
  await desk.removeInstallation(PLATFORM, workspace);
  forgetWorkspace(workspace);
  log.warn({ workspace }, 'the app was removed from a workspace, or its token was revoked');
}
