import type { ChatDesk } from '../../src/domain/chat.ts';
import { type Timers, waitFor } from '../delivery/timers.ts';
import type { DiscordApi } from './api.ts';
import { unlessRefused } from './calls.ts';
import { PLATFORM } from './context.ts';
import type { Channel } from './parse/payloads.ts';

/** Channels that are remembered. */
const CHANNELS = 50_000;
/** Of a workspace: who writes directly as one of its people, and where. Discord has no list of it. */
const HOME = 'home of ';
const DIRECT = 'direct ';
const NOTED = 'noted';
/** How long it is taken for true that somebody is still in a server. */
const MEMBER_MS = 5 * 60_000;
/** Servers that are asked at a time whether somebody is in them. */
const AT_ONCE = 8;
/** How long it is taken for true that somebody is in none, and of how many people. */
const HOMELESS_MS = 15_000;
const HOMELESS = 1_000;
/** How long it is taken for true that Discord does not show a channel, and of how many. */
const HIDDEN_MS = 60_000;
const HIDDEN = 10_000;
/** Between tries to find out whose direct messages are those that wait for it. */
const AGAIN_MS = [500, 1_000, 2_000, 4_000] as const;

export interface DirectoryOptions {
  readonly api: DiscordApi;
  readonly desk: ChatDesk;
  readonly timers: Timers;
  /** Aborts when the adapter closes. */
  readonly signal: AbortSignal;
  /** Ids of the servers that are served; null: all. */
  readonly served: readonly string[] | null;
}

/** The channels that the bot sees, as far as is known, and the servers that it is in. */
export interface Directory {
  note(channel: Channel): void;
  forget(channel: string): void;
  /** @throws what Discord says when it cannot be seen */
  channel(id: string): Promise<Channel>;
  /** The same, but undefined where Discord refuses to show it, which is taken for true for a while. @throws what may be over in a while */
  look(id: string): Promise<Channel | undefined>;
  /** What is known of a channel, without asking. */
  known(id: string): Channel | undefined;
  enter(guild: string): void;
  leave(guild: string): void;
  /** The servers that it is in and that are served. */
  guilds(): readonly string[];
  /** The server as one of whose people somebody writes directly; undefined: they are in none that is served. @throws what cannot be known just now */
  homeOf(person: string): Promise<string | undefined>;
  /** Remembers that somebody wrote in a channel of direct messages, also for other processes. @throws what the desk throws */
  noteDirect(workspace: string, channel: string): Promise<void>;
  /** The channels of direct messages that are remembered. @throws what the desk throws */
  directs(workspace: string): Promise<readonly string[]>;
  /** The workspaces that a channel of direct messages has belonged to. @throws what the desk throws */
  homesOfDirect(channel: string): Promise<readonly string[]>;
  /** The workspace of a channel of direct messages. @throws what cannot be known just now */
  homeOfChannel(channel: string): Promise<string | undefined>;
}

