import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AnswerWorker, startAnswerWorker } from '../../gpu-worker/jobs/answer-worker.ts';
import { openPlanner, type Planner } from '../../gpu-worker/jobs/starter-planner.ts';
import type { Answer } from '../../src/domain/progress.ts';
import {
  openTestStore,
  questionOf,
  quiet,
  startTestServer,
  type TestServer,
  type TestStore,
} from '../db/test-store.ts';
import { starterFolder } from '../practice/starter.ts';
import { makeCandidate, workspaceOf } from './candidates.ts';

const WORKERS = 2;

/** Lets a turn begin only when as many as there are workers want to: then each worker holds one question. */
function barrier() {
  let waiting: (() => void)[] = [];
  let met: () => void = () => undefined;
  let held = false;
  const letGo = () => {
    for (const go of waiting) go();
    waiting = [];
  };
  return {
    async pass(): Promise<void> {
      await new Promise<void>((go) => {
        waiting.push(go);
        if (waiting.length < WORKERS) return;
        met();
        if (!held) letGo();
      });
    },
    /** Holds those who meet next, until they are let go. */
    hold(): { readonly met: Promise<void>; letGo(): void } {
      held = true;
      return {
        met: new Promise<void>((resolve) => {
          met = resolve;
        }),
        letGo() {
          held = false;
          letGo();
        },
      };
    },
  };
}

// Processes on a busy machine take their time; nothing here is measured.
describe('two workers', { timeout: 120_000 }, () => {
  let server: TestServer;
  let store: TestStore;
  let workspaceId: string;
  let folder: string;
  const planners: Planner[] = [];
  const workers: AnswerWorker[] = [];
  const beginning = barrier();

  beforeAll(async () => {
    server = await startTestServer();
    const url = await server.fresh();
    store = await openTestStore(url);
    workspaceId = await workspaceOf(store);
    folder = await mkdtemp(join(tmpdir(), 'foursight-policies-'));
    for (let i = 0; i < WORKERS; i += 1) {
      const home = join(folder, String(i));
      const config = { model: starterFolder, home, worker: { concurrency: 1, threads: 1 } };
      const planner = await openPlanner(config, quiet);
      planners.push(planner);
      const waiting: Planner = {
        ...planner,
        agents(temperature, weights) {
          const agents = planner.agents(temperature, weights);
          return { ...agents, analyse: (state) => beginning.pass().then(() => agents.analyse(state)) };
        },
      };
      const settings = { redisUrl: null, zone: 'UTC', temperature: 0, budgets: { turns: 2, seconds: 60 } };
      workers.push(await startAnswerWorker({ ...config, ...settings }, url, waiting, quiet));
    }
  }, 120_000);
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.close()));
    await Promise.all(planners.map((planner) => planner.close()));
    await store.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  let asked = 0;
  /** One question for each worker. */
  const ask = (policyVersion: number | null = null) =>
    Promise.all(
      Array.from({ length: WORKERS }, async () => {
        asked += 1;
        const wish = { platform: 'console', text: 'What is 6 * 7?', policyVersion };
        return (await store.loop.ask(questionOf(`q${asked}`, wish))).questionId;
      }),
    );
  const answerTo = async (questionId: string): Promise<Answer> => {
    for await (const progress of store.loop.watch(questionId))
      if (progress.type === 'answered') return progress.answer;
      else if (progress.type === 'failed') throw new Error(progress.message);
    throw new Error('no answer');
  };
  const answers = async (questions: Promise<string[]>) => Promise.all((await questions).map(answerTo));
  const byBase = { policyVersion: 0, answer: expect.stringContaining('42') };
  const byCandidate = { policyVersion: 1, answer: expect.not.stringContaining('42') };

  it('answer the next question with what was promoted meanwhile, and those in progress with what they began with', async () => {
    expect(await answers(ask())).toMatchObject([byBase, byBase]);
    await makeCandidate(store.db, workspaceId);

    const inProgress = beginning.hold();
    const begun = ask();
    await inProgress.met;
    await store.loop.promote({ workspaceId, version: 1, force: true, reason: null });
    inProgress.letGo();
    expect(await answers(begun)).toMatchObject([byBase, byBase]);
    expect(await answers(ask())).toMatchObject([byCandidate, byCandidate]);

    const again = beginning.hold();
    const candidates = ask();
    await again.met;
    await store.loop.rollback({ workspaceId, reason: null });
    again.letGo();
    expect(await answers(candidates)).toMatchObject([byCandidate, byCandidate]);
    expect(await answers(ask())).toMatchObject([byBase, byBase]);
    expect(await answers(ask(1))).toMatchObject([byCandidate, byCandidate]);
  });
});
