import { randomInt } from 'node:crypto';
import { isOpenRun, type RunDetail } from '../../src/domain/training.ts';
import { messageOf } from '../../src/errors.ts';
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
  /** Whether the person wished it somewhere else than where a message is that was written to them directly. */
  isElsewhere(message: string): boolean;
  /** Tells the person alone, where they wished it; what fails is logged, never thrown. */
  tell(markdown: string): Promise<void>;
}

const WISHED = '⏳ _a training is asked for …_';
const BEGUN = 'Training has begun. I report on it in our direct messages.';
const GOING_ON = 'A training is going on already. I report on it in our direct messages.';
const UNREACHABLE =
  'I report on a training in direct messages, and cannot write to you there. It was not begun: allow direct messages from me, and try again.';

/**
 * Retrains; one message in the admin's direct messages shows how it goes, and in the end what came of it. Where nobody can be told how it
 * goes, it is not begun.
 */
export async function retrain(wish: RetrainWish, rules: RunRules, context: ChatContext): Promise<void> {
  const { platform, loop, desk } = context;
  const { workspace, person } = wish;
  const workspaceId = await desk.workspaceId(platform, workspace);
  const placeOf = (runId: string) => `${FOLLOWED}${runId} ${person}`;
  const [newest] = await loop.runs(workspaceId, 1);
  if (newest !== undefined && isOpenRun(newest.status)) {
    const isFollowed = (await desk.readUpTo(platform, workspace, placeOf(newest.runId))) !== undefined;
    if (isFollowed) return wish.tell(GOING_ON);
  }
  const message = await written(wish, rules, context);
  if (message === undefined) return wish.tell(UNREACHABLE);
  const { runId, started } = await begun(workspaceId, { workspace, message }, rules, context);
  const isElsewhere = wish.isElsewhere(message);
  if (isElsewhere || !started) await wish.tell(started ? BEGUN : GOING_ON);
  const place = placeOf(runId);
  await desk.setReadUpTo(platform, workspace, place, message);
  context.inBackground('a training that is followed', async () => {
    const run = await follow({ workspace, runId, place, message }, rules, context);
    if (run !== undefined && isElsewhere) await wish.tell(runMarkdown(run));
  });
}

/** Writes directly to whoever wishes it; undefined where they take nothing. @throws what may be over in a while */
async function written(
  { workspace, person }: RetrainWish,
  rules: RunRules,
  { log }: ChatContext,
): Promise<string | undefined> {
  try {
    return await rules.write(workspace, person, WISHED);
  } catch (error) {
    if (!rules.isRefused(error)) throw error;
    log.info(
      { workspace, cause: messageOf(error) },
      'a training was not begun, since whoever wished it cannot be told how it goes',
    );
    return undefined;
  }
}

/** @throws what beginning it throws, which the message says then too */
async function begun(
  workspaceId: string,
  { workspace, message }: Pick<Followed, 'workspace' | 'message'>,
  rules: RunRules,
  { loop, log }: ChatContext,
): Promise<{ readonly runId: string; readonly started: boolean }> {
  try {
    return await loop.retrain(workspaceId, { by: 'admin', seed: randomInt(2 ** 31) });
  } catch (error) {
    await rules
      .edit(workspace, message, '⚠️ The training could not be begun.')
      .catch((cause: unknown) => log.info({ workspace, cause: messageOf(cause) }, 'a message could not be changed'));
    throw error;
  }
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
