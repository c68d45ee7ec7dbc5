import { DeliveryError, messageOf, withRemedy } from '../../src/errors.ts';
import type { ReadPosition } from '../delivery/read-position.ts';
import { waitFor } from '../delivery/timers.ts';
import type { Handled, Handlers, SlackContext } from './context.ts';
import { eventBody } from './parse/payloads.ts';
import { workspaceOfEvent } from './parse/workspace.ts';
import { parseEvent, parsePress, parseSlashCommand, parseSubmission, type SlackInput } from './parse.ts';
import { renderNotice } from './render.ts';

/** Slack wants an acknowledgement within three seconds. */
const ACK_MS = 2_000;
/** Events that are remembered, so that one that comes again does nothing. */
const REMEMBERED = 10_000;
/**
 * Between tries of what could not be handled: by then it is acknowledged, so that nobody sends it again. Later ones of its channel wait
 * meanwhile, and are not to wait for ever.
 */
const AGAIN_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 30_000, 30_000] as const;

export interface Intake {
  /**
   * Handles what Slack sent, whatever it is. Resolves when it may be acknowledged: once it is handled, or after two seconds unless
   * nothing but the act itself tells of it.
   * @throws what handling an event or such an act throws: Slack sends an event again, and shows whoever acted that it failed
   */
  take(body: unknown): Promise<void>;
  /** Resolves when nothing is being handled. */
  settled(): Promise<void>;
}

