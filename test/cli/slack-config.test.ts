import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { refusal } from './refusal.ts';

const bot = 'xoxb-1-2-hunter2';
const socket = { SLACK_BOT_TOKEN: bot, SLACK_APP_TOKEN: 'xapp-1-A-hunter2' };
const signed = { SLACK_SIGNING_SECRET: 'hunter2hunter2' };
const installed = {
  SLACK_CLIENT_ID: '1.2',
  SLACK_CLIENT_SECRET: 'hunter2hunter2',
  SLACK_STATE_SECRET: 'hunter2hunter2',
};

describe('the configuration of Slack', () => {
  it('is none without a token, whatever else is set', () => {
    expect(readConfig({ SLACK_CHANNELS: 'C1' }).slack).toBeNull();
  });

  it('tells Socket Mode, HTTP and installing in many workspaces apart', () => {
    expect(readConfig({ ...socket, ...signed }).slack?.connection).toMatchObject({ mode: 'socket', botToken: bot });
    expect(readConfig({ SLACK_BOT_TOKEN: bot, ...signed, SLACK_PORT: '0' }).slack?.connection).toMatchObject({
      mode: 'http',
      listen: { host: '127.0.0.1', port: 0 },
    });
    expect(readConfig({ ...signed, ...installed }).slack?.connection).toMatchObject({ mode: 'oauth', clientId: '1.2' });
  });

  it.each([
    [{ SLACK_BOT_TOKEN: bot }, 'SLACK_APP_TOKEN'],
    [{ SLACK_APP_TOKEN: socket.SLACK_APP_TOKEN }, 'SLACK_BOT_TOKEN'],
    [{ SLACK_APP_TOKEN: socket.SLACK_APP_TOKEN, ...signed }, 'SLACK_BOT_TOKEN'],
    [signed, 'SLACK_BOT_TOKEN'],
    [{ ...installed }, 'SLACK_SIGNING_SECRET'],
    [{ ...signed, SLACK_CLIENT_ID: '1.2' }, 'SLACK_CLIENT_SECRET'],
    [{ ...socket, ...installed }, 'unset'],
  ])('says what half of it lacks: %o', (env, wanted) => {
    const error = refusal(env);
    expect(error.remedy).toContain(wanted);
    expect(`${error.message} ${error.remedy}`).not.toContain('hunter2');
  });

  it('wants to know of which workspace an admin and the channel of reports are, where many are served', () => {
    const many = { ...signed, ...installed };
    const bound = { SLACK_ADMINS: 'T1:U1,E2:W2', SLACK_REPORT_CHANNEL: 'T1:C1', SLACK_CHANNELS: 'C1' };
    expect(readConfig({ ...many, ...bound }).slack).toMatchObject({ admins: ['T1:U1', 'E2:W2'], channels: ['C1'] });
    const error = refusal({ ...many, SLACK_ADMINS: 'T1:U1,U2', SLACK_REPORT_CHANNEL: 'C1' });
    expect(error.message).toMatch(/: SLACK_ADMINS=U2, SLACK_REPORT_CHANNEL=C1$/);
    expect(error.remedy).toContain('SLACK_ADMINS=T0123ABCD:U2');
    expect(readConfig({ ...socket, SLACK_ADMINS: 'U2', SLACK_REPORT_CHANNEL: 'C1' }).slack?.admins).toEqual(['U2']);
  });

  it('keeps tokens and secrets out of messages when their form is wrong', () => {
    const error = refusal({
      SLACK_BOT_TOKEN: 'xapp-hunter2',
      SLACK_APP_TOKEN: 'xoxb-hunter2',
      SLACK_SIGNING_SECRET: 'hunter2',
      SLACK_CLIENT_SECRET: 'hunter2',
      SLACK_STATE_SECRET: 'hunter2',
      FOURSIGHT_SECRET_KEY: 'a-long-enough-key-of-today,hunter2',
    });
    expect(error.remedy.split('\n')).toHaveLength(6);
    expect(`${error.message} ${error.remedy}`).not.toContain('hunter2');
  });

  it('has everything served, nobody beside admins, and no strangers unless it is told otherwise', () => {
    expect(readConfig(socket).slack).toMatchObject({
      apiUrl: null,
      rate: 1,
      channels: null,
      workspaces: null,
      admins: [],
      reportChannel: null,
      followUps: true,
      strangers: false,
      reactions: { up: [], down: [] },
    });
  });

  it('takes lists, switches and aliases', () => {
    const { slack, limits, secretKeys } = readConfig({
      ...socket,
      SLACK_API_URL: 'http://127.0.0.1:9/api',
      SLACK_CHANNELS: 'C1, G2',
      SLACK_WORKSPACES: 'T1,E2',
      SLACK_ADMINS: 'U1,T1:U2',
      SLACK_REPORT_CHANNEL: 'C9',
      SLACK_FOLLOW_UPS: 'off',
      SLACK_RATE: '2.5',
      SLACK_CONNECT: 'on',
      SLACK_REACTIONS: 'up:white_check_mark, down:x,up:tada',
      FOURSIGHT_PERSON_LIMIT: '3',
      FOURSIGHT_SECRET_KEY: 'the-key-of-today-0123456789,the-key-of-last-year-01234',
    });
    expect(slack).toMatchObject({
      apiUrl: 'http://127.0.0.1:9/api/',
      rate: 2.5,
      channels: ['C1', 'G2'],
      workspaces: ['T1', 'E2'],
      admins: ['U1', 'T1:U2'],
      reportChannel: 'C9',
      followUps: false,
      strangers: true,
      reactions: { up: ['white_check_mark', 'tada'], down: ['x'] },
    });
    expect(limits.person).toBe(3);
    expect(secretKeys).toEqual(['the-key-of-today-0123456789', 'the-key-of-last-year-01234']);
  });

  it.each([
    ['SLACK_CHANNELS', '#general'],
    ['SLACK_ADMINS', ','],
    ['SLACK_REACTIONS', 'up:x,down:x'],
    ['SLACK_REACTIONS', 'sideways:x'],
    ['SLACK_FOLLOW_UPS', 'yes'],
    ['SLACK_API_URL', 'slack.com'],
    ['SLACK_RATE', '0'],
  ])('refuses %s=%s with a remedy', (name, value) => {
    expect(refusal({ ...socket, [name]: value }).remedy).toContain(name);
  });
});
