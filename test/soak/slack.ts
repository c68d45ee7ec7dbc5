import { chatRun } from './chat/run.ts';
import { slackChat } from './chat/slack-chat.ts';
import { defineSoak, everySeed } from './define-soak.ts';

export const soak = defineSoak({
  usage: 'slack',
  defaults: {
    ...{ runs: 4, seed: 1, mode: 'both' },
    ...{ questions: 500, threads: 50, people: 20, channels: 10, kills: 5, seconds: 180, speed: 6 },
  },
  run: ({ runs, seed: first, mode: modes, speed, ...numbers }, tell) =>
    everySeed({ runs, seed: first }, async (seed) => {
      // One service and split roles alternate with the seed: every combination comes in four runs.
      const mode = (modes === 'both' ? seed % 4 < 2 : modes !== 'http') ? 'socket' : 'http';
      const report = await chatRun(() => slackChat(mode, { seed, speed }), { ...numbers, seed, ...(tell && { tell }) });
      const { problems, offPoint, figures, seconds } = report;
      for (const answer of offPoint) tell?.(answer);
      const said = Object.entries(figures).map(([name, value]) => `${value} ${name}`);
      return {
        problems,
        said: `${mode}, ${seconds} s; ${said.join(', ')}, ${offPoint.length} answers off the point`,
      };
    }),
});
