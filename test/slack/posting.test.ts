import { beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../db/chat-office.ts';
import { useOffice } from './office.ts';
import { settings } from './open-adapter.ts';

const office = useOffice();

describe('posting to Slack', { timeout: 90_000 }, () => {
  beforeEach(async () => {
    await office.openAdapter({ settings: { ...settings, reportChannel: office.general.id } });
  });

  it('posts once what Slack did although it said that it failed', async () => {
    const { slack } = office;
    for (const method of ['chat.startStream', 'chat.postMessage', 'chat.update', 'chat.stopStream'])
      slack.failNext(method, { status: 503, afterwards: true });
    const question = office.ask('once?');
    await office.said(question, 'answer to once?');
    await office.idle();
    const replies = slack.replies(question);
    expect(replies.map((reply) => slack.textOf(reply).includes('answer to once?'))).toEqual([true]);
    expect(replies[0]?.stream?.state).not.toBe('in_progress');
  });

  it('edits its progress where Slack has no streams', async () => {
    const { slack, worker } = office;
    slack.failNext('chat.startStream', { error: 'unknown_method' });
    worker.hold();
    const question = office.ask('no streams?');
    const progress = await office.said(question, 'calculator');
    expect(progress.stream).toBeUndefined();
    expect(slack.textOf(progress)).toContain('Stop');
    worker.letGo();
    const answer = await office.said(question, 'answer to no streams?');
    expect(answer.ts).toBe(progress.ts);
    const again = office.ask('and then?');
    await office.said(again, 'answer to and then?');
    expect(slack.journal.callsOf('chat.startStream')).toHaveLength(1);
  });

  it('goes on by edits when a stream breaks off', async () => {
    const { slack, worker } = office;
    worker.hold();
    const question = office.ask('broken?');
    const progress = await office.said(question, 'calculator');
    slack.failNext('chat.appendStream', { error: 'message_not_in_streaming_state' });
    worker.takeTurns(3);
    await slack.waitFor(() => slack.textOf(progress).includes('Turn 3'), 'the third turn');
    expect(slack.textOf(progress)).toContain('Stop');
    worker.letGo();
    await office.said(question, 'answer to broken?');
    expect(slack.replies(question)).toHaveLength(1);
  });

  it('shows no more progress where Slack refuses it for good, and answers all the same', async () => {
    const { slack, worker } = office;
    worker.hold();
    slack.failNext('chat.startStream', { error: 'restricted_action' }, 20);
    slack.failNext('chat.postMessage', { error: 'msg_too_long' });
    const question = office.ask('refused?');
    await slack.waitFor(() => slack.journal.callsOf('chat.postMessage').length > 0, 'a try');
    worker.takeTurns(2);
    const other = office.ask('and here?');
    const progress = await office.said(other, 'Turn 2');
    worker.takeTurns(3);
    await slack.waitFor(() => slack.textOf(progress).includes('Turn 3'), 'the third turn');
    expect(slack.replies(question)).toEqual([]);
    expect(slack.journal.callsOf('chat.startStream')).toHaveLength(2);
    worker.letGo();
    await office.said(question, 'answer to refused?');
  });

  it('waits as long as Slack says, and tries again what is down', async () => {
    const { slack } = office;
    slack.failNext('chat.startStream', { status: 500 });
    slack.failNext('chat.postMessage', { retryAfterSeconds: 1 });
    slack.failNext('chat.update', { status: 503 }, 2);
    const begun = Date.now();
    const question = office.ask('patient?');
    await office.said(question, 'answer to patient?');
    await office.idle();
    expect(Date.now() - begun).toBeGreaterThan(1_000);
    expect(slack.replies(question)).toHaveLength(1);
  });

  it('posts all parts of a long answer in order, and after a failure those that are missing', async () => {
    const { slack, worker } = office;
    const long = Array.from({ length: 500 }, (_, line) => `line ${line} ${'x'.repeat(50)}`).join('\n\n');
    worker.answerWith(() => long);
    slack.failNext('chat.postMessage', { status: 503, afterwards: true });
    const question = office.ask('long?');
    await office.said(question, 'line 499 ');
    await office.idle();
    const replies = slack.replies(question).map((reply) => slack.textOf(reply));
    expect(replies).toHaveLength(3);
    const seen = replies.flatMap((text) => [...text.matchAll(/line (\d+) /g)].map(([, line]) => Number(line)));
    expect(seen).toEqual(Array.from({ length: 500 }, (_, line) => line));
    const last = slack.replies(question).at(-1);
    await slack.waitFor(() => last?.reactions.size === 2, 'reactions under the last part');
  });

  it('keeps answers in the order of their questions, also when progress of a later one was there first', async () => {
    const { slack, worker } = office;
    await office.closeAdapter();
    // With room for the progress of the second after the failed posts of the first.
    await office.openAdapter({ rate: 10 });
    slack.failNext('chat.startStream', { status: 500 });
    slack.failNext('chat.postMessage', { status: 500 }, 2);
    worker.hold();
    const first = office.ask('first?');
    await slack.waitFor(() => slack.journal.callsOf('chat.postMessage').length === 1, 'progress that is not shown');
    worker.letGo();
    await slack.waitFor(() => slack.journal.callsOf('chat.postMessage').length === 2, 'an answer that is not posted');
    worker.hold();
    const second = office.ask('second?', { thread: first.ts });
    await office.said(second, 'calculator');
    await office.said(first, 'answer to first?');
    worker.letGo();
    await office.said(second, 'answer to second?');
    await office.idle();
    const said = slack.replies(first).map((reply) => /answer to (\w+)/.exec(slack.textOf(reply))?.[1]);
    expect(said).toEqual(['first', 'second']);
  });

  it('shows an answer without markdown blocks where Slack refuses one', async () => {
    const { slack } = office;
    slack.failNext('chat.update', { error: 'invalid_blocks' });
    const question = office.ask('plain?');
    const answer = await office.said(question, 'answer to plain?');
    expect(answer.blocks[0]).toMatchObject({ type: 'section' });
  });

  it('tells directly, once, what an archived channel does not take', async () => {
    const { slack, worker, ann, general, store } = office;
    worker.rest();
    const question = office.ask('archived?');
    await slack.waitFor(() => slack.statusOf(question) !== '', 'a status');
    slack.archive(general);
    worker.letGo();
    const direct = slack.directMessages(ann);
    await slack.waitFor(
      () => slack.messagesOf(direct).find((one) => slack.textOf(one).includes('answer to archived?')),
      'the answer',
      20_000,
    );
    await office.idle();
    expect(slack.messagesOf(direct)).toHaveLength(1);
    expect((await store.loop.status()).outbox.undeliverable).toBe(0);
  });

  it('notes what cannot be posted at all', async () => {
    const { slack, worker, store, ann } = office;
    worker.rest();
    const question = slack.say(slack.directMessages(ann), ann, 'gone?');
    await slack.waitFor(() => slack.statusOf(question) !== '', 'a status');
    // However often its progress is tried before the answer.
    slack.failNext('chat.startStream', { error: 'invalid_auth' }, 20);
    slack.failNext('chat.postMessage', { error: 'account_inactive' }, 20);
    worker.letGo();
    await eventually(async () => expect((await store.loop.status()).outbox.undeliverable).toBe(1));
    const [first] = await store.desk.undeliverable('slack', slack.team.id, 1);
    expect(first?.why).toContain('Install the app again');
  });

  it('lets what is being posted end when it is closed, and leaves the rest to the next start', async () => {
    const { slack, store, worker } = office;
    worker.hold();
    const question = office.ask('closing?');
    await office.said(question, 'calculator');
    slack.setFaults({ latencyMs: 300 });
    worker.letGo();
    await slack.waitFor(() => slack.journal.callsOf('chat.stopStream').length > 0, 'the answer on its way');
    await office.closeAdapter();
    expect((await store.loop.status()).outbox.waiting).toBe(0);
    expect(slack.replies(question).map((reply) => slack.textOf(reply).includes('answer to'))).toEqual([true]);
  });
});
