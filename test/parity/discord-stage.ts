import { actionOf, reasonForm } from '../../adapters/discord/action-ids.ts';
import type { TestStore } from '../db/test-store.ts';
import { createFakeDiscord } from '../discord/fake/fake-discord.ts';
import type { Message } from '../discord/fake/types.ts';
import { openAdapter } from '../discord/office.ts';
import { plain, type Stage } from './stage.ts';

/** Reactions, a form and a command in a channel of the fake Discord. */
export async function discordStage(store: TestStore): Promise<Stage> {
  const discord = await createFakeDiscord();
  const ann = discord.addUser('ann', { roles: [discord.addRole('admins', ['ManageGuild'])] });
  const general = discord.addChannel('general');
  const adapter = await openAdapter(discord, store);
  const thumbs = { up: '👍', down: '👎' } as const;
  let root: Message | undefined;
  let answer: Message | undefined;
  let given: 'up' | 'down' | undefined;

  const rated = (): Message => {
    if (answer === undefined) throw new Error('there is no answer to rate');
    return answer;
  };
  const rateButton = (message: Message, vote: 'up' | 'down'): string | undefined =>
    discord.buttonsOf(message).find(({ customId = '' }) => {
      const action = actionOf(customId);
      return action?.type === 'rate' && action.vote === vote;
    })?.customId;

  return {
    platform: 'discord',
    async ask(text, isNew) {
      const thread = root?.thread;
      if (isNew || thread === undefined) root = discord.say(general, ann, `${discord.mention()} ${text}`);
      else discord.say(thread, ann, text);
      given = undefined;
    },
    async seesAnswer(end) {
      answer = await discord.waitFor(
        () => {
          const last = root?.thread && discord.saidIn(root.thread).at(-1);
          const isWhole = last !== undefined && plain(discord.textOf(last)).includes(end);
          return isWhole && rateButton(last, 'up') !== undefined ? last : undefined;
        },
        `the answer ${JSON.stringify(end)}`,
        20_000,
      );
    },
    async rate(vote) {
      const before = given;
      given = vote;
      discord.react(rated(), ann, thumbs[vote]);
      if (before !== undefined) discord.unreact(rated(), ann, thumbs[before]);
    },
    async retract() {
      if (given !== undefined) discord.unreact(rated(), ann, thumbs[given]);
      given = undefined;
    },
    async giveReason(reason) {
      const { modal } = await discord.press(rated(), ann, rateButton(rated(), 'down') ?? 'no button');
      if (modal === undefined) throw new Error('no form is open');
      await discord.submit(modal, { [reasonForm.written]: reason });
    },
    async retrain() {
      await discord.command(general, ann, 'foursight retrain');
    },
    async close() {
      await adapter.close();
      await discord.close();
    },
  };
}
