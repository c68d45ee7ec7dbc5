import type { AskedQuestion } from '../../src/domain/chat.ts';
import type { Missed, MissedSince } from '../delivery/catch-up.ts';
import type { Gap } from '../delivery/gap.ts';
import { severalAtOnce } from '../delivery/several-at-once.ts';
import { finalRefusalOf, refusals, unlessRefused } from './calls.ts';
import { type DiscordContext, PLATFORM } from './context.ts';
import { readAfter } from './earlier-posts.ts';
import { type MessagePlace, messagePlace, msOfId } from './keys.ts';
import { missedTaker } from './missed-question.ts';
import type { Channel, Message } from './parse/payloads.ts';
import { askedIn } from './parse.ts';
import { takeEdited } from './questions.ts';
import { unreadChannels } from './unread-channels.ts';

/** Of one channel, 100 messages each: more were hardly written meanwhile. */
const PAGES = 50;
const AT_ONCE = 4;
/** After which Discord shows what was written, wherever it is asked. */
const SETTLED_MS = 5_000;

/** The messages of a server that came, changed or went while nobody was told. */
export function createMissedMessages(discord: DiscordContext, guild: string, { since, isLater }: MissedSince): Missed {
  const { api, desk, directory, log, signal } = discord;

  const take = missedTaker(discord, guild);

  const cut = (channel: string) => () =>
    log.warn({ guild, channel }, 'not all that was written meanwhile is read: ask again where an answer is missing');

  async function readChannel(channel: Channel): Promise<void> {
    const read = () => readAfter(discord, channel.id, since, { pages: PAGES, onCut: cut(channel.id), signal });
    for (const message of (await unlessRefused(read)) ?? []) {
      if (signal.aborted) return;
      await take(message, channel);
    }
  }

  /** What the bot may not read at present may be there all the same. */
  async function messageAt({ channel, id }: MessagePlace): Promise<Message | 'gone' | 'unreadable'> {
    try {
      return await api.message(channel, id);
    } catch (error) {
      const refusal = finalRefusalOf(error);
      if (refusal === undefined) throw error;
      return refusal === refusals.unknownMessage || refusal === refusals.unknownChannel ? 'gone' : 'unreadable';
    }
  }

  /** Looks whether the message of an open question is still there, and as it was. */
  async function changeOf({ questionId, message }: AskedQuestion): Promise<void> {
    const place = messagePlace(message);
    if (place === undefined || msOfId(place.id) > Date.now() - SETTLED_MS) return;
    const begun = discord.timers.now();
    const found = await messageAt(place);
    if (found === 'unreadable' || isLater(message, begun)) return;
    if (found === 'gone') return void (await discord.withdrawQuestion(questionId));
    const editedAt = Date.parse(found.edited_timestamp ?? '');
    if (!(editedAt > msOfId(since))) return;
    const channel = await directory.channel(place.channel);
    const asked = askedIn(found, { workspace: guild, channel, own: await discord.own() });
    if (typeof asked !== 'string') await takeEdited(asked, discord, { limit: discord.limit, isLate: true });
  }

  return {
    async messages(gap: Gap) {
      const work = async (channel: Channel) => {
        await readChannel(channel);
        gap.read(channel.id);
      };
      const isUrgent = ({ id }: Channel) => gap.isAwaited(id);
      const { unread, quiet, archived } = await unreadChannels(discord, guild, since);
      for (const { id } of quiet) gap.read(id);
      const how = { atOnce: AT_ONCE, signal, isUrgent };
      await severalAtOnce(unread, work, how);
      await severalAtOnce(await archived(), work, how);
    },
    async rest(isInterrupted) {
      for (const question of await desk.openQuestions(PLATFORM, guild)) {
        if (signal.aborted || isInterrupted()) return;
        await changeOf(question);
      }
    },
  };
}
