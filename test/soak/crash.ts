import { crashRun } from './crash-run.ts';
import { defineSoak, everySeed } from './define-soak.ts';

export const soak = defineSoak({
  usage: 'crash',
  defaults: { runs: 20, seed: 1, backend: 'both', questions: 24, kills: 6 },
  run: ({ backend: backends, questions, kills, ...seeds }, tell) =>
    everySeed(seeds, async (seed) => {
      const isPostgres = backends === 'both' ? (seed - seeds.seed) % 4 < 2 : backends !== 'redis';
      const backend = isPostgres ? 'postgres' : 'redis';
      const { problems, seconds, killed } = await crashRun({ seed, backend, questions, kills, ...(tell && { tell }) });
      return { problems, said: `${backend}, ${seconds} s, killed ${killed.join(', ')}` };
    }),
});
