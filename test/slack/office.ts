import { sql } from 'drizzle-orm';
import { afterAll, beforeAll } from 'vitest';
import { actionIds } from '../../adapters/slack/action-ids.ts';
import { PLATFORM } from '../../adapters/slack/context.ts';
import { messageKey } from '../../adapters/slack/keys.ts';
import { POST_EVENT } from '../../adapters/slack/render.ts';
import type { SlackAdapter } from '../../adapters/slack/slack-adapter.ts';
import type { OpenTrajectory } from '../../src/domain/ports.ts';
import { openWorker, type Worker } from '../db/answering-worker.ts';
import { ChatOffice, eachInOffice, eventually } from '../db/chat-office.ts';
import { startTestServer, type TestServer, type TestStore, turnOf } from '../db/test-store.ts';
import { type FakeSlack, type FakeSlackOptions, startFakeSlack } from './fake/fake-slack.ts';
import type { Channel, Ephemeral, Message, User } from './fake/types.ts';
import { type AdapterHooks, type AdapterOptions, manifest, openAdapter } from './open-adapter.ts';

export interface OfficeOptions {
  readonly slack?: FakeSlackOptions;
  /** Whether a worker answers whatever is asked; otherwise the test does, by `begun`, `finish` and `answered`. */
  readonly hasWorker: boolean;
}

interface Asking {
  readonly thread?: string;
  readonly by?: User;
  readonly channel?: Channel;
}

export interface Answered {
  readonly questionId: string;
  readonly answerId: string;
  readonly question: Message;
  readonly parts: readonly Message[];
  /** The last part. */
  readonly message: Message;
}

interface Parts {
  readonly store: TestStore;
  readonly slack: FakeSlack;
  readonly worker: Worker | undefined;
  readonly ann: User;
  readonly ben: User;
  readonly general: Channel;
}

/**
 * A team in a fake Slack that knows the app as its manifest has it: ann, and ben, who administers it, in one channel; the
 * adapter as the service has it, over a real store; and whoever answers.
 */
export class Office extends ChatOffice<Parts, SlackAdapter, OfficeOptions, AdapterOptions> {
  readonly #hooks: AdapterHooks = { noteLateMs: 0, beforeVote: async () => undefined };

  get slack(): FakeSlack {
    return this.parts.slack;
  }
  get ann(): User {
    return this.parts.ann;
  }
  get ben(): User {
    return this.parts.ben;
  }
  get general(): Channel {
    return this.parts.general;
  }

