import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actionIds } from '../../adapters/slack/action-ids.ts';
import { messageKey } from '../../adapters/slack/keys.ts';
import { overLimits } from './call-limits.ts';
import type { FakeSlack } from './fake/fake-slack.ts';
import type { Channel, Message, User } from './fake/types.ts';
import { type SlackService, startSlackService } from './slack-service.ts';

/** What people may wait for a sign that their question has arrived. */
const STATUS_MS = 1_000;
const PATIENCE_MS = 30_000;

// Processes on a busy machine take their time.
describe.each(['socket', 'http'] as const)('a service in Slack over %s', { timeout: 120_000 }, (mode) => {
  let running: SlackService;
  let slack: FakeSlack;
  let ann: User;
  let bob: User;
  let general: Channel;
  let question: Message;

  beforeAll(async () => {
    running = await startSlackService(mode);
    slack = running.slack;
    ann = slack.addUser('ann', { isAdmin: true });
    bob = slack.addUser('bob');
    general = slack.addChannel('general', { members: [ann, bob] });
  }, 180_000);
  afterAll(() => running.close());

  /** The answer in a message's thread that says a number. */
  const answerTo = (message: Message, number: string): Promise<Message> =>
    slack.waitFor(
      () => slack.replies(message).find((reply) => slack.textOf(reply).includes(number) && hasRating(reply)),
      `an answer with ${number}`,
      PATIENCE_MS,
    );
  const hasRating = ({ blocks }: Message) => JSON.stringify(blocks).includes(actionIds.rate);

  /** The votes on the answer to a message, once they are as wanted. */
  const votesBecome = async (message: Message, wanted: readonly string[]): Promise<void> => {
    const key = messageKey({ channel: message.channel.id, ts: message.ts });
    const look = () =>
      running.tables(async ({ rows }) =>
        (
          await rows(`select p.key, v.value from votes v join people p on p.id = v.person_id
            join answers a on a.id = v.answer_id join questions q on q.id = a.question_id where q.key = '${key}'
            order by p.key`)
        ).map((row) => `${row.key} ${row.value}`),
      );
    await expect.poll(look, { timeout: PATIENCE_MS, interval: 50 }).toEqual(wanted);
  };

  it('shows at once that it works, then its agents at work, and answers in the thread', async () => {
    const waits: number[] = [];
    for (const [text, number] of [
      ['What is 17 * 23?', '391'],
      ['What is 19 * 29?', '551'],
      ['What is 12 * 34?', '408'],
    ] as const) {
      const before = slack.journal.calls.length;
      question = slack.say(general, ann, `${slack.mention()} ${text}`);
      const said = Date.now();
      await answerTo(question, number);
      const status = slack.world.statuses.find(({ threadTs }) => threadTs === question.ts);
      waits.push((status?.at ?? Number.POSITIVE_INFINITY) - said);
      const shown = slack.journal.calls
        .slice(before)
        .filter(({ args }) => /planner|executor/.test(JSON.stringify(args)));
      expect(shown.length).toBeGreaterThan(0);
      await slack.waitFor(() => slack.statusOf(question) === '', 'the end of the status');
      // What showed the progress is gone, or has become the answer.
      expect(slack.replies(question)).toHaveLength(1);
    }
    // A single one may have been held up by the machine.
    expect(Math.min(...waits)).toBeLessThan(STATUS_MS);
  });

  it('takes a 👍 as a vote, and its removal as the end of it', async () => {
    const answer = await answerTo(question, '408');
    slack.react(answer, bob, 'thumbsup::skin-tone-3');
    await votesBecome(question, [`${bob.id} 1`]);
    slack.unreact(answer, bob, 'thumbsup::skin-tone-3');
    await votesBecome(question, [`${bob.id} 0`]);
  });

  it('takes the buttons as votes too, and asks why after a 👎', async () => {
    const answer = await answerTo(question, '408');
    expect((await slack.click(ann, answer, actionIds.rate, 'positive')).isAcked).toBe(true);
    await votesBecome(question, [`${ann.id} 1`, `${bob.id} 0`]);
    expect((await slack.click(ann, answer, actionIds.rate, 'negative')).isAcked).toBe(true);
    await votesBecome(question, [`${ann.id} -1`, `${bob.id} 0`]);
    await slack.waitFor(() => slack.openViewOf(ann), 'the form for the reason');
  });

  it('follows up in its thread without a mention, from memory', async () => {
    const followUp = slack.say(general, bob, 'and times 2?', { thread: question.ts });
    const answer = await answerTo(followUp, '816');
    expect(slack.thread(question).at(-1)).toBe(answer);
  });

  it('leaves alone what is not for it', async () => {
    const before = slack.journal.callsOf('chat.postMessage').length;
    const other = slack.say(general, ann, 'What is 2 * 2? I ask all of you.');
    slack.say(general, bob, '4, of course', { thread: other.ts });
    const direct = slack.say(slack.directMessages(bob), bob, 'What is 21 * 21?');
    await answerTo(direct, '441');
    expect(slack.replies(other)).toEqual([]);
    expect(slack.journal.callsOf('chat.postMessage').length - before).toBeLessThanOrEqual(2);
  });

  it('has called nothing that Slack refuses, nor too often, and ends in good order', async () => {
    await slack.settled();
    expect(slack.journal.refusals()).toEqual([]);
    expect(slack.violations).toEqual([]);
    expect(overLimits(slack.journal.calls)).toEqual([]);
    expect(slack.journal.events.filter(({ outcome }) => outcome === 'lost')).toEqual([]);
    const { code, stderr } = await running.stop();
    expect(code).toBe(0);
    expect(stderr).toBe('');
  });
});
