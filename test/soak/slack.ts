import { CHAT_NUMBERS, chatRun, chatSaid } from './chat/run.ts';
import { slackChat } from './chat/slack-chat.ts';
import { defineSoak, everySeed } from './define-soak.ts';

export const soak = defineSoak({
  usage: 'slack',
  defaults: { runs: 4, seed: 1, mode: 'both', ...CHAT_NUMBERS },
  run: ({ runs, seed: first, mode: modes, speed, ...numbers }, tell) =>
    everySeed({ runs, seed: first }, async (seed) => {
      // One service and split roles alternate with the seed: every combination comes in four runs.
      const mode = (modes === 'both' ? seed % 4 < 2 : modes !== 'http') ? 'socket' : 'http';
      const settings = { ...numbers, seed, ...(tell && { tell }) };
      const report = await chatRun(() => slackChat(mode, { seed, speed }), settings);
      return { problems: report.problems, said: `${mode}, ${chatSaid(report, tell)}` };
    }),
});
