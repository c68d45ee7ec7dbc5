import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { claimOutbox } from '../../src/db/outbox-queries.ts';
import type { Delivery } from '../../src/domain/chat.ts';
import { DeliveryError } from '../../src/errors.ts';
import { openTestStore, startTestServer, type TestServer, type TestStore } from '../db/test-store.ts';
import { openTeam, PLATFORM, startDelivery } from './chat-team.ts';

let server: TestServer;
let url: string;
let store: TestStore;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  url = await server.fresh();
  store = await openTestStore(url);
  return () => store.close();
});

const eventually = <T>(look: () => T | Promise<T>) => vi.waitFor(look, { timeout: 15_000, interval: 20 });
const waiting = async () => (await store.loop.status()).outbox.waiting;
const settled = () => eventually(async () => expect(await waiting()).toBe(0));
const busy = (retryAfterMs?: number) =>
  new DeliveryError('BUSY', 'the platform is busy', 'Wait.', retryAfterMs === undefined ? {} : { retryAfterMs });
const refused = () => new DeliveryError('GONE', 'the channel is archived', 'Unarchive it.', { isFinal: true });

/** Takes note of what is posted, and fails as told to. */
function recorder(failing: (delivery: Delivery) => unknown = () => undefined) {
  const posted: string[] = [];
  const tries: { text: string; attempt: number; at: number }[] = [];
  const post = async (delivery: Delivery) => {
    tries.push({ text: delivery.text, attempt: delivery.attempt, at: performance.now() });
    const failure = failing(delivery);
    if (failure !== undefined) throw failure;
    posted.push(delivery.text);
  };
  return { posted, tries, post };
}

