import { setTimeout as delay } from 'node:timers/promises';
import { webApi } from '@slack/bolt';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { eventually } from '../db/chat-office.ts';
import { useOffice } from './office.ts';
import { settings } from './open-adapter.ts';

const office = useOffice();
const votes = async () => {
  const { store, slack } = office;
  const answers = await store.desk.recentAnswers('slack', slack.team.id, { days: 1, limit: 10 });
  return answers.flatMap(({ votes: given }) => given.map(({ person, vote }) => ({ person, vote })));
};
const questions = async () => (await office.store.loop.status()).questions;

describe('catching up with Slack', { timeout: 90_000 }, () => {
  it('asks once what was missed: mentions, follow-ups, direct messages, and votes given or taken back', async () => {
    const { slack, ann, general } = office;
    const bob = slack.addUser('bob');
    slack.invite(general, bob);
    await office.openAdapter();
    const first = office.ask('first');
    const answer = await office.said(first, 'answer to first');
    slack.react(answer, bob, '+1');
    await eventually(async () => expect(await votes()).toEqual([{ person: bob.id, vote: 'up' }]));
    await office.closeAdapter();

    const mention = office.ask('missed mention');
    slack.say(general, ann, 'missed follow-up', { thread: first.ts });
    slack.say(general, ann, 'idle talk');
    const direct = slack.say(slack.directMessages(ann), ann, 'missed direct');
    slack.react(answer, ann, '-1');
    slack.unreact(answer, bob, '+1');
    await slack.settled();
    await office.openAdapter();
    await office.said(mention, 'answer to missed mention');
    await office.said(first, 'answer to missed follow-up');
    await office.said(direct, 'answer to missed direct');
    await eventually(async () => expect(await votes()).toEqual([{ person: ann.id, vote: 'down' }]));
    await office.closeAdapter();

    await office.openAdapter();
    await office.idle();
    expect(await questions()).toMatchObject({ answered: 4, open: 0 });
    expect(slack.replies(first)).toHaveLength(2);
    expect(slack.journal.refusals()).toEqual([]);
  });

  it('counts edits and deletions of open questions that were missed, and replaces the progress of a lost process', async () => {
    const { slack, worker, store, ann } = office;
    worker.hold();
    worker.takeTurns(0);
    await office.openAdapter();
    const edited = office.ask('old wording');
    const progress = await office.said(edited, 'planner');
    // Asked later, it is looked at later: once it is gone, the other has been edited.
    const deleted = office.ask('to be deleted');
    await office.said(deleted, 'planner');
    expect(progress.stream?.state).toBe('in_progress');
    await office.closeAdapter();
    // A stream that its process could not note before it was lost.
    await new webApi.WebClient(slack.team.botToken, { slackApiUrl: slack.apiUrl }).chat.startStream({
      channel: edited.channel.id,
      thread_ts: edited.ts,
      recipient_team_id: slack.team.id,
      recipient_user_id: ann.id,
      markdown_text: 'orphan',
    });
    slack.edit(edited, `${slack.mention()} new wording`);
    slack.remove(deleted);
    await slack.settled();
    // Of a message that is younger nobody knows whether Slack shows it everywhere.
    await eventually(() => expect(Date.now() - 1_000 * Number(deleted.ts)).toBeGreaterThan(5_100));
    await office.openAdapter();
    await eventually(async () => expect((await questions()).open).toBe(1));
    worker.letGo();
    worker.takeTurns(1);
    const answer = await office.said(edited, 'answer to new wording');
    expect(answer.ts).toBe(progress.ts);
    await office.idle();
    expect(slack.replies(edited)).toHaveLength(1);
    expect(slack.replies(deleted)).toEqual([]);
    expect(await questions()).toMatchObject({ answered: 1, failed: 0 });
    expect(await store.desk.openQuestions('slack', slack.team.id)).toEqual([]);
  });

  it('catches up with what came while its connection was gone, and connects again when Slack is down for a while', async () => {
    const { slack } = office;
    await office.openAdapter();
    const before = office.ask('before');
    await office.said(before, 'answer to before');
    await office.idle();
    slack.failNext('apps.connections.open', { status: 503 }, 3);
    slack.dropSockets();
    await eventually(() => expect(slack.connections).toBe(0));
    const during = office.ask('during');
    await slack.settled();
    await office.said(during, 'answer to during');
    slack.refreshSockets();
    const after = office.ask('after');
    await office.said(after, 'answer to after');
    await office.idle();
    expect(await questions()).toMatchObject({ answered: 3, open: 0 });
  });

  it('keeps the order of a thread also when the connection goes again before the votes are compared', async () => {
    const { slack, general, ann } = office;
    await office.openAdapter();
    const roots = ['r0', 'r1', 'r2', 'r3'].map((text) => office.ask(text));
    for (const [index, root] of roots.entries()) await office.said(root, `answer to r${index}`);
    await office.idle();
    const [root] = roots;
    if (root === undefined) throw new Error('no thread');
    slack.setFaults({ methods: { 'conversations.replies': { latencyMs: 700 } } });
    const drop = async () => {
      slack.dropSockets();
      await slack.waitFor(() => slack.connections === 0, 'the end of the connection');
    };
    await drop();
    await slack.waitFor(() => slack.connections === 1, 'a new connection');
    // Each thread is read for new messages, then each for its votes.
    const read = () => slack.journal.callsOf('conversations.replies').length;
    await slack.waitFor(() => read() >= roots.length + 2, 'votes to be compared', 30_000);
    await drop();
    const texts = ['q1', 'q2', 'q3', 'q4'];
    for (const text of texts.slice(0, 2)) slack.say(general, ann, text, { thread: root.ts });
    await slack.waitFor(() => slack.connections === 1, 'a new connection');
    for (const text of texts.slice(2)) slack.say(general, ann, text, { thread: root.ts });
    await office.said(root, 'answer to q4');
    await office.idle();
    const said = slack.replies(root).flatMap((reply) => /answer to (q\d)/.exec(slack.textOf(reply))?.[1] ?? []);
    expect(said).toEqual(texts);
  });

  it('keeps the order of a thread of which a part was missed', async () => {
    const { slack, worker, general, ann } = office;
    await office.openAdapter();
    const root = office.ask('q0');
    await office.said(root, 'answer to q0');
    worker.rest();
    slack.failNext('apps.connections.open', { status: 503 }, 1);
    slack.dropSockets();
    await eventually(() => expect(slack.connections).toBe(0));
    slack.say(general, ann, 'q1', { thread: root.ts });
    slack.say(general, ann, 'q2', { thread: root.ts });
    await eventually(() => expect(slack.connections).toBe(1));
    slack.say(general, ann, 'q3', { thread: root.ts });
    await eventually(async () => expect((await questions()).open).toBe(3));
    worker.letGo();
    await office.said(root, 'answer to q3');
    const said = slack.replies(root).flatMap((reply) => /answer to q\d/.exec(slack.textOf(reply))?.[0] ?? []);
    expect(said).toEqual(['answer to q0', 'answer to q1', 'answer to q2', 'answer to q3']);
  });

  it('takes what it could not take at first, although it had acknowledged it meanwhile', async () => {
    const { store } = office;
    let failures = 0;
    const loop: typeof store.loop = {
      ...store.loop,
      async ask(question) {
        if (failures > 1) return store.loop.ask(question);
        failures += 1;
        // Longer than the acknowledgement waits.
        await delay(2_200);
        throw new Error('the database is gone');
      },
    };
    await office.openAdapter({ loop });
    const question = office.ask('lost?');
    const next = office.ask('and after it?');
    await office.said(question, 'answer to lost?');
    await office.said(next, 'answer to and after it?');
    expect(failures).toBe(2);
    expect(await questions()).toMatchObject({ answered: 2 });
  });

  it('does not take a passing refusal for nothing there', async () => {
    const { slack } = office;
    await office.openAdapter();
    await office.said(office.ask('first'), 'answer to first');
    await office.closeAdapter();
    const missed = office.ask('missed');
    await slack.settled();
    slack.failNext('conversations.history', { error: 'internal_error' }, 5);
    await office.openAdapter();
    await office.said(missed, 'answer to missed');
  });

  it('finds a mention that was missed in a thread older than what was missed', async () => {
    const { slack, store, general, ann } = office;
    await office.openAdapter();
    await office.closeAdapter();
    const root = slack.say(general, ann, 'idle talk');
    const since = 1_000 * Number(root.ts) + 1;
    await eventually(() => expect(Date.now()).toBeGreaterThan(since + 5));
    // It reads again what is up to a minute older.
    await store.desk.setReadUpTo('slack', slack.team.id, 'events', ((since + 60_000) / 1_000).toFixed(6));
    slack.say(general, ann, `${slack.mention()} missed here`, { thread: root.ts });
    slack.say(general, ann, slack.mention(), { thread: root.ts });
    await slack.settled();
    await office.openAdapter();
    await office.said(root, 'answer to missed here');
    // Whoever got no help then gets it now.
    await slack.waitFor(() => slack.ephemeralsOf(ann).some((one) => one.threadTs === root.ts), 'help');
  });

  it('asks what was typed as a command when its process was lost before it was asked', async () => {
    const { slack, store, general, ann } = office;
    const ask = async (): Promise<never> => {
      throw new Error('the process is lost here');
    };
    await office.openAdapter({ loop: { ...store.loop, ask } });
    await slack.command(general, ann, '/foursight', 'ask by command?');
    await slack.settled();
    await office.closeAdapter();
    expect(await questions()).toMatchObject({ open: 0, answered: 0 });
    await office.openAdapter();
    const opening = await slack.waitFor(() => slack.messagesOf(slack.directMessages(ann))[0], 'the opening');
    await office.said(opening, 'answer to by command?');
    await office.idle();
    expect(await questions()).toMatchObject({ answered: 1 });
  });

  it('does not answer what was written before it was first there', async () => {
    const { slack, general, ann } = office;
    slack.say(general, ann, `${slack.mention()} long ago`);
    await slack.settled();
    await office.openAdapter();
    const question = office.ask('today');
    await office.said(question, 'answer to today');
    await office.idle();
    expect(await questions()).toMatchObject({ answered: 1 });
  });

  it('reads on until it has read everything: the first mention of hundreds of messages, and each of many threads', async () => {
    const { slack, ann, general } = office;
    const rate = 100;
    await office.openAdapter({ rate });
    await office.said(office.ask('before'), 'answer to before');
    await office.closeAdapter();
    const first = office.ask('the first');
    const roots = Array.from({ length: 32 }, (_, index) => slack.say(general, ann, `idle ${index}`));
    for (const root of roots) slack.say(general, ann, `${slack.mention()} about ${root.text}`, { thread: root.ts });
    for (let index = 0; index < 620; index += 1) slack.say(general, ann, 'idle talk');
    await slack.settled();
    await office.openAdapter({ rate });
    await office.said(first, 'answer to the first');
    for (const root of roots) await office.said(root, `answer to about ${root.text}`);
    expect(await questions()).toMatchObject({ answered: roots.length + 2, open: 0 });
  });

  it('reads however much was written: the first mention of thousands of messages, and the last of as many replies', async () => {
    const { slack, ann, general } = office;
    const rate = 1_000;
    await office.openAdapter({ rate });
    const before = office.ask('before');
    await office.said(before, 'answer to before');
    await office.closeAdapter();
    const first = office.ask('the first');
    for (let index = 0; index < 5_000; index += 1) slack.say(general, ann, 'idle talk');
    const root = slack.say(general, ann, 'a long talk');
    for (let index = 0; index < 2_000; index += 1) slack.say(general, ann, 'idle talk', { thread: root.ts });
    slack.say(general, ann, `${slack.mention()} the last`, { thread: root.ts });
    await slack.settled();
    await office.openAdapter({ rate });
    await office.said(first, 'answer to the first');
    await office.said(root, 'answer to the last');
    expect(await questions()).toMatchObject({ answered: 3, open: 0 });
  });

  it('takes no question for deleted that stands behind thousands of messages', async () => {
    const { slack, worker, ann, general } = office;
    const options = { rate: 1_000, settings: { ...settings, followUps: false } };
    worker.rest();
    await office.openAdapter(options);
    const first = office.ask('the first');
    await eventually(async () => expect((await questions()).open).toBe(1));
    await office.closeAdapter();
    for (let index = 0; index < 2_000; index += 1) slack.say(general, ann, 'idle talk', { thread: first.ts });
    const last = office.ask('the last', { thread: first.ts });
    slack.remove(first);
    await slack.settled();
    await eventually(() => expect(Date.now() - 1_000 * Number(last.ts)).toBeGreaterThan(5_100));
    const said: string[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => said.push(JSON.parse(line).msg) });
    await office.openAdapter({ ...options, log });
    await eventually(() => expect(said).toContain('caught up'));
    expect((await questions()).open).toBe(1);
    worker.letGo();
    await office.said(first, 'answer to the last');
  });

  it('says what it leaves out, and of how much, when there is more than it looks through', async () => {
    const { slack, worker } = office;
    const rate = 100;
    await office.openAdapter({ rate });
    await office.said(office.ask('rated'), 'answer to rated');
    worker.rest();
    const asked = Array.from({ length: 61 }, (_, index) => office.ask(`q${index}`));
    await eventually(async () => expect((await questions()).open).toBe(61));
    await office.closeAdapter();
    const newest = 1_000 * Number(asked.at(-1)?.ts);
    await eventually(() => expect(Date.now() - newest).toBeGreaterThan(5_100));
    const said: unknown[] = [];
    const log = pino({ level: 'warn', base: {} }, { write: (line: string) => said.push(JSON.parse(line)) });
    await office.openAdapter({ rate, log });
    const warned = (words: string, figures: object) =>
      eventually(() =>
        expect(said).toContainEqual(expect.objectContaining({ msg: expect.stringContaining(words), ...figures })),
      );
    await warned('open questions are looked at', { workspace: slack.team.id, conversations: 61, read: 40 });
    await warned('recent conversations are looked through for ratings', { conversations: 62, read: 60 });
  });
});
