import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, vi } from 'vitest';
import { actionIds } from '../../adapters/slack/action-ids.ts';
import { PLATFORM, type SlackSettings } from '../../adapters/slack/context.ts';
import { messageKey } from '../../adapters/slack/keys.ts';
import { POST_EVENT } from '../../adapters/slack/render.ts';
import { SlackAdapter } from '../../adapters/slack/slack-adapter.ts';
import type { OpenTrajectory } from '../../src/domain/ports.ts';
import { quiet, type TestStore, turnOf } from '../db/test-store.ts';
import { withStore } from '../db/with-store.ts';
import { type FakeSlack, startFakeSlack } from './fake/fake-slack.ts';
import type { Channel, Ephemeral, Message, User } from './fake/types.ts';

const WAIT = { timeout: 10_000, interval: 20 };

export interface Answered {
  readonly questionId: string;
  readonly answerId: string;
  readonly question: Message;
  readonly parts: readonly Message[];
  /** The last part. */
  readonly message: Message;
}

/** The adapter on a fake Slack and a real store; the test is the worker that answers. */
export interface LiveTeam {
  readonly slack: FakeSlack;
  /** The database's id of the workspace. */
  workspaceId(): Promise<string>;
  /** The id of a question, when it has come in. */
  questionOf(question: Message): Promise<string>;
  /** Begins to answer it; gives the message that shows how it gets on. */
  begun(question: Message): Promise<Message>;
  /** Answers what somebody asked, when it has come in. */
  finish(question: Message, text: string): Promise<{ questionId: string; answerId: string }>;
  /** Asks by mention and answers. */
  answered(channel: Channel, user: User, asked: string, options?: { text?: string }): Promise<Answered>;
  /** The votes that stand, by people's names. */
  votes(answerId: string): Promise<{ person: string; value: number; reason: string | null }[]>;
  /** The newest of what a person alone is told, in a message's thread if one is named, that contains a text, once it is there. */
  told(user: User, text: string, beside?: Message): Promise<Ephemeral>;
  /** How long after a message was posted it is noted what it is. */
  noteLate(ms: number): void;
  /** What comes before a vote is stored; when it rejects, it is not. */
  beforeVotes(work: () => Promise<void>): void;
  /** Ends the adapter and starts another, as after a restart, with other settings if there are any. */
  restart(other?: Partial<SlackSettings>): Promise<void>;
  close(): Promise<void>;
}

const settings: SlackSettings = {
  ...{ channels: null, workspaces: null, admins: [], reportChannel: null, followUps: true, strangers: false },
  limits: { person: 100, workspace: 1_000 },
};

/** @param signingSecret of the adapter, over HTTP; in Socket Mode none is needed */
export async function startTeam(
  store: TestStore,
  more: Partial<SlackSettings> = {},
  signingSecret?: string,
): Promise<LiveTeam> {
  const { loop, journal, desk, db } = store;
  const slack = await startFakeSlack();
  let lateMs = 0;
  let beforeVote = async (): Promise<void> => undefined;
  const start = async (other: Partial<SlackSettings> = {}): Promise<SlackAdapter> => {
    const adapter = new SlackAdapter({
      loop: {
        ...loop,
        async rate(vote) {
          await beforeVote();
          return loop.rate(vote);
        },
      },
      desk: {
        ...desk,
        async posted(where, post) {
          await delay(lateMs);
          await desk.posted(where, post);
        },
      },
      log: quiet,
      connection:
        signingSecret === undefined
          ? { mode: 'socket', botToken: slack.team.botToken ?? '', appToken: slack.app.appToken }
          : {
              mode: 'http',
              botToken: slack.team.botToken ?? '',
              signingSecret,
              listen: { host: '127.0.0.1', port: 0 },
            },
      apiUrl: slack.apiUrl,
      settings: { ...settings, ...more, ...other },
      reactions: { up: [], down: [] },
    });
    await adapter.start();
    if (adapter.address !== null) slack.useHttp(`${adapter.address}/slack/events`);
    return adapter;
  };
  let adapter = await start();

  async function questionOf({ channel, ts }: Message): Promise<string> {
    const key = messageKey({ channel: channel.id, ts });
    const found = await vi.waitFor(async () => {
      const asked = await desk.questionOf(PLATFORM, slack.team.id, key);
      if (asked === undefined) throw new Error(`${key} has not been asked`);
      return asked;
    }, WAIT);
    return found.questionId;
  }

  async function take(question: Message): Promise<OpenTrajectory> {
    const held = await journal.begin(await questionOf(question), 'test');
    if (typeof held === 'string') throw new Error(`the question is not to be had: ${held}`);
    await journal.appendTurn(held, turnOf(1));
    return held;
  }

  async function finish(question: Message, text: string): Promise<{ questionId: string; answerId: string }> {
    const held = await take(question);
    await journal.finish(held, { answer: text, stopReason: 'verified', ms: 3 });
    return { questionId: held.questionId, answerId: (await loop.answer(held.questionId))?.answerId ?? '' };
  }

  return {
    slack,
    workspaceId: () => desk.workspaceId(PLATFORM, slack.team.id),
    questionOf,
    async begun(question) {
      await take(question);
      const isShown = ({ blocks }: Message) => JSON.stringify(blocks).includes(actionIds.stop);
      return slack.waitFor(() => slack.replies(question).find(isShown), 'progress');
    },
    finish,
    async answered(channel, user, asked, { text = `the answer to ${asked}` } = {}) {
      const question = slack.say(channel, user, `${slack.mention()} ${asked}`);
      const answer = await finish(question, text);
      const parts = await slack.waitFor(() => {
        const posted = slack.replies(question).filter(({ metadata }) => metadata?.event_type === POST_EVENT);
        return JSON.stringify(posted.at(-1)?.blocks ?? []).includes(answer.answerId) && posted;
      }, 'the answer');
      const message = parts.at(-1);
      if (message === undefined) throw new Error('no part');
      return { ...answer, question, parts, message };
    },
    async votes(answerId) {
      const { rows } = await db.execute<{ person: string; value: number; reason: string | null }>(sql`
        select p.name as person, v.value, v.reason from votes v join people p on p.id = v.person_id
        where v.answer_id = ${answerId} and v.value <> 0 order by p.name`);
      return rows;
    },
    told: (user, text, beside) =>
      slack.waitFor(
        () =>
          slack
            .ephemeralsOf(user)
            .findLast(
              (one) => slack.textOf(one).includes(text) && (beside === undefined || one.threadTs === beside.threadTs),
            ),
        `${user.name} to be told ${JSON.stringify(text)}`,
      ),
    noteLate(ms) {
      lateMs = ms;
    },
    beforeVotes(work) {
      beforeVote = work;
    },
    async restart(other) {
      await adapter.close();
      adapter = await start(other);
    },
    async close() {
      await adapter.close();
      await slack.close();
    },
  };
}

/** A team with ann, and with ben, who administers it, in one channel. */
export interface Cast {
  readonly store: TestStore;
  readonly team: LiveTeam;
  readonly ann: User;
  readonly ben: User;
  readonly general: Channel;
}

/** Opens one such team for all tests of a file. */
export function withTeam(use: (cast: Cast) => void): void {
  let store: TestStore;
  let team: LiveTeam;
  withStore((opened) => {
    store = opened;
  });
  beforeAll(async () => {
    team = await startTeam(store);
    const ann = team.slack.addUser('ann');
    const ben = team.slack.addUser('ben', { isAdmin: true });
    use({ store, team, ann, ben, general: team.slack.addChannel('general', { members: [ann, ben] }) });
  });
  afterAll(() => team.close());
}