export interface IntakeOptions {
  readonly slack: SlackContext;
  readonly handlers: Handlers;
  readonly positionOf: (workspace: string) => ReadPosition;
  /** Resolves when what was missed in a channel has been handled, so that what comes after it stays after it. */
  readonly caughtUp: (workspace: string, channel: string) => Promise<void>;
  /** An event could not be handled for good: it is to be looked for. */
  readonly onLost: (workspace: string) => void;
  /** Something has come by itself. */
  readonly onInput: (input: Handled) => void;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Its workspace is gone: trying again changes nothing. */
const isForNobody = (error: unknown): boolean => error instanceof DeliveryError && error.isFinal;

/** Calls the handler of an input's kind. */
export function handle(input: Handled, handlers: Handlers, slack: SlackContext): Promise<void> {
  // Each kind has a handler that takes just this kind, which the type of the table says and an index into it does not.
  const handler: (input: never, slack: SlackContext) => Promise<void> = handlers[input.type];
  return handler(input as never, slack);
}

/** Whoever opens a view once more gets what could not be shown. */
const isFleeting = ({ type }: Handled): boolean => type === 'homeOpened' || type === 'assistantOpened';

const channelOf = ({ workspace, channel }: { readonly workspace: string; readonly channel: string }) =>
  `${workspace} ${channel} `;

/** Were it acknowledged before it is stored, a crash would lose it and nobody know: whoever is shown that it failed does it again. */
const isKeptByNobodyElse = ({ type }: SlackInput): boolean => type === 'rated' || type === 'reason' || type === 'stop';

/** Messages of a conversation and their changes are handled one after the other; so are one person's votes on a message or an answer. */
function laneOf(input: Handled): string | undefined {
  if (input.type === 'question' || input.type === 'edited') return `${channelOf(input)}${input.conversation}`;
  if (input.type === 'vote') return `${channelOf(input)}${input.message} ${input.person.key}`;
  if (input.type === 'rated' || input.type === 'reason') return `${input.answerId} ${input.person.key}`;
  return undefined;
}

export function createIntake({ slack, handlers, positionOf, caughtUp, onLost, onInput }: IntakeOptions): Intake {
  const { log } = slack;
  const lanes = new Map<string, Promise<void>>();
  const events = new Map<string, Promise<void>>();
  const working = new Set<Promise<void>>();

  async function run(input: Handled): Promise<void> {
    // What begins a thread has nothing before it.
    if ((input.type === 'question' || input.type === 'edited') && input.isReply)
      await caughtUp(input.workspace, input.channel);
    // Of what is deleted Slack does not tell the conversation.
    if (input.type === 'deleted') await laneEnds(channelOf(input));
    const work = () => handle(input, handlers, slack);
    if (!isFleeting(input)) return persistently(work);
    await work().catch((error: unknown) => log.warn({ type: input.type, cause: messageOf(error) }, 'not shown'));
  }

  async function laneEnds(begin: string): Promise<void> {
    await Promise.all([...lanes].flatMap(([lane, tail]) => (lane.startsWith(begin) ? [tail] : [])));
  }

  /** Again and again for some minutes, or until the adapter closes. @throws what the last try throws */
  async function persistently<T>(work: () => Promise<T>): Promise<T> {
    for (let tried = 0; ; tried += 1) {
      try {
        return await work();
      } catch (error) {
        const waitMs = AGAIN_MS[tried];
        if (waitMs === undefined || slack.signal.aborted || isForNobody(error)) throw error;
        log.warn({ cause: messageOf(error), waitMs }, 'an event could not be handled; it is tried again');
        await waitFor(slack.timers, waitMs, slack.signal);
      }
    }
  }

  function inLane(input: Handled, work: () => Promise<void>): Promise<void> {
    onInput(input);
    const lane = laneOf(input);
    if (lane === undefined) return work();
    const turn = (lanes.get(lane) ?? Promise.resolve()).then(work);
    const tail = turn.catch(() => undefined);
    lanes.set(lane, tail);
    void tail.then(() => {
      if (lanes.get(lane) === tail) lanes.delete(lane);
    });
    return turn;
  }

  async function takeEvent(body: unknown): Promise<void> {
    const parsed = eventBody.safeParse(body);
    const key = parsed.success ? workspaceOfEvent(parsed.data) : undefined;
    if (!parsed.success || key === undefined) return ignore('an event of no workspace');
    const position = positionOf(key);
    const done = position.begin(parsed.data.event.event_ts);
    try {
      const { type } = parsed.data.event;
      const isEnd = type === 'app_uninstalled' || type === 'tokens_revoked';
      const own = isEnd ? { user: '', bot: null } : (await persistently(() => slack.workspaceOf(key))).own;
      const input = parseEvent(body, { own, voteOf: slack.voteOf });
      if (input.type === 'ignored') ignore(input.why);
      else await inLane(input, () => run(input));
      done(true);
    } catch (error) {
      done(isForNobody(error));
      if (isForNobody(error)) return ignore(messageOf(error));
      log.error({ workspace: key, type: parsed.data.event.type, err: error }, 'an event could not be handled');
      if (!slack.signal.aborted) onLost(key);
      throw error;
    }
  }

  function takeOnce(body: unknown): Promise<void> {
    const id = isRecord(body) && typeof body.event_id === 'string' ? body.event_id : undefined;
    if (id === undefined) return takeEvent(body);
    const before = events.get(id);
    if (before !== undefined) return before;
    const work = takeEvent(body);
    events.set(id, work);
    const [oldest] = events.keys();
    if (events.size > REMEMBERED && oldest !== undefined) events.delete(oldest);
    work.catch(() => events.delete(id));
    return work;
  }

  function ignore(why: string): void {
    log.debug({ why }, 'ignored');
  }

  /** Of a press, a form or a command: whoever waits for it is told when it fails. */
  async function takeAct(input: SlackInput): Promise<void> {
    if (input.type === 'ignored') return ignore(input.why);
    try {
      await inLane(input, () => handle(input, handlers, slack));
    } catch (error) {
      log.error(
        { workspace: input.workspace, type: input.type, cause: messageOf(error) },
        'an act could not be handled',
      );
      if ('person' in input) await tellOfFailure(input, error);
      if (isKeptByNobodyElse(input)) throw error;
    }
  }

  async function tellOfFailure(input: Extract<Handled, { readonly person: unknown }>, error: unknown): Promise<void> {
    const { workspace, person } = input;
    const place = { workspace, person: person.key, threadTs: null };
    const channel = 'channel' in input ? input.channel : null;
    const responseUrl = 'responseUrl' in input ? input.responseUrl : null;
    await slack.tell({ ...place, channel, responseUrl }, renderNotice(`⚠️ That did not work: ${withRemedy(error)}`));
  }

  /** Lets it go on, to be acknowledged meanwhile. */
  async function forAWhile(work: Promise<void>): Promise<void> {
    const late = new AbortController();
    await Promise.race([work, waitFor(slack.timers, ACK_MS, late.signal)]).finally(() => late.abort());
  }

  function begun(work: Promise<void>): Promise<void> {
    const tail = work.catch(() => undefined);
    working.add(tail);
    void tail.then(() => working.delete(tail));
    return work;
  }

  function actTaken(input: SlackInput): Promise<void> {
    const work = begun(takeAct(input));
    return isKeptByNobodyElse(input) ? work : forAWhile(work);
  }

  return {
    async take(body) {
      if (!isRecord(body)) return;
      // Until it is done, the position that was read up to stays before it.
      if (body.type === 'event_callback') await forAWhile(begun(takeOnce(body)));
      else if (body.type === 'block_actions') await actTaken(parsePress(body));
      else if (body.type === 'view_submission') await actTaken(parseSubmission(body));
      else if (typeof body.command === 'string') await actTaken(parseSlashCommand(body));
      else ignore('something of another kind');
    },
    async settled() {
      while (working.size > 0) await Promise.all(working);
    },
  };
}