  protected override async furnish(store: TestStore, options: OfficeOptions) {
    const slack = await startFakeSlack({ manifest, ...options.slack });
    const ann = slack.addUser('ann');
    const ben = slack.addUser('ben', { isAdmin: true });
    const general = slack.addChannel('general', { members: [ann, ben] });
    const worker = options.hasWorker ? openWorker(store, { platform: PLATFORM, workspace: slack.team.id }) : undefined;
    return { parts: { store, slack, worker, ann, ben, general }, fake: slack };
  }
  protected override connect(more?: AdapterOptions): Promise<SlackAdapter> {
    return openAdapter(this.slack, this.store, this.#hooks, more);
  }
  protected override async allTold(): Promise<void> {
    await this.slack.settled();
  }

  /** How long after a message was posted it is noted what it is. */
  noteLate(ms: number): void {
    this.#hooks.noteLateMs = ms;
  }
  /** What comes before a vote is stored; when it rejects, it is not. */
  beforeVotes(work: () => Promise<void>): void {
    this.#hooks.beforeVote = work;
  }

  ask(text: string, { thread, by = this.ann, channel = this.general }: Asking = {}): Message {
    return this.slack.say(channel, by, `${this.slack.mention()} ${text}`, { thread });
  }
  /** The message of the bot in a thread that says something. */
  said(question: Message, text: string): Promise<Message> {
    const { slack } = this;
    const look = () => slack.replies(question).find((reply) => slack.textOf(reply).includes(text));
    return slack.waitFor(look, `"${text}"`, 20_000);
  }
  /** The newest of what a person alone is told, in a message's thread if one is named, that contains a text, once it is there. */
  told(user: User, text: string, beside?: Message): Promise<Ephemeral> {
    const { slack } = this;
    const isIt = (one: Ephemeral): boolean =>
      slack.textOf(one).includes(text) && (beside === undefined || one.threadTs === beside.threadTs);
    return slack.waitFor(
      () => slack.ephemeralsOf(user).findLast(isIt),
      `${user.name} to be told ${JSON.stringify(text)}`,
    );
  }
  /** The database's id of the workspace. */
  workspaceId(): Promise<string> {
    return this.store.desk.workspaceId(PLATFORM, this.slack.team.id);
  }
  /** The id of a question, when it has come in. */
  async questionOf({ channel, ts }: Message): Promise<string> {
    const key = messageKey({ channel: channel.id, ts });
    const found = await eventually(async () => {
      const asked = await this.store.desk.questionOf(PLATFORM, this.slack.team.id, key);
      if (asked === undefined) throw new Error(`${key} has not been asked`);
      return asked;
    });
    return found.questionId;
  }
  /** The votes that stand, by people's names. */
  async votes(answerId: string): Promise<{ person: string; value: number; reason: string | null }[]> {
    const { rows } = await this.store.db.execute<{ person: string; value: number; reason: string | null }>(sql`
      select p.name as person, v.value, v.reason from votes v join people p on p.id = v.person_id
      where v.answer_id = ${answerId} and v.value <> 0 order by p.name`);
    return rows;
  }

  async #take(question: Message): Promise<OpenTrajectory> {
    const { journal } = this.store;
    const held = await journal.begin(await this.questionOf(question), 'test');
    if (typeof held === 'string') throw new Error(`the question is not to be had: ${held}`);
    await journal.appendTurn(held, turnOf(1));
    return held;
  }
  /** Begins to answer a question when it has come in; gives the message that shows how it gets on. */
  async begun(question: Message): Promise<Message> {
    await this.#take(question);
    const { slack } = this;
    const isShown = ({ blocks }: Message) => JSON.stringify(blocks).includes(actionIds.stop);
    return slack.waitFor(() => slack.replies(question).find(isShown), 'progress');
  }
  /** Answers a question when it has come in. */
  async finish(question: Message, text: string): Promise<{ questionId: string; answerId: string }> {
    const held = await this.#take(question);
    const { journal, loop } = this.store;
    await journal.finish(held, { answer: text, stopReason: 'verified', ms: 3 });
    return { questionId: held.questionId, answerId: (await loop.answer(held.questionId))?.answerId ?? '' };
  }
  /** Asks by mention and answers; resolves when all parts are posted. */
  async answered(
    channel: Channel,
    by: User,
    asked: string,
    { text = `the answer to ${asked}` }: { text?: string } = {},
  ): Promise<Answered> {
    const { slack } = this;
    const question = this.ask(asked, { by, channel });
    const answer = await this.finish(question, text);
    const parts = await slack.waitFor(() => {
      const posted = slack.replies(question).filter(({ metadata }) => metadata?.event_type === POST_EVENT);
      return JSON.stringify(posted.at(-1)?.blocks ?? []).includes(answer.answerId) && posted;
    }, 'the answer');
    const message = parts.at(-1);
    if (message === undefined) throw new Error('no part');
    return { ...answer, question, parts, message };
  }
}

/** An office with a worker that is opened before each test and closed after it; its adapter is opened by the test. */
export function useOffice(slack?: FakeSlackOptions): Office {
  const office = new Office();
  eachInOffice(office, { hasWorker: true, ...(slack && { slack }) });
  return office;
}

/** One office for all tests of a file, which answer themselves. @param more of its adapter, which is open when `use` is called */
export function withOffice(use: (office: Office) => void, more?: AdapterOptions): void {
  const office = new Office();
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    await office.open(server, { hasWorker: false });
    await office.openAdapter(more);
    use(office);
  });
  afterAll(async () => {
    await office.close();
    await server.close();
  });
}
