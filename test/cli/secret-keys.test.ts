import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keptSecretKeys } from '../../src/cli/secret-keys.ts';

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
