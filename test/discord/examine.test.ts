import { ChannelType } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ExaminedDiscord, examineDiscord } from '../../adapters/discord/examine.ts';
import { createFakeDiscord, type FakeDiscord, type FakeDiscordOptions } from './fake/fake-discord.ts';

let discord: FakeDiscord;
afterEach(() => discord.close());

const open = async (options?: FakeDiscordOptions) => {
  discord = await createFakeDiscord(options);
};

async function examine(more: Partial<ExaminedDiscord> = {}): Promise<string[]> {
  const { token, apiUrl } = discord;
  const settings = {
    token,
    apiUrl,
    workspaces: null,
    channels: null,
    reportChannel: null,
    admins: [],
    followUps: true,
  };
  const findings = await examineDiscord({ ...settings, ...more });
  return findings.map(({ check, state, says, remedy }) => `${state} ${check}: ${says} ${remedy ?? ''}`);
}

describe('the examination of Discord', () => {
  beforeEach(() => open());

  it('finds nothing wrong where nothing is', async () => {
    const general = discord.addChannel('general');
    const found = await examine({ reportChannel: general.id, workspaces: [discord.guild.id] });
    expect(found.filter((one) => !one.startsWith('ok'))).toEqual([]);
    expect(found.map((one) => one.split(':')[0])).toEqual(
      ['token', 'intents', 'gateway', 'servers', 'permissions', 'channel'].map((check) => `ok discord ${check}`),
    );
    expect(discord.complaints()).toEqual([]);
  });

  it('says which token is wrong, and stops there', async () => {
    const found = await examine({ token: 'MTIzNDU2Nzg5MDEyMzQ1Njc4OQ.Gabcde.wrong' });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^problem discord token: .*DISCORD_TOKEN/);
  });

  it('says where Discord is not', async () => {
    expect((await examine({ apiUrl: 'http://127.0.0.1:9/api' }))[0]).toMatch(
      /^problem discord token: .*127\.0\.0\.1:9/,
    );
  });

  it('names a channel of reports that takes none, and admins who cannot be told anything', async () => {
    const forum = discord.addChannel('forum', { type: ChannelType.GuildForum });
    expect((await examine({ reportChannel: forum.id })).join('\n')).toContain(
      `${forum.id} of DISCORD_REPORT_CHANNEL takes no`,
    );
    const role = discord.addRole('helpers', []);
    const ann = discord.addUser('ann');
    const ofAdmins = async (...admins: string[]) => (await examine({ admins })).find((one) => one.includes(' admins:'));
    expect(await ofAdmins(role.id)).toMatch(/^warning .*names roles alone.*Add the id of a person/);
    expect(await ofAdmins(role.id, ann.id)).toMatch(/^ok /);
    expect(await ofAdmins(ann.id, '1310000000000000001')).toMatch(/^warning .*1310000000000000001 of DISCORD_ADMINS/);
  });

  it('names each server, channel and permission that is missing', async () => {
    const shy = discord.addChannel('shy');
    discord.setPermissions(shy, 'bot', { deny: ['SendMessages', 'AddReactions'] });
    const found = await examine({
      workspaces: [discord.guild.id, '1310000000000000001'],
      channels: [shy.id, '1310000000000000002'],
    });
    const said = found.join('\n');
    expect(said).toContain('is not in 1310000000000000001 of DISCORD_GUILDS');
    const next = (await examine({ channels: [shy.id, '1310000000000000002'] })).join('\n');
    expect(next).toContain(`missing in channel ${shy.id} of DISCORD_CHANNELS: Send Messages, Add Reactions`);
    expect(next).toContain('sees no channel 1310000000000000002');
  });
});

describe('the examination of an app that is half set up', () => {
  it('says that it cannot read what is written without a mention', async () => {
    await open({ app: { privileged: { messageContent: false } } });
    expect((await examine()).join('\n')).toContain('warning discord intents: Message Content Intent is off');
    expect((await examine({ followUps: false })).join('\n')).toContain('ok discord intents');
  });
});
