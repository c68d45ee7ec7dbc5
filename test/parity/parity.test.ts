import { sql } from 'drizzle-orm';
import { describe, expect, it, vi } from 'vitest';
import { freezeVotes, ratedFigures } from '../../src/db/rated-queries.ts';
import { addToReport, claimRun, endRun } from '../../src/db/run-queries.ts';
import { workspacePlatform } from '../../src/domain/workspace.ts';
import { type TestStore, turnOf } from '../db/test-store.ts';
import { withStore } from '../db/with-store.ts';
import { consoleStage } from './console-stage.ts';
import { discordStage } from './discord-stage.ts';
import { type Rows, rowsOf } from './rows.ts';
import { scenario } from './scenario.ts';
import { slackStage } from './slack-stage.ts';
import { plain, type Stage } from './stage.ts';

let store: TestStore;
withStore((opened) => {
  store = opened;
});

/** More than any run takes. */
const MOST_ANSWERS = 1_000;
const WAIT = { timeout: 10_000, interval: 20 };

/** Waits for the one row that a query gives, and takes its id. */
const idOf = (query: ReturnType<typeof sql>): Promise<string> =>
  vi.waitFor(async () => {
    const { rows } = await store.db.execute<{ id: string }>(query);
    const [row, ...others] = rows;
    if (row === undefined || others.length > 0) throw new Error(`${rows.length} rows, not one`);
    return row.id;
  }, WAIT);

/** Answers a platform's open question, as a worker does. */
async function answer(platform: string, text: string): Promise<void> {
  const { journal } = store;
  const held = await journal.begin(
    await idOf(sql`select id from questions where platform = ${platform} and status = 'open'`),
    'test',
  );
  if (typeof held === 'string') throw new Error(`the question is not to be had: ${held}`);
  await journal.appendTurn(held, turnOf(1));
  await journal.finish(held, { answer: text, stopReason: 'verified', ms: 3 });
}

/** Looks at the votes of a platform's open run, as a worker does, and ends it. */
async function endOfRun(platform: string): Promise<void> {
  const id = await idOf(sql`
    select r.id from training_runs r join workspaces w on w.id = r.workspace_id
    where w.platform = ${workspacePlatform(platform)} and r.status = 'queued'`);
  const held = await claimRun(store.db, id, 'test');
  if (held === undefined) throw new Error('the run is not to be had');
  expect(await freezeVotes(store.db, held, MOST_ANSWERS)).toBe('frozen');
  const rated = await ratedFigures(store.db, held);
  await addToReport(store.db, held, { rated });
  await store.db.transaction((tx) => endRun(tx, held, { status: 'no update', reason: 'the test ends here' }));
}

/** Waits until this is the vote on a platform's last answer. */
const stands = (platform: string, vote: { readonly value: number; readonly reason: string | null }): Promise<void> =>
  vi.waitFor(async () => {
    const { rows } = await store.db.execute(sql`
      select v.value, v.reason from votes v join answers a on a.id = v.answer_id
      where a.question_id = (select id from questions where platform = ${platform} order by position desc limit 1)`);
    expect(rows).toEqual([vote]);
  }, WAIT);

async function play(stage: Stage): Promise<Rows> {
  const { platform } = stage;
  for (const step of scenario) {
    if (step.does === 'ask' || step.does === 'follow up') {
      await stage.ask(step.text, step.does === 'ask');
      await answer(platform, step.answer);
      await stage.seesAnswer(plain(step.answer.split('\n').at(-1) ?? ''));
    } else if (step.does === 'rate') {
      await stage.rate(step.vote);
      await stands(platform, { value: step.vote === 'up' ? 1 : -1, reason: null });
    } else if (step.does === 'retract') {
      await stage.retract();
      await stands(platform, { value: 0, reason: null });
    } else if (step.does === 'give a reason') {
      await stage.giveReason(step.reason);
      await stands(platform, { value: -1, reason: step.reason });
    } else {
      await stage.retrain();
      await endOfRun(platform);
    }
  }
  return rowsOf(store.db, platform);
}

const VOTES = [
  { question: 'What is 12 * 33?', name: 'ann', value: 1, reason: null },
  { question: 'And divided by 4?', name: 'ann', value: -1, reason: null },
  { question: 'Sure?', name: 'ann', value: 0, reason: null },
  { question: 'Who is on call?', name: 'ann', value: -1, reason: 'It is Ann until Friday.' },
  { question: 'Tell me at length.', name: 'ann', value: 1, reason: null },
];

describe('the same day on every platform', { timeout: 60_000 }, () => {
  const played = new Map<string, Rows>();

  it.each([
    ['slack', slackStage],
    ['discord', discordStage],
    ['console', consoleStage],
  ] as const)('is played in %s', async (platform, open) => {
    const stage = await open(store);
    try {
      played.set(platform, await play(stage));
    } finally {
      await stage.close();
    }
    expect(played.get(platform)?.votes).toEqual(VOTES);
  });

  it('leaves the same rows', () => {
    const [first, ...others] = [...played.values()];
    expect(others.length).toBeGreaterThan(0);
    for (const rows of others) expect(rows).toEqual(first);
  });
});