describe('delivery', { timeout: 60_000 }, () => {
  it('hands out an answer with all that is known of its question, at once and once', async () => {
    const team = openTeam(store, 'T1');
    const seen: Delivery[] = [];
    const delivery = startDelivery(store, async (item) => void seen.push(item));
    const questionId = await team.ask('m1', { conversation: 'c1', isDirect: true });
    await store.desk.posted({ ...team.where, questionId }, { message: 'p1', kind: 'progress', part: 0 });
    const begun = performance.now();
    const answer = await team.finish(questionId);
    await eventually(() => expect(seen).toHaveLength(1));
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(seen[0]).toEqual({
      id: expect.any(String),
      ...team.where,
      kind: 'answer',
      question: { questionId, conversation: 'c1', message: 'm1', person: 'ada', isDirect: true },
      answer,
      text: answer.answer,
      attempt: 1,
      posts: [{ message: 'p1', kind: 'progress', part: 0 }],
      after: null,
    });
    await settled();
    await delivery.stop();
    const again = recorder();
    await startDelivery(store, again.post).stop();
    expect(again.tries).toEqual([]);
  });

  it('posts an explained failure, and nothing for a cancelled question or one of this machine', async () => {
    const team = openTeam(store, 'T1');
    await store.loop.cancel(await team.ask('cancelled'));
    await team.answered('local', { platform: 'http', workspace: 'local' });
    const questionId = await team.ask('failing');
    await store.journal.fail(questionId, 'the model is gone');
    const seen: Delivery[] = [];
    const delivery = startDelivery(store, async (item) => void seen.push(item));
    await settled();
    await delivery.stop();
    expect(seen).toMatchObject([
      { kind: 'failure', answer: null, text: 'the model is gone', question: { questionId } },
    ]);
  });

  it('by two processes at once posts each answer once, in the order of its conversation, one of it at a time', async () => {
    const team = openTeam(store, 'T1');
    const other = await openTestStore(url);
    const posted: string[] = [];
    const inWork = new Map<string, number>();
    let most = 0;
    let mostOfOne = 0;
    const post =
      (by: string) =>
      async ({ question, text }: Delivery) => {
        const conversation = question?.conversation ?? '';
        inWork.set(conversation, (inWork.get(conversation) ?? 0) + 1);
        mostOfOne = Math.max(mostOfOne, inWork.get(conversation) ?? 0);
        most = Math.max(
          most,
          [...inWork.values()].reduce((sum, n) => sum + n),
        );
        await delay(24 - 3 * Number(text.at(-1)));
        inWork.set(conversation, (inWork.get(conversation) ?? 0) - 1);
        posted.push(text);
        deliverers.add(by);
      };
    const deliverers = new Set<string>();
    const expected: string[] = [];
    // Neighbours in the outbox are of one conversation, and the later ones would be posted faster.
    for (const conversation of ['a', 'b', 'c', 'd', 'e'])
      for (let i = 0; i < 8; i += 1)
        expected.push((await team.answered(`${conversation}${i}`, { conversation })).answer);
    const both = [startDelivery(store, post('one'), 2), startDelivery(other, post('other'), 2)];
    await settled();
    await Promise.all(both.map((delivery) => delivery.stop()));
    await other.close();
    expect(posted.toSorted()).toEqual(expected.toSorted());
    for (const conversation of ['a', 'b', 'c', 'd', 'e']) {
      const of = (texts: readonly string[]) => texts.filter((text) => text.startsWith(`answer ${conversation}`));
      expect(of(posted)).toEqual(of(expected));
    }
    expect(deliverers.size).toBe(2);
    expect(mostOfOne).toBe(1);
    expect(most).toBeGreaterThan(1);
  });

  it('says after which message of its conversation an answer comes', async () => {
    const team = openTeam(store, 'T1');
    for (const key of ['1', '2', '3']) await team.answered(key, { conversation: 'c' });
    await team.answered('elsewhere', { conversation: 'd' });
    const seen: (string | null)[] = [];
    const names = ['a', 'c', 'b'];
    const delivery = startDelivery(store, async ({ question, after, workspace, platform, kind }) => {
      if (question?.conversation === 'c') seen.push(after);
      const message = question?.conversation === 'c' ? (names[seen.length - 1] ?? '') : 'z';
      await store.desk.posted(
        { platform, workspace, questionId: question?.questionId ?? null },
        { message, kind, part: 0 },
      );
      await store.desk.posted(
        { platform, workspace, questionId: question?.questionId ?? null },
        { message: `${message} shown`, kind: 'progress', part: 0 },
      );
    });
    await settled();
    await delivery.stop();
    expect(seen).toEqual([null, 'a', 'c']);
  });

  it('does not let a later answer of a conversation overtake one that fails, but goes on when that is given up', async () => {
    const team = openTeam(store, 'T1');
    for (const key of ['1', '2', '3']) await team.answered(key, { conversation: 'c' });
    await team.answered('elsewhere', { conversation: 'd' });
    const { posted, tries, post } = recorder(({ text, attempt }) => {
      if (text === 'answer 1' && attempt < 3) return busy(300);
      return text === 'answer 2' ? refused() : undefined;
    });
    const delivery = startDelivery(store, post);
    await settled();
    await delivery.stop();
    expect(posted).toEqual(['answer elsewhere', 'answer 1', 'answer 3']);
    expect(tries.filter(({ text }) => text === 'answer 2')).toHaveLength(1);
    expect(await store.desk.undeliverable(PLATFORM, 'T1', 1)).toEqual([
      { questionId: expect.any(String), why: 'the channel is archived. Unarchive it.', at: expect.any(Date) },
    ]);
    expect(await store.desk.undeliverable(PLATFORM, 'T2', 1)).toEqual([]);
    expect((await store.loop.status()).outbox).toEqual({ waiting: 0, undeliverable: 1 });
  });

  it('waits as long as the platform says, and otherwise a second and then twice as long', async () => {
    const team = openTeam(store, 'T1');
    await team.answered('told', { conversation: 'a' });
    await team.answered('not told', { conversation: 'b' });
    const { tries, post } = recorder(({ text, attempt }) => {
      if (attempt === 3) return undefined;
      return text === 'answer told' ? busy(1_700) : new Error('a bug');
    });
    const delivery = startDelivery(store, post);
    await settled();
    await delivery.stop();
    const gaps = (of: string) => {
      const at = tries.filter(({ text }) => text === of).map((one) => one.at);
      return at.slice(1).map((time, i) => time - (at[i] ?? 0));
    };
    const between = (least: number) => expect.toSatisfy((ms: number) => ms >= least - 20 && ms < least + 1_200);
    expect(gaps('answer told')).toEqual([between(1_700), between(1_700)]);
    expect(gaps('answer not told')).toEqual([between(1_000), between(2_000)]);
  });

  it('gives up after an hour of a busy platform, or ten tries of what fails otherwise, and says so', async () => {
    const team = openTeam(store, 'T1');
    await team.answered('busy', { conversation: 'a' });
    await team.answered('broken', { conversation: 'b' });
    await store.db.execute(sql`update outbox set attempts = 8, first_tried_at = now() - interval '59 minutes'`);
    const failing = ({ text }: Delivery) => (text === 'answer busy' ? busy(10) : new Error('a bug'));
    const attempt = async (minutes: number) => {
      const { tries, post } = recorder((item) => {
        void stop.abort();
        return failing(item);
      });
      const stop = new AbortController();
      await store.db.execute(sql`
        update outbox set next_try_at = null, first_tried_at = now() - ${minutes} * interval '1 minute'`);
      await store.desk.deliver(PLATFORM, post, { signal: stop.signal });
      return tries.length;
    };
    expect(await attempt(59)).toBe(2);
    expect(await waiting()).toBe(2);
    expect(await attempt(59)).toBe(2);
    expect(await waiting()).toBe(1);
    expect(await attempt(61)).toBe(1);
    expect(await waiting()).toBe(0);
    const given = await store.desk.undeliverable(PLATFORM, 'T1', 1);
    expect(given.map(({ why }) => why)).toEqual(['the platform is busy. Wait.', 'a bug.']);
  });

  it('lets who posts know when another process has taken it over', async () => {
    await openTeam(store, 'T1').answered('slow');
    const seen: boolean[] = [];
    const delivery = startDelivery(store, async (_, isHeld) => {
      seen.push(isHeld());
      await store.db.execute(sql`update outbox set attempts = attempts + 1`);
      await eventually(() => expect(isHeld()).toBe(false));
      seen.push(isHeld());
    });
    await settled();
    await delivery.stop();
    expect(seen).toEqual([true, false]);
  });

  it('tells a repeated try what an earlier one posted before its process was killed', async () => {
    const team = openTeam(store, 'T1');
    const { questionId } = await team.answered('killed');
    // What a process does up to the moment at which it is killed: the row is claimed, a part is posted.
    const [claimed] = await claimOutbox(store.db, PLATFORM, 1, 60);
    await store.desk.posted({ ...team.where, questionId }, { message: 'm0', kind: 'answer', part: 0 });
    const seen: Delivery[] = [];
    const delivery = startDelivery(store, async (item) => void seen.push(item));
    expect(await claimOutbox(store.db, PLATFORM, 1, 60)).toEqual([]);
    expect(seen).toEqual([]);
    await store.db.execute(sql`update outbox set claimed_until = now() - interval '1 second'`);
    await settled();
    await delivery.stop();
    expect(seen).toMatchObject([{ id: claimed?.id, attempt: 2, posts: [{ message: 'm0', kind: 'answer', part: 0 }] }]);
  });

  it('keeps a claim while posting takes long, and lets it end before it stops', async () => {
    const team = openTeam(store, 'T1');
    await team.answered('slow');
    const claimedUntil = async () => {
      const { rows } = await store.db.execute<{ until: string }>(sql`select claimed_until::text as until from outbox`);
      return rows[0]?.until ?? '';
    };
    let end: () => void = () => undefined;
    const posting = new Promise<void>((resolve) => {
      end = resolve;
    });
    let begun = false;
    const delivery = startDelivery(store, () => {
      begun = true;
      return posting;
    });
    await eventually(() => expect(begun).toBe(true));
    const first = await claimedUntil();
    await eventually(async () => expect((await claimedUntil()) > first).toBe(true));
    const stopped = delivery.stop();
    await team.answered('after the end');
    expect(await Promise.race([stopped, delay(200, 'still posting')])).toBe('still posting');
    end();
    await stopped;
    expect(await waiting()).toBe(1);
  });

  it('posts different conversations at once, up to the concurrency', async () => {
    const team = openTeam(store, 'T1');
    for (const key of ['a', 'b', 'c']) await team.answered(key);
    let inWork = 0;
    let most = 0;
    const { post } = recorder();
    const delivery = startDelivery(
      store,
      async (item) => {
        inWork += 1;
        most = Math.max(most, inWork);
        // The first waits for a second; a third would make it too many.
        await eventually(() => expect(most).toBeGreaterThan(1));
        await delay(20);
        await post(item);
        inWork -= 1;
      },
      2,
    );
    await settled();
    await delivery.stop();
    expect(most).toBe(2);
  });
});
