import {
  deleteInstallation,
  installedWorkspaces,
  readInstallation,
  resealInstallation,
  upsertInstallation,
} from '../db/installation-queries.ts';
import { createSeal, type Seal } from '../db/seal.ts';
import type { ChatDesk } from '../domain/chat.ts';
import type { LoopSetting } from './loop.ts';

/** What installations are sealed with: the first; the others open what was sealed before. */
export type SecretKeys = () => Promise<readonly [string, ...string[]]>;

/** What installing in workspaces gave, sealed in the database. The keys are asked for when they are first needed. */
export function installationsOf(
  { db }: LoopSetting,
  secretKeys: SecretKeys,
): Pick<ChatDesk, 'saveInstallation' | 'installation' | 'installations' | 'removeInstallation'> {
  let known: Seal | undefined;
  const sealing = async (): Promise<Seal> => {
    known ??= createSeal(await secretKeys());
    return known;
  };
  return {
    async saveInstallation(platform, workspace, installation) {
      const seal = await sealing();
      const sealed = seal.seal(JSON.stringify(installation ?? null), [platform, workspace]);
      await upsertInstallation(db, platform, workspace, sealed);
    },
    async installation(platform, workspace, { isLook = false } = {}) {
      const from = await readInstallation(db, platform, workspace);
      if (from === undefined) return undefined;
      const seal = await sealing();
      const owner = [platform, workspace];
      const text = seal.open(from, owner);
      // An older key can be forgotten once everything was opened.
      if (from.keyId !== seal.keyId && !isLook)
        await resealInstallation(db, platform, workspace, { from, to: seal.seal(text, owner) });
      return JSON.parse(text);
    },
    installations: (platform) => installedWorkspaces(db, platform),
    removeInstallation: (platform, workspace) => deleteInstallation(db, platform, workspace),
  };
}
