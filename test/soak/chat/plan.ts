import { randomOf } from '../random.ts';
import type { Act } from './chat.ts';

/** One question of a thread, and when it is asked. */
export interface PlannedQuestion {
  /** Of the run's people, who asks. */
  readonly person: number;
  readonly text: string;
  readonly hasMention: boolean;
  /** What no other question of the run has, and an answer repeats. */
  readonly sum: string;
  /** Milliseconds after the run's begin. */
  readonly at: number;
}

export interface PlannedThread {
  readonly place: { readonly kind: 'channel'; readonly channel: number } | { readonly kind: 'direct' };
  readonly questions: readonly PlannedQuestion[];
}

export interface PlanSettings {
  readonly seed: number;
  readonly questions: number;
  readonly threads: number;
  readonly people: number;
  readonly channels: number;
  /** In which all is asked. */
  readonly ms: number;
}

/** Every so manieth thread is in somebody's direct messages. */
const DIRECT_EVERY = 5;
/** Within which some follow up at once, without waiting for an answer. */
const AT_ONCE_MS = 300;

/** Who asks what, where and when, by the seed alone. Threads grow at the same time; the first of each channel comes at once. */
export function plan({ seed, questions, threads, people, channels, ms }: PlanSettings): PlannedThread[] {
  const random = randomOf(seed);
  const below = (count: number) => Math.floor(random() * count);
  const sums = new Set<string>();
  const question = () => {
    for (;;) {
      const sum = `${101 + below(899)} * ${11 + below(89)}`;
      if (sums.has(sum)) continue;
      sums.add(sum);
      return { text: `What is ${sum}?`, sum };
    }
  };
  return Array.from({ length: threads }, (_, i): PlannedThread => {
    const isDirect = i % DIRECT_EVERY === DIRECT_EVERY - 1;
    // Where direct messages have no threads they are one conversation: each in somebody else's.
    const starter = isDirect ? Math.floor(i / DIRECT_EVERY) % people : below(people);
    const count = Math.floor(questions / threads) + (i < questions % threads ? 1 : 0);
    // All threads of the first round through the channels begin early, and all direct ones, so that every place is known before anything
    // is killed: not every platform tells where somebody wrote directly for the first time while nobody was there (docs/discord.md, limits).
    const begin = i < channels * 2 || isDirect ? random() * ms * 0.05 : random() * ms * 0.6;
    let at = begin;
    return {
      place: isDirect ? { kind: 'direct' } : { kind: 'channel', channel: i % channels },
      questions: Array.from({ length: count }, (_, n) => {
        const pause = random() < 0.3 ? random() * AT_ONCE_MS : random() * 2 * ((ms - begin) / count);
        if (n > 0) at = Math.min(ms, at + pause);
        return {
          person: isDirect || random() < 0.5 ? starter : below(people),
          ...question(),
          hasMention: !isDirect && (n === 0 || random() < 0.5),
          at,
        };
      }),
    };
  });
}

/** What somebody does with an answer, one act after another; the vote that stands in the end. */
export interface Rating {
  readonly acts: readonly Act[];
  readonly stands: 1 | -1 | 0;
}

/**
 * Ends so that reactions alone tell which vote stands: a person who has left both says nothing about which came last.
 * @param tones in which a thumb can be shown
 */
export function rating(random: () => number, tones: number): Rating {
  const thumbs = (vote: 'up' | 'down') => {
    const tone = Math.floor(random() * tones);
    return { put: { does: 'react', vote, tone }, taken: { does: 'unreact', vote, tone } } as const;
  };
  const [up, down] = [thumbs('up'), thumbs('down')];
  const [good, bad] = (['up', 'down'] as const).map((vote): Act => ({ does: 'press', vote })) as [Act, Act];
  const ratings: readonly Rating[] = [
    { acts: [up.put], stands: 1 },
    { acts: [down.put], stands: -1 },
    { acts: [up.put, up.taken], stands: 0 },
    { acts: [up.put, up.taken, down.put], stands: -1 },
    { acts: [down.put, up.put, down.taken], stands: 1 },
    { acts: [down.put, down.taken, down.put], stands: -1 },
    { acts: [good], stands: 1 },
    { acts: [bad, good], stands: 1 },
    { acts: [good, bad], stands: -1 },
  ];
  return ratings[Math.floor(random() * ratings.length)] ?? { acts: [], stands: 0 };
}
