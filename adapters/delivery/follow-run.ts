import { randomInt } from 'node:crypto';
import { isOpenRun, type RunDetail } from '../../src/domain/training.ts';
import { runMarkdown, runProgressMarkdown } from './admin-text.ts';
import type { ChatContext } from './chat-context.ts';
import { waitFor } from './timers.ts';

const LOOK_MS = 5_000;
/** Names of places at which what is followed is noted: it goes on being followed after a restart. */
const FOLLOWED = 'run ';
/** Sorts behind every message's key. */
const TOLD = 'told';

/** How a platform shows a run. Messages are named by keys, which sort before `told`. */
export interface RunRules {
  /** Writes to a person directly. @returns the message's key. @throws what the call throws */
  write(workspace: string, person: string, markdown: string): Promise<string>;
  /** Changes such a message. @throws what the call throws */
  edit(workspace: string, message: string, markdown: string): Promise<void>;
  /** Whether the platform refused, rather than failed: it would again. */
  isRefused(error: unknown): boolean;
}

interface Followed {
  readonly workspace: string;
  readonly runId: string;
  readonly place: string;
  /** The message that shows how it goes. */
  readonly message: string;
}

/** An admin's wish to have it retrained. */
export interface RetrainWish {
  readonly workspace: string;
  /** The person's key. */
  readonly person: string;
  /** Whether the person wished it somewhere else than in their direct messages. */
  readonly isElsewhere: boolean;
  /** Tells the person alone, where they wished it; what fails is logged, never thrown. */
  tell(markdown: string): Promise<void>;
}

/** Retrains; one message in the admin's direct messages shows how it goes, and in the end what came of it. */
export async function retrain(wish: RetrainWish, rules: RunRules, context: ChatContext): Promise<void> {
  const { platform, loop, desk } = context;
  const { workspace, person, isElsewhere } = wish;
  const workspaceId = await desk.workspaceId(platform, workspace);
  const { runId, started } = await loop.retrain(workspaceId, { by: 'admin', seed: randomInt(2 ** 31) });
  if (isElsewhere || !started)
    await wish.tell(
      started
        ? 'Training has begun. I report on it in our direct messages.'
        : 'A training is going on already. I report on it in our direct messages.',
    );
  const place = `${FOLLOWED}${runId} ${person}`;
  if ((await desk.readUpTo(platform, workspace, place)) !== undefined) return;
  const message = await rules.write(workspace, person, runProgressMarkdown(await loop.run(runId)));
  await desk.setReadUpTo(platform, workspace, place, message);
  context.inBackground('a training that is followed', async () => {
    const run = await follow({ workspace, runId, place, message }, rules, context);
    if (run !== undefined && isElsewhere) await wish.tell(runMarkdown(run));
  });
}

/** Goes on following what an earlier process followed. */
export async function resumeFollowing(workspace: string, rules: RunRules, context: ChatContext): Promise<void> {
  for (const { place, position: message } of await context.desk.places(context.platform, workspace)) {
    const [runId = ''] = place.startsWith(FOLLOWED) ? place.slice(FOLLOWED.length).split(' ') : [];
    if (runId === '' || message === TOLD) continue;
    const followed = { workspace, runId, place, message };
    context.inBackground('a training that is followed', () => follow(followed, rules, context));
  }
}

/** @returns the run once it has ended and was told of; undefined when the adapter closes before */
async function follow(followed: Followed, rules: RunRules, context: ChatContext): Promise<RunDetail | undefined> {
  const { platform, loop, desk, log, timers, signal } = context;
  const { workspace, runId, place } = followed;
  let shown = '';
  let steps = 0;
  while (!signal.aborted) {
    const run = await loop.run(runId, steps).catch((error: unknown) => {
      log.warn({ err: error, runId }, 'how a training goes cannot be looked up; it is looked up again');
    });
    if (run === undefined) {
      await waitFor(timers, LOOK_MS, signal);
      continue;
    }
    steps = run.steps;
    const isOver = !isOpenRun(run.status);
    const text = isOver ? runMarkdown(run) : runProgressMarkdown(run);
    if (text !== shown && (await show(followed, text, rules, context))) shown = text;
    if (isOver && shown === text) {
      await desk.setReadUpTo(platform, workspace, place, TOLD);
      return run;
    }
    await waitFor(timers, LOOK_MS, signal);
  }
  return undefined;
}

/** @returns false when it may succeed later */
async function show(
  { workspace, runId, message }: Followed,
  markdown: string,
  rules: RunRules,
  { log }: ChatContext,
): Promise<boolean> {
  try {
    await rules.edit(workspace, message, markdown);
    return true;
  } catch (error) {
    log.warn({ err: error, runId }, 'how a training goes cannot be shown');
    // The message is gone, say: `report` tells of the run all the same.
    return rules.isRefused(error);
  }
}