export function createDirectory({ api, desk, timers, signal, served }: DirectoryOptions): Directory {
  const channels = new Map<string, Channel>();
  const entered = new Set<string>();
  /** By person, with until when it is taken for true that they are still there. */
  const homes = new Map<string, { readonly guild: string; readonly until: number }>();
  /** Until when it is taken for true that somebody is in no server that is served. */
  const homeless = new Map<string, number>();
  const noted = new Set<string>();
  /** Until when it is taken for true that a channel is not shown. */
  const hidden = new Map<string, number>();

  const guilds = () => [...entered].filter((guild) => served?.includes(guild) ?? true).sort();

  function note(channel: Channel): void {
    hidden.delete(channel.id);
    channels.delete(channel.id);
    channels.set(channel.id, channel);
    const [oldest] = channels.keys();
    if (channels.size > CHANNELS && oldest !== undefined) channels.delete(oldest);
  }

  const isIn = async (guild: string, person: string): Promise<boolean> =>
    (await unlessRefused(() => api.member(guild, person))) !== undefined;

  /**
   * The first server that they are in. Once found it stays so while they are in it, so that conversations and ratings stay together, and
   * nobody who has left is answered from what its people wrote.
   */
  async function findHome(person: string): Promise<string | undefined> {
    const served = guilds();
    const noted = await desk.workspacesWith(PLATFORM, HOME + person);
    const last = homes.get(person)?.guild;
    const isKnown = (guild: string) => noted.includes(guild);
    const known = served.filter(isKnown).sort((a, b) => Number(b === last) - Number(a === last));
    for (const guild of known) if (await isIn(guild, person)) return guild;
    const others = served.filter((guild) => !isKnown(guild));
    const home = await firstWith(others, person);
    if (home !== undefined) await desk.setReadUpTo(PLATFORM, home, HOME + person, NOTED);
    return home;
  }

  /** The first of some servers that somebody is in. */
  async function firstWith(some: readonly string[], person: string): Promise<string | undefined> {
    for (let begin = 0; begin < some.length; begin += AT_ONCE) {
      const part = some.slice(begin, begin + AT_ONCE);
      const are = await Promise.all(part.map((guild) => isIn(guild, person)));
      const found = part.find((_, index) => are[index] === true);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async function homeOf(person: string): Promise<string | undefined> {
    const known = homes.get(person);
    if (known !== undefined && entered.has(known.guild) && known.until > timers.now()) return known.guild;
    if (isStill(homeless, person)) return undefined;
    const home = await once(`home ${person}`, () => again(() => findHome(person)));
    if (home !== undefined) homes.set(person, { guild: home, until: timers.now() + MEMBER_MS });
    else noteHomeless(person);
    return home;
  }

  const noteHomeless = (person: string) => noteUntil(homeless, person, { ms: HOMELESS_MS, most: HOMELESS });

  function noteUntil(until: Map<string, number>, name: string, { ms, most }: { ms: number; most: number }): void {
    until.delete(name);
    until.set(name, timers.now() + ms);
    const [oldest] = until.keys();
    if (until.size > most && oldest !== undefined) until.delete(oldest);
  }

  const isStill = (until: ReadonlyMap<string, number>, name: string): boolean =>
    (until.get(name) ?? Number.NEGATIVE_INFINITY) > timers.now();

  async function again<T>(work: () => Promise<T>): Promise<T> {
    for (const waitMs of AGAIN_MS) {
      try {
        return await work();
      } catch {
        await waitFor(timers, waitMs, signal);
      }
    }
    return work();
  }

  /** Who asks for the same at the same time gets it in the order of asking. */
  const asking = new Map<string, Promise<unknown>>();
  function once<T>(what: string, ask: () => Promise<T>): Promise<T> {
    const open = asking.get(what) as Promise<T> | undefined;
    if (open !== undefined) return open;
    const begun = ask().finally(() => asking.delete(what));
    asking.set(what, begun);
    return begun;
  }

  const channelOf = async (id: string): Promise<Channel> => {
    const known = channels.get(id);
    if (known !== undefined) return known;
    const found = await once(`channel ${id}`, () => api.channel(id));
    note(found);
    return found;
  };

  async function look(id: string): Promise<Channel | undefined> {
    if (isStill(hidden, id)) return undefined;
    const found = await unlessRefused(() => channelOf(id));
    if (found === undefined) noteUntil(hidden, id, { ms: HIDDEN_MS, most: HIDDEN });
    return found;
  }

  return {
    note,
    forget: (channel) => void channels.delete(channel),
    channel: channelOf,
    look,
    known: (id) => channels.get(id),
    enter(guild) {
      entered.add(guild);
      homeless.clear();
    },
    leave: (guild) => void entered.delete(guild),
    guilds,
    homeOf,
    async noteDirect(workspace, channel) {
      if (noted.has(`${workspace} ${channel}`)) return;
      await once(`direct ${workspace} ${channel}`, () =>
        desk.setReadUpTo(PLATFORM, workspace, DIRECT + channel, NOTED),
      );
      noted.add(`${workspace} ${channel}`);
    },
    async directs(workspace) {
      const places = (await desk.places(PLATFORM, workspace)).map(({ place }) => place);
      return places.flatMap((place) => (place.startsWith(DIRECT) ? [place.slice(DIRECT.length)] : []));
    },
    homesOfDirect: (channel) => desk.workspacesWith(PLATFORM, DIRECT + channel),
    async homeOfChannel(id) {
      const { isDirect, recipient } = await channelOf(id);
      return isDirect && recipient !== null ? homeOf(recipient) : undefined;
    },
  };
}
