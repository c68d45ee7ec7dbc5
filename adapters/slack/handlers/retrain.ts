import { randomInt } from 'node:crypto';
import { isOpenRun, type RunDetail } from '../../../src/domain/training.ts';
import { runMarkdown, runProgressMarkdown } from '../../delivery/admin-text.ts';
import { waitFor } from '../../delivery/timers.ts';
import { refusalOf } from '../calls.ts';
import { type InputOf, PLATFORM, type SlackContext } from '../context.ts';
import { updateMessage } from '../edit-message.ts';
import { messageKey, messagePlace } from '../keys.ts';
import { renderNotice } from '../render.ts';
import { directMessages, placeOfPress, writeDirectly } from './people.ts';

const LOOK_MS = 5_000;
/** Names of places at which what is followed is noted: it goes on being followed after a restart. */
const FOLLOWED = 'run ';
/** Sorts behind every message's key. */
const TOLD = 'told';

interface Followed {
  readonly workspace: string;
  readonly runId: string;
  readonly place: string;
  /** The message that shows how it goes. */
  readonly message: string;
}

/** `/foursight retrain`: one message in the admin's direct messages shows how it goes, and in the end what came of it. */
export async function retrain(input: InputOf<'command'>, slack: SlackContext): Promise<void> {
  const { loop, desk } = slack;
  const { workspace, person } = input;
  const channel = await directMessages(slack, workspace, person.key);
  const workspaceId = await desk.workspaceId(PLATFORM, workspace);
  const { runId, started } = await loop.retrain(workspaceId, { by: 'admin', seed: randomInt(2 ** 31) });
  const told = placeOfPress(input);
  const isElsewhere = input.channel !== null && input.channel !== channel;
  if (isElsewhere || !started)
    await slack.tell(
      told,
      renderNotice(
        started
          ? 'Training has begun. I report on it in our direct messages.'
          : 'A training is going on already. I report on it in our direct messages.',
      ),
    );
  const place = `${FOLLOWED}${runId} ${person.key}`;
  if ((await desk.readUpTo(PLATFORM, workspace, place)) !== undefined) return;
  const progress = runProgressMarkdown(await loop.run(runId));
  const message = messageKey(await writeDirectly(slack, workspace, channel, progress));
  await desk.setReadUpTo(PLATFORM, workspace, place, message);
  slack.inBackground('a training that is followed', async () => {
    const run = await follow({ workspace, runId, place, message }, slack);
    if (run !== undefined && isElsewhere) await slack.tell(told, renderNotice(runMarkdown(run)));
  });
}

/** Goes on following what an earlier process followed. */
export async function resumeFollowing(workspace: string, slack: SlackContext): Promise<void> {
  for (const { place, position: message } of await slack.desk.places(PLATFORM, workspace)) {
    const [runId = ''] = place.startsWith(FOLLOWED) ? place.slice(FOLLOWED.length).split(' ') : [];
    if (runId === '' || message === TOLD) continue;
    slack.inBackground('a training that is followed', () => follow({ workspace, runId, place, message }, slack));
  }
}

/** @returns the run once it has ended and was told of; undefined when the adapter closes before */
async function follow(followed: Followed, slack: SlackContext): Promise<RunDetail | undefined> {
  let shown = '';
  let steps = 0;
  while (!slack.signal.aborted) {
    const run = await slack.loop.run(followed.runId, steps).catch((error: unknown) => {
      slack.log.warn(
        { err: error, runId: followed.runId },
        'how a training goes cannot be looked up; it is looked up again',
      );
    });
    if (run === undefined) {
      await waitFor(slack.timers, LOOK_MS, slack.signal);
      continue;
    }
    steps = run.steps;
    const isOver = !isOpenRun(run.status);
    const text = isOver ? runMarkdown(run) : runProgressMarkdown(run);
    if (text !== shown && (await show(followed, text, slack))) shown = text;
    if (isOver && shown === text) {
      await slack.desk.setReadUpTo(PLATFORM, followed.workspace, followed.place, TOLD);
      return run;
    }
    await waitFor(slack.timers, LOOK_MS, slack.signal);
  }
  return undefined;
}

/** @returns false when it may succeed later */
async function show({ workspace, runId, message }: Followed, markdown: string, slack: SlackContext): Promise<boolean> {
  const where = messagePlace(message);
  const [shown] = renderNotice(markdown);
  if (where === undefined || shown === undefined) return true;
  try {
    await updateMessage(await slack.workspaceOf(workspace), where, shown);
    return true;
  } catch (error) {
    slack.log.warn({ err: error, runId }, 'how a training goes cannot be shown');
    // The message is gone, say: `report` tells of the run all the same.
    return refusalOf(error) !== undefined;
  }
}
