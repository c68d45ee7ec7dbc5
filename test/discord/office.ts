import { MessageType } from 'discord.js';
import type { DiscordSettings } from '../../adapters/discord/context.ts';
import { DiscordAdapter, type DiscordOptions } from '../../adapters/discord/discord-adapter.ts';
import { createLog } from '../../src/log.ts';
import { openWorker, type Worker } from '../db/answering-worker.ts';
import { ChatOffice, eachInOffice } from '../db/chat-office.ts';
import type { TestStore } from '../db/test-store.ts';
import { createFakeDiscord, type FakeDiscord, type FakeDiscordOptions } from './fake/fake-discord.ts';
import type { Channel, Message, User } from './fake/types.ts';

export const settings: DiscordSettings = {
  channels: null,
  workspaces: null,
  admins: [],
  reportChannel: null,
  followUps: true,
  limits: { person: 1_000, workspace: 1_000 },
};

/** The adapter on a fake Discord, as the service has it. */
export async function openAdapter(
  discord: FakeDiscord,
  { loop, desk }: TestStore,
  more: Partial<DiscordOptions> = {},
): Promise<DiscordAdapter> {
  const adapter = new DiscordAdapter({
    loop,
    desk,
    log: createLog(process.env.FOURSIGHT_LOG ?? 'silent'),
    token: discord.token,
    apiUrl: discord.apiUrl,
    settings,
    reactions: { up: [], down: [] },
    ...more,
  });
  await adapter.start();
  return adapter;
}

interface Parts {
  readonly store: TestStore;
  readonly discord: FakeDiscord;
  readonly worker: Worker;
  readonly ann: User;
  readonly general: Channel;
}

/** A store, a fake Discord with a person in a channel, and a worker: for each test anew. The adapter is opened by the test. */
export class Office extends ChatOffice<Parts, DiscordAdapter, FakeDiscordOptions | undefined, Partial<DiscordOptions>> {
  get discord(): FakeDiscord {
    return this.parts.discord;
  }
  get ann(): User {
    return this.parts.ann;
  }
  get general(): Channel {
    return this.parts.general;
  }

  protected override async furnish(store: TestStore, options: FakeDiscordOptions | undefined) {
    const discord = await createFakeDiscord(options);
    const ann = discord.addUser('ann');
    const general = discord.addChannel('general');
    const worker = openWorker(store, { platform: 'discord', workspace: discord.guild.id });
    return { parts: { store, discord, worker, ann, general }, fake: discord };
  }
  protected override connect(more?: Partial<DiscordOptions>): Promise<DiscordAdapter> {
    return openAdapter(this.discord, this.store, more);
  }
  protected override allTold(): Promise<void> {
    return this.discord.heard();
  }

  /** By mention. */
  ask(text: string, { by = this.ann, channel = this.general }: Asking = {}): Message {
    return this.discord.say(channel, by, `${this.discord.mention()} ${text}`);
  }
  /** What the bot says to a question: in its thread, as a reply, or in the thread or the direct messages where it was asked. */
  sayings(question: Message): Message[] {
    const { discord } = this;
    const { channel } = question;
    const isWithin = channel.thread !== undefined || channel.recipient !== undefined;
    const after = (message: Message) => BigInt(message.id) > BigInt(question.id);
    const found = [...discord.answersTo(question), ...(isWithin ? discord.saidIn(channel).filter(after) : [])];
    // A thread begins with a notice, of which the bot is the author.
    const isSaid = ({ type }: Message) => type !== MessageType.ThreadStarterMessage;
    return [...new Set(found)].filter(isSaid);
  }
  /** The message of the bot that says something to a question. */
  said(question: Message, text: string): Promise<Message> {
    const look = () => this.sayings(question).find((message) => this.discord.textOf(message).includes(text));
    return this.discord.waitFor(look, `"${text}"`, 20_000);
  }
  /** Presses the button of a message whose label contains a text. */
  press(message: Message, label: string, by = this.ann) {
    const { discord } = this;
    const button = discord.buttonsOf(message).find((one) => one.label.includes(label));
    return discord.press(message, by, button?.customId ?? `no ${label}`);
  }
  /** The votes that stand on an answer, as `up` and `down` counts. */
  async votes(answer: Message): Promise<{ readonly up: number; readonly down: number }> {
    const { desk } = this.store;
    const recent = await desk.recentAnswers('discord', this.discord.guild.id, { days: 1, limit: 100 });
    const found = recent.find(({ message }) => message === `${answer.id}:${answer.channel.id}`);
    const count = (vote: string) => (found?.votes ?? []).filter((one) => one.vote === vote).length;
    return { up: count('up'), down: count('down') };
  }
}

interface Asking {
  readonly by?: User;
  readonly channel?: Channel;
}

/** An office that is opened before each test and closed after it. */
export function useOffice(options?: FakeDiscordOptions): Office {
  const office = new Office();
  eachInOffice(office, options);
  return office;
}
