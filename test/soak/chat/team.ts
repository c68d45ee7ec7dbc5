import { setTimeout as delay } from 'node:timers/promises';
import type { SoakChat } from './chat.ts';
import { type PlannedThread, rating } from './plan.ts';

/** A question as it was asked. */
export interface Asked {
  readonly message: unknown;
  readonly sum: string;
}

/** What people have done, to be compared with what became of it. */
export interface Doings {
  /** Each thread's questions, in the order of asking. */
  readonly threads: readonly (readonly Asked[])[];
  /** By the answer's message and the person: the vote that must stand. */
  readonly votes: ReadonlyMap<string, { readonly answer: unknown; readonly person: unknown; readonly stands: number }>;
}

export interface TeamSettings {
  readonly chat: SoakChat;
  readonly threads: readonly PlannedThread[];
  readonly people: readonly unknown[];
  readonly places: readonly unknown[];
  readonly random: () => number;
}

const LOOK_MS = 100;
/** Share of the answers that somebody rates. */
const RATED = 0.6;
const MOST_RATERS = 2;
/** Between two acts of somebody who changes their mind. */
const PAUSE_MS = 400;
const AGAIN_MS = 500;

/** People who ask as planned, and rate what they are answered. */
export function createTeam({ chat, threads, people, places, random }: TeamSettings) {
  const asked: Asked[][] = threads.map(() => []);
  const votes = new Map<string, { answer: unknown; person: unknown; stands: number }>();
  const seen = new Set<unknown>();

  function one<T>(list: readonly T[], index: number): T {
    if (!(index in list)) throw new RangeError(`there is no ${index} among ${list.length}`);
    return list[index] as T;
  }

  const placeOf = ({ place, questions }: PlannedThread): unknown =>
    place.kind === 'direct' ? chat.directPlace(one(people, questions[0]?.person ?? 0)) : one(places, place.channel);

  async function ask(thread: PlannedThread, index: number, begun: number): Promise<void> {
    const place = placeOf(thread);
    for (const { at, person, text, hasMention, sum } of thread.questions) {
      await delay(Math.max(0, begun + at - performance.now()));
      const root = asked[index]?.[0]?.message;
      asked[index]?.push({ sum, message: await chat.say(place, one(people, person), text, { hasMention, root }) });
    }
  }

  async function rate(answer: unknown, person: unknown): Promise<void> {
    const { acts, stands } = rating(random, chat.tones);
    votes.set(`${chat.keyOf(answer)} ${chat.personKeyOf(person)}`, { answer, person, stands });
    for (const act of acts) {
      await delay(random() * PAUSE_MS);
      // Whoever is shown that it failed does it again.
      while (!(await chat.act(answer, person, act))) await delay(AGAIN_MS);
    }
  }

  function raters(answer: unknown): readonly unknown[] {
    if (random() >= RATED) return [];
    const readers = chat.readersOf(answer, people);
    const first = Math.floor(random() * readers.length);
    const count = Math.min(readers.length, 1 + Math.floor(random() * MOST_RATERS));
    return Array.from({ length: count }, (_, i) => one(readers, (first + i) % readers.length));
  }

  /** Rates every new answer until the signal; then lets what was begun end. */
  async function rateAll(signal: AbortSignal): Promise<void> {
    const ratings: Promise<void>[] = [];
    while (!signal.aborted) {
      for (const answer of chat.answers()) {
        if (seen.has(answer)) continue;
        seen.add(answer);
        ratings.push(...raters(answer).map((person) => rate(answer, person)));
      }
      await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
    await Promise.all(ratings);
  }

  return {
    doings: { threads: asked, votes } satisfies Doings as Doings,
    answersSeen: () => seen.size,
    async askAll(begun: number): Promise<void> {
      await Promise.all(threads.map((thread, index) => ask(thread, index, begun)));
    },
    rateAll,
  };
}
export type SoakTeam = ReturnType<typeof createTeam>;
