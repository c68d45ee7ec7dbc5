import { afterEach, expect, it } from 'vitest';
import { damagedJson, seeded } from '../models/mutations.ts';
import type { Acknowledgement, EnvelopeKind } from './fake/delivery.ts';
import type { FakeSlack } from './fake/fake-slack.ts';
import { signatureOf } from './fake/http-events.ts';
import type { Channel, Json, User } from './fake/types.ts';
import * as payloads from './payloads.ts';
import { type SlackService, startSlackService } from './slack-service.ts';

const SEED = 20_261_128;
const MUTATIONS = 1_000;
const AT_ONCE = 50;
/** A thousand questions of one person in a minute are refused in a friendly way; some are to get through. */
const LIMITS = { FOURSIGHT_PERSON_LIMIT: '150', FOURSIGHT_WORKSPACE_LIMIT: '300' };
/** Parts of a second by which messages are known that must not be taken. */
const REFUSED = '99999';
/** What Slack says to calls that it does not understand or that are not allowed, whatever the event was. */
const WRONG_CALLS =
  /^(invalid_arg|invalid_blocks|invalid_array|missing_|not_allowed|no_text|unknown_method|msg_|metadata_|too_)/;

let running: SlackService;
afterEach(() => running.close());

const kinds: readonly (readonly [EnvelopeKind, Json])[] = [
  ...payloads.allEvents.map((event) => ['events_api', payloads.eventOf(event)] as const),
  ...payloads.allPresses.map((press) => ['interactive', press] as const),
  ['interactive', payloads.submissionOf(['wrong'], 'because')],
  ['slash_commands', payloads.commandOf()],
  ['slash_commands', payloads.commandOf({ text: 'ask What is 2 * 3?' })],
  ['slash_commands', payloads.commandOf({ text: 'retrain dry-run' })],
];

/** The payload as it would be in the fake's workspace: its own ids, and each time another message. */
function placed(payload: Json, slack: FakeSlack, ann: User, general: Channel, index: number): Json {
  const ids = {
    [payloads.TEAM]: slack.team.id,
    [payloads.OWN_USER]: slack.team.bot.userId,
    [payloads.OWN_BOT]: slack.team.bot.botId,
    [payloads.ADA]: ann.id,
    [payloads.CHANNEL]: general.id,
    [payloads.DIRECT]: slack.directMessages(ann).id,
    [payloads.TS]: `${Math.floor(Date.now() / 1_000)}.${String(index).padStart(6, '0')}`,
    A0123ABCD: slack.app.id,
    Ev0123ABCD: `Ev${index}`,
  };
  const text = Object.entries(ids).reduce((all, [from, to]) => all.replaceAll(from, to), JSON.stringify(payload));
  return JSON.parse(text);
}

/** Runs all, some at a time. */
async function inTurns<T>(work: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  for (let i = 0; i < work.length; i += AT_ONCE)
    results.push(...(await Promise.all(work.slice(i, i + AT_ONCE).map((begin) => begin()))));
  return results;
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

it.each(['socket', 'http'] as const)(
  'a running service takes a thousand damaged payloads over %s, and goes on',
  { timeout: 300_000 },
  async (mode) => {
    running = await startSlackService(mode, LIMITS);
    const { slack, service } = running;
    const random = seeded(SEED);
    const ann = slack.addUser('ann', { isAdmin: true });
    const bob = slack.addUser('bob');
    const general = slack.addChannel('general', { members: [ann, bob] });
    const acknowledgements = await inTurns(
      Array.from({ length: MUTATIONS }, (_, i) => {
        const [kind, payload] = kinds[i % kinds.length] ?? ['events_api', {}];
        let damaged: unknown = placed(payload, slack, ann, general, i);
        for (let times = 1 + Math.floor(random() * 3); times > 0; times -= 1) damaged = damagedJson(damaged, random);
        return async (): Promise<Acknowledgement> => slack.send(kind, isObject(damaged) ? damaged : { damaged });
      }),
    );
    // What is no event of Slack's need not be acknowledged.
    const acked = acknowledgements.filter(({ isAcked }) => isAcked).length;
    expect(acked).toBeGreaterThan(MUTATIONS * 0.7);
    if (mode === 'http') await sendGarbage(slack, running.environment.SLACK_PORT ?? '', ann, general, random);

    const question = slack.say(general, bob, `${slack.mention()} What is 17 * 23?`);
    await slack.waitFor(
      () => slack.replies(question).find((reply) => slack.textOf(reply).includes('391')),
      'an answer to a sound question',
      120_000,
    );
    expect(service.child.exitCode).toBeNull();
    const taken = await running.tables(({ value }) =>
      value(`select count(*) from questions where key like '%.${REFUSED}%'`),
    );
    expect(Number(taken)).toBe(0);
    expect(slack.journal.refusals().filter(({ outcome }) => WRONG_CALLS.test(outcome))).toEqual([]);
    const { code, stderr } = await running.stop();
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/Unhandled(Promise)?Rejection|TypeError|RangeError|ReferenceError|Warning:/);
  },
);

/** Requests that are not what Slack sends: not signed, signed long ago, or signed but no JSON and no form. */
async function sendGarbage(slack: FakeSlack, port: string, ann: User, general: Channel, random: () => number) {
  const url = `http://127.0.0.1:${port}/slack/events`;
  const now = Math.floor(Date.now() / 1_000);
  const mention = payloads.eventOf(payloads.mentionOf());
  const post = (body: string, timestamp: number, secret: string, type = 'application/json') =>
    fetch(url, {
      method: 'POST',
      headers: {
        'content-type': type,
        'x-slack-request-timestamp': String(timestamp),
        'x-slack-signature': signatureOf(secret, String(timestamp), body),
      },
      body,
      signal: AbortSignal.timeout(10_000),
    }).then(({ status }) => status);
  const body = (index: number) => JSON.stringify(placed(mention, slack, ann, general, Number(`${REFUSED}0`) + index));
  expect(await post(body(0), now, 'not the secret of the app')).toBe(401);
  expect(await post(body(1), now - 3_600, slack.app.signingSecret)).toBe(401);
  expect((await fetch(url, { method: 'POST', body: body(2) })).status).toBe(401);
  expect((await fetch(url)).status).toBe(404);
  const types = ['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data'];
  for (let i = 0; i < 100; i += 1) {
    const whole = body(9);
    const at = Math.floor(random() * whole.length);
    const broken = random() < 0.5 ? whole.slice(0, at) : `${whole.slice(0, at)}\u0000}${whole.slice(at + 2)}`;
    const status = await post(broken, now, slack.app.signingSecret, types[i % types.length]);
    expect(status, broken).toBeGreaterThanOrEqual(200);
    expect(status, broken).toBeLessThan(500);
  }
}
