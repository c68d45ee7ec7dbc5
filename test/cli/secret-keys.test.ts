import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { examineSecretKeys, keptSecretKeys } from '../../src/cli/secret-keys.ts';

it('a key is made and kept for its owner only, and goes on opening after another was configured', async () => {
  const home = await mkdtemp(join(tmpdir(), 'foursight-test-'));
  try {
    expect(await keptSecretKeys(home, ['configured', 'older'])).toEqual(['configured', 'older']);
    await expect(stat(join(home, 'secret-key'))).rejects.toThrow('ENOENT');
    const [kept, ...more] = await keptSecretKeys(home, []);
    expect(kept.length).toBeGreaterThanOrEqual(32);
    expect(more).toEqual([]);
    expect((await stat(join(home, 'secret-key'))).mode & 0o777).toBe(0o600);
    expect(await keptSecretKeys(home, [])).toEqual([kept]);
    expect(await keptSecretKeys(home, ['configured'])).toEqual(['configured', kept]);
  } finally {
    await rm(home, { recursive: true });
  }
});

it('doctor names a key that is not set, says where it is kept instead, and makes none', async () => {
  const home = await mkdtemp(join(tmpdir(), 'foursight-test-'));
  const path = join(home, 'secret-key');
  try {
    expect(await examineSecretKeys(home, ['configured'], true)).toMatchObject({ state: 'ok', remedy: null });
    const alone = await examineSecretKeys(home, [], false);
    expect(alone).toMatchObject({
      state: 'ok',
      says: `FOURSIGHT_SECRET_KEY is not set: tokens are sealed with a key that will be made and kept in ${path}`,
    });
    expect(await examineSecretKeys(home, [], true)).toMatchObject({
      state: 'warning',
      remedy: expect.stringContaining('openssl'),
    });
    await expect(stat(path)).rejects.toThrow('ENOENT');
    const [kept] = await keptSecretKeys(home, []);
    const shared = await examineSecretKeys(home, [], true);
    expect(shared).toMatchObject({ state: 'warning', remedy: expect.stringContaining('what that file holds') });
    expect(JSON.stringify(shared)).not.toContain(kept);
  } finally {
    await rm(home, { recursive: true });
  }
});
