import { isAbsolute } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig, STARTER_MODEL } from '../../src/config.ts';
import { refusal } from './refusal.ts';

describe('configuration', () => {
  it('needs nothing from the environment', () => {
    const config = readConfig({});
    expect(isAbsolute(config.home)).toBe(true);
    expect(config).toMatchObject({
      databaseUrl: null,
      redisUrl: null,
      model: STARTER_MODEL,
      http: { host: '127.0.0.1', port: 4724, token: null },
      temperature: 0.5,
      budgets: { turns: 6, seconds: 60 },
    });
  });

  it('takes every variable that is set, and takes an empty one as unset', () => {
    const config = readConfig({
      FOURSIGHT_HOME: 'data',
      DATABASE_URL: 'postgres://me:secret@db:5432/x',
      REDIS_URL: '',
      FOURSIGHT_MODEL: 'Qwen/Qwen2.5-0.5B-Instruct',
      FOURSIGHT_HTTP_PORT: '0',
      FOURSIGHT_ZONE: 'Asia/Tokyo',
    });
    expect(isAbsolute(config.home)).toBe(true);
    expect(config).toMatchObject({
      databaseUrl: 'postgres://me:secret@db:5432/x',
      redisUrl: null,
      model: 'Qwen/Qwen2.5-0.5B-Instruct',
      http: { port: 0 },
      zone: 'Asia/Tokyo',
    });
    expect(isAbsolute(readConfig({ FOURSIGHT_MODEL: './models/mine' }).model)).toBe(true);
  });

  it('names every variable that cannot be used, each with a remedy', () => {
    const error = refusal({ FOURSIGHT_HTTP_PORT: 'http', FOURSIGHT_ZONE: 'Mars/Olympus', FOURSIGHT_TEMPERATURE: '-1' });
    for (const name of ['FOURSIGHT_HTTP_PORT', 'FOURSIGHT_ZONE', 'FOURSIGHT_TEMPERATURE']) {
      expect(error.message).toContain(name);
      expect(error.remedy).toContain(name);
    }
  });

  it('keeps passwords and tokens out of messages', () => {
    const error = refusal({ DATABASE_URL: 'mysql://me:hunter2@db/x', FOURSIGHT_TOKEN: 'short' });
    expect(error.message).toContain('DATABASE_URL');
    expect(error.message).not.toMatch(/hunter2|short/);
  });
});
