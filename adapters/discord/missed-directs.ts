import { messageOf } from '../../src/errors.ts';
import { unlessRefused } from './calls.ts';
import type { DiscordContext } from './context.ts';
import { readAfter } from './earlier-posts.ts';
import { idAt, laterId, placeOf } from './keys.ts';
import { missedTaker } from './missed-question.ts';
import type { Asked } from './parse.ts';

/** Of one channel, 100 messages each: more were hardly written meanwhile. */
const PAGES = 50;
/** What was written longer ago is not looked for. */
const MOST_MS = 7 * 86_400_000;

/** Discord tells no bot which direct messages there are: what was missed in them is found when more is written there. */
export interface MissedDirects {
  /** Messages of a workspace's people may be missing since one. */
  expect(workspace: string, since: string): void;
  /** Asks what was missed before a direct message. What fails is logged, and looked for with the next one. */
  before(asked: Asked): Promise<void>;
}

export function createMissedDirects(discord: DiscordContext): MissedDirects {
  const { platform, desk, directory, log } = discord;
  /** Per workspace, where each stretch began in which messages may have been missed. */
  const gaps = new Map<string, string[]>();
  /** Per channel, of how many of them it has been read. */
  const read = new Map<string, number>();

  async function readBefore({ workspace, channel, conversation, message }: Asked, since: string): Promise<void> {
    const isKnown = await desk.isEngaged(platform, workspace, conversation);
    const after = isKnown ? since : idAt(Date.now() - MOST_MS);
    const onCut = () =>
      log.warn({ channel }, 'not all that was written directly is read: ask again where an answer is missing');
    const found = await unlessRefused(() => readAfter(discord, channel, after, { pages: PAGES, onCut }));
    const place = await directory.channel(channel);
    const take = missedTaker(discord, workspace);
    const { id } = placeOf(message);
    for (const one of found ?? []) if (one.id !== id && laterId(one.id, id) === id) await take(one, place);
  }

  return {
    expect(workspace, since) {
      gaps.set(workspace, [...(gaps.get(workspace) ?? []), since]);
    },
    async before(asked) {
      const known = gaps.get(asked.workspace) ?? [];
      const [first, ...more] = known.slice(read.get(asked.channel) ?? 0);
      if (first === undefined) return;
      try {
        await readBefore(
          asked,
          more.reduce((least, one) => (laterId(least, one) === least ? one : least), first),
        );
        read.set(asked.channel, known.length);
      } catch (error) {
        log.warn({ channel: asked.channel, cause: messageOf(error) }, 'what was missed could not be found yet');
      }
    },
  };
}
