// npm run soak -- NAME [ARGUMENT…]: the long versions of tests, which `npm test` runs in short.

import type { Soak } from './define-soak.ts';

const soaks: Readonly<Record<string, () => Promise<{ readonly soak: Soak }>>> = {
  crash: () => import('./crash.ts'),
  training: () => import('./training.ts'),
  slack: () => import('./slack.ts'),
  discord: () => import('./discord.ts'),
  'full-disk': () => import('./full-disk.ts'),
  'fuzz-models': () => import('../models/fuzz-models.ts'),
};

const [name = '', ...args] = process.argv.slice(2);
const load = soaks[name];
if (load === undefined) {
  console.error(`usage: npm run soak -- NAME [ARGUMENT…], NAME one of: ${Object.keys(soaks).join(', ')}`);
  process.exitCode = 2;
} else await (await load()).soak(args);
