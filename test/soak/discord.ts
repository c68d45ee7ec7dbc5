import { discordChat } from './chat/discord-chat.ts';
import { CHAT_NUMBERS, chatRun, chatSaid } from './chat/run.ts';
import { defineSoak, everySeed } from './define-soak.ts';

export const soak = defineSoak({
  usage: 'discord',
  defaults: { runs: 4, seed: 1, ...CHAT_NUMBERS },
  run: ({ runs, seed: first, speed, ...numbers }, tell) =>
    everySeed({ runs, seed: first }, async (seed) => {
      const settings = { ...numbers, seed, ...(tell && { tell }) };
      const report = await chatRun(() => discordChat({ seed, speed }), settings);
      return { problems: report.problems, said: chatSaid(report, tell) };
    }),
});
