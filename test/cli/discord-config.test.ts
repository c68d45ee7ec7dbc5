import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';

const DISCORD_TOKEN = 'MTIzNDU2Nzg5MDEyMzQ1Njc4OQ.Gabcde.x0-y_z';

describe('the configuration of Discord', () => {
  it('is none without a token', () => {
    expect(readConfig({ DISCORD_GUILDS: '1310000000000000001' }).discord).toBeNull();
  });

  it('needs nothing but a token', () => {
    expect(readConfig({ DISCORD_TOKEN }).discord).toEqual({
      token: DISCORD_TOKEN,
      apiUrl: null,
      channels: null,
      workspaces: null,
      admins: [],
      reportChannel: null,
      followUps: true,
      reactions: { up: [], down: [] },
    });
  });

  it('takes lists of ids and of emoji', () => {
    const read = readConfig({
      DISCORD_TOKEN,
      DISCORD_API_URL: 'http://127.0.0.1:1/api/',
      DISCORD_ADMINS: '1310000000000000001, 1310000000000000002',
      DISCORD_REACTIONS: 'up:✅,down:nope',
    }).discord;
    expect(read).toMatchObject({
      apiUrl: 'http://127.0.0.1:1/api',
      admins: ['1310000000000000001', '1310000000000000002'],
      reactions: { up: ['✅'], down: ['nope'] },
    });
  });

  it('names what cannot be used, without the token', () => {
    const wrong = { DISCORD_TOKEN: 'Bot verysecret', DISCORD_CHANNELS: '#general', DISCORD_REACTIONS: 'up:x,down:x' };
    expect(() => readConfig(wrong)).toThrow(/DISCORD_TOKEN.*DISCORD_CHANNELS="#general".*DISCORD_REACTIONS/);
    expect(() => readConfig(wrong)).not.toThrow(/verysecret/);
  });
});
