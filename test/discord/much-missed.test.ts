import { beforeEach, describe, expect, it } from 'vitest';
import { EVENTS_PLACE } from '../../adapters/delivery/read-position.ts';
import { useOffice } from './office.ts';

const office = useOffice({ rateLimits: { speed: 20 } });

describe('what Discord did not tell', { timeout: 60_000 }, () => {
  beforeEach(async () => {
    await office.openAdapter();
  });

  it('is read to its end, however much was written, and whatever cannot be read of it', async () => {
    const { discord, ann, general } = office;
    await office.said(office.ask('before'), 'answer to before');
    await office.idle();
    await office.closeAdapter();
    const first = office.ask('the first');
    const unreadable = discord.addUser('x'.repeat(500));
    for (let index = 0; index < 520; index += 1)
      discord.say(general, index % 100 === 50 ? unreadable : ann, 'idle talk');
    const last = office.ask('the last');
    discord.forgetSessions();
    await office.openAdapter();
    await office.said(first, 'answer to the first');
    await office.said(last, 'answer to the last');
  });

  it('is read to its end in direct messages, too', async () => {
    const { discord, ann, store } = office;
    const readUpTo = () => store.desk.readUpTo('discord', discord.guild.id, EVENTS_PLACE);
    await expect.poll(readUpTo, { timeout: 5_000 }).toBeDefined();
    await office.closeAdapter();
    discord.forgetSessions();
    const direct = discord.directMessages(ann);
    // What the bot itself says there is no question.
    for (let index = 0; index < 1_020; index += 1) discord.say(direct, discord.bot, 'news');
    const last = discord.say(direct, ann, 'the last');
    await office.openAdapter();
    await office.said(discord.say(direct, ann, 'once more'), 'answer to once more');
    await office.said(last, 'answer to the last');
  });
});
