import { PermissionFlagsBits as Bits } from 'discord.js';
import { describe, expect, it } from 'vitest';
import type { DiscordApi } from '../../adapters/discord/api.ts';
import { createPermissions, missingOf, neededPermissions } from '../../adapters/discord/permissions.ts';

const GUILD = '1310000000000000001';
const ROLE = '1310000000000000002';
const OTHER = '1310000000000000003';
const BOT = '1310000000000000004';
const CHANNEL = '1310000000000000005';

interface Given {
  readonly everyone?: bigint;
  readonly role?: bigint;
  readonly owner?: string;
  readonly overwrites?: readonly { id: string; allow?: bigint; deny?: bigint }[];
}

function permissionsOf({ everyone = 0n, role = 0n, owner = OTHER, overwrites = [] }: Given) {
  const api: Partial<DiscordApi> = {
    guild: async () => ({ id: GUILD, owner_id: owner }),
    member: async () => ({ roles: [ROLE] }),
    roles: async () => [
      { id: GUILD, permissions: String(everyone) },
      { id: ROLE, permissions: String(role) },
      { id: OTHER, permissions: String(Bits.Administrator) },
    ],
    overwrites: async () =>
      overwrites.map(({ id, allow = 0n, deny = 0n }) => ({ id, allow: String(allow), deny: String(deny) })),
  };
  return createPermissions(api as DiscordApi);
}

const inChannel = (given: Given) => permissionsOf(given).inChannel(GUILD, CHANNEL, BOT);

describe('permissions in Discord', () => {
  it('are those of everybody and of one’s own roles', async () => {
    expect(await inChannel({ everyone: Bits.ViewChannel, role: Bits.SendMessages })).toBe(
      Bits.ViewChannel | Bits.SendMessages,
    );
  });

  it('are all for administrators and owners, whatever a channel says', async () => {
    const overwrites = [{ id: BOT, deny: neededPermissions }];
    for (const given of [{ role: Bits.Administrator }, { owner: BOT }])
      expect(missingOf(await inChannel({ ...given, overwrites }))).toEqual([]);
  });

  it('are changed by a channel first for everybody, then for roles, then for the person', async () => {
    const overwrites = [
      { id: BOT, allow: Bits.AddReactions },
      { id: ROLE, allow: Bits.SendMessages, deny: Bits.AddReactions },
      { id: GUILD, deny: Bits.SendMessages | Bits.ViewChannel },
      { id: OTHER, allow: Bits.ViewChannel },
    ];
    const has = await inChannel({ everyone: neededPermissions, overwrites });
    expect(missingOf(has).map(({ name }) => name)).toEqual(['View Channels']);
  });
});
