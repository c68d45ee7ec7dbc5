import { setTimeout as delay } from 'node:timers/promises';
import { actionIds } from '../../../adapters/slack/action-ids.ts';
import { messageKey } from '../../../adapters/slack/keys.ts';
import { POST_EVENT } from '../../../adapters/slack/render.ts';
import { elementsOf } from '../../slack/fake/elements-used.ts';
import type { FakeSlack } from '../../slack/fake/fake-slack.ts';
import type { Channel, Message, User } from '../../slack/fake/types.ts';
import { type PlannedThread, rating } from './plan.ts';

/** A question as it was asked. */
export interface Asked {
  readonly message: Message;
  readonly sum: string;
}

/** What people have done, to be compared with what became of it. */
export interface Doings {
  /** Each thread's questions, in the order of asking. */
  readonly threads: readonly (readonly Asked[])[];
  /** By the answer's message and the person: the vote that must stand. */
  readonly votes: ReadonlyMap<string, { readonly answer: Message; readonly person: User; readonly stands: number }>;
}

export interface TeamSettings {
  readonly slack: FakeSlack;
  readonly threads: readonly PlannedThread[];
  readonly people: readonly User[];
  readonly channels: readonly Channel[];
  readonly random: () => number;
}

const LOOK_MS = 100;
/** Share of the answers that somebody rates. */
const RATED = 0.6;
const MOST_RATERS = 2;
/** Between two acts of somebody who changes their mind. */
const PAUSE_MS = 400;
const PRESS_AGAIN_MS = 500;

/** Whole messages of an answer: the last part has the buttons to rate it. */
const isAnswer = ({ metadata, blocks }: Message): boolean =>
  metadata?.event_type === POST_EVENT && elementsOf(blocks).some(({ element }) => element.action_id === actionIds.rate);

/** People who ask as planned, and rate what they are answered. */
export function createTeam({ slack, threads, people, channels, random }: TeamSettings) {
  const asked: Asked[][] = threads.map(() => []);
  const votes = new Map<string, { answer: Message; person: User; stands: number }>();
  const seen = new Set<Message>();

  const personOf = (index: number): User => {
    const person = people[index];
    if (person === undefined) throw new Error(`there is no person ${index}`);
    return person;
  };

  function channelOf({ place, questions }: PlannedThread): Channel {
    if (place.kind === 'direct') return slack.directMessages(personOf(questions[0]?.person ?? 0));
    const channel = channels[place.channel];
    if (channel === undefined) throw new Error(`there is no channel ${place.channel}`);
    return channel;
  }

  async function ask(thread: PlannedThread, index: number, begun: number): Promise<void> {
    const channel = channelOf(thread);
    for (const { at, person, text, hasMention, sum } of thread.questions) {
      await delay(Math.max(0, begun + at - performance.now()));
      const root = asked[index]?.[0]?.message.ts;
      const words = hasMention ? `${slack.mention()} ${text}` : text;
      asked[index]?.push({ sum, message: slack.say(channel, personOf(person), words, { thread: root }) });
    }
  }

  async function rate(answer: Message, person: User): Promise<void> {
    const { acts, stands } = rating(random);
    votes.set(`${messageKey({ channel: answer.channel.id, ts: answer.ts })} ${person.id}`, { answer, person, stands });
    for (const [act, what] of acts) {
      await delay(random() * PAUSE_MS);
      if (act === 'react') slack.react(answer, person, what);
      else if (act === 'unreact') slack.unreact(answer, person, what);
      // Whoever is shown that it failed presses again.
      else while (!(await slack.click(person, answer, actionIds.rate, what)).isAcked) await delay(PRESS_AGAIN_MS);
    }
  }

  function raters({ channel }: Message): readonly User[] {
    if (random() >= RATED) return [];
    if (channel.kind === 'im') return people.filter(({ id }) => channel.members.has(id));
    const first = Math.floor(random() * people.length);
    const count = 1 + Math.floor(random() * MOST_RATERS);
    return Array.from({ length: count }, (_, i) => personOf((first + i) % people.length));
  }

  /** Rates every new answer until the signal; then lets what was begun end. */
  async function rateAll(signal: AbortSignal): Promise<void> {
    const ratings: Promise<void>[] = [];
    while (!signal.aborted) {
      for (const answer of [...slack.world.channels.values()].flatMap(slack.messagesOf)) {
        if (seen.has(answer) || !isAnswer(answer)) continue;
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
