import { DeliveryError, messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import { waitFor } from '../delivery/timers.ts';
import { isPassing } from './calls.ts';
import type { PrivatePlace, SlackContext } from './context.ts';
import { withBlocks } from './edit-message.ts';
import { isDirectChannel } from './keys.ts';
import { paced } from './pace.ts';
import type { SlackMessage } from './render.ts';

const RESPONSE_MS = 10_000;
const TRIES = 3;

/** Answers an act at the address that Slack gave for it. @returns false when Slack does not take it */
async function respond(
  url: string,
  { text, blocks }: SlackMessage,
  thread: { thread_ts?: string },
  log: Log,
): Promise<boolean> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ response_type: 'ephemeral', replace_original: false, text, blocks, ...thread }),
    signal: AbortSignal.timeout(RESPONSE_MS),
  });
  if (!response.ok) log.info({ status: response.status }, 'Slack did not take a private answer at its address');
  return response.ok;
}

/** What was said twice to one person is less of a nuisance than what was never said. */
async function again(work: () => Promise<unknown>, { timers, signal }: Pick<SlackContext, 'timers' | 'signal'>) {
  for (let tried = 1; ; tried += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (error instanceof DeliveryError || !isPassing(error) || tried === TRIES || signal.aborted) throw error;
      await waitFor(timers, 500 * 2 ** tried, signal);
    }
  }
}

/** Tells one person something that nobody else sees; what fails is logged. */
export async function tell(
  slack: Pick<SlackContext, 'workspaceOf' | 'log' | 'timers' | 'signal'>,
  place: PrivatePlace,
  messages: readonly SlackMessage[],
): Promise<void> {
  const { workspaceOf, log } = slack;
  const { person, channel, threadTs, responseUrl } = place;
  const isDirect = channel === null || isDirectChannel(channel);
  try {
    const { client, pace } = await workspaceOf(place.workspace);
    for (const message of messages) {
      const thread = threadTs === null ? {} : { thread_ts: threadTs };
      await withBlocks(message, async ({ text, blocks }) => {
        // Such an address takes five answers; what comes after them goes the other ways.
        if (responseUrl && (await respond(responseUrl, { text, blocks }, thread, log))) return;
        // Nobody else is in a direct message.
        if (isDirect) {
          const to = channel ?? person;
          await pace.post(to, () => client.chat.postMessage({ channel: to, text, blocks, ...thread }));
        } else {
          const whisper = () => client.chat.postEphemeral({ channel, user: person, text, blocks, ...thread });
          await again(() => paced(pace.whispers, whisper), slack);
        }
      });
    }
  } catch (error) {
    log.warn({ workspace: place.workspace, cause: messageOf(error) }, 'somebody could not be told something');
  }
}
