import { DeliveryError, InputError, messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import type { Ignored, Input } from './inputs.ts';
import { Lanes } from './lanes.ts';
import type { ReadPosition } from './read-position.ts';
import { type Timers, waitFor } from './timers.ts';

/** Platforms want an acknowledgement within three seconds. */
const ACK_MS = 2_000;
/** Events that are remembered, so that one that comes again does nothing. */
const REMEMBERED = 10_000;
/**
 * Between tries of what could not be handled: by then it is acknowledged, so that nobody sends it again. Later ones of its lane wait
 * meanwhile, and are not to wait for ever.
 */
const AGAIN_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 30_000, 30_000] as const;

/** An event as it came. */
export interface GivenEvent<Some extends Input> {
  /** The platform's name of it; undefined: it has none, and the handlers alone tell one that comes again. */
  readonly id: string | undefined;
  readonly workspace: string;
  /** Where it happened, as far as its order matters: what comes there later stays after it, however often it has to be parsed. */
  readonly place: string | undefined;
  /** When it happened, as the platform writes moments; anything else counts for nothing. */
  readonly position: unknown;
  /** For the log. */
  readonly type: string;
  /** @throws what cannot be known just now: it is tried again */
  parse(): Promise<Some | Ignored>;
}

/** What a platform has to say about its inputs. */
export interface IntakeRules<Some extends Input> {
  handle(input: Some): Promise<void>;
  /** Those of one lane are handled one after the other; undefined: it is in none. */
  laneOf(input: Some): string | undefined;
  /** Done before an event is handled, within its lane, e.g. waiting for what may have been missed before it. */
  before(input: Some, lanes: Lanes): Promise<void>;
  /** Whoever acts once more gets what could not be shown: it is not tried again. */
  isFleeting(input: Some): boolean;
  /** Were it acknowledged before it is stored, a crash would lose it and nobody know: whoever is shown that it failed does it again. */
  isKeptByNobodyElse(input: Some): boolean;
  /** Tells whoever acted that it failed. */
  tellOfFailure(input: Some, error: unknown): Promise<void>;
}

export interface IntakeOptions<Some extends Input> {
  readonly rules: IntakeRules<Some>;
  readonly log: Log;
  readonly timers: Timers;
  /** Aborts when the adapter closes. */
  readonly signal: AbortSignal;
  readonly positionOf: (workspace: string) => ReadPosition;
  /** An event could not be handled for good: it is to be looked for. */
  readonly onLost: (workspace: string) => void;
  /** Something has come by itself. */
  readonly onInput: (input: Some) => void;
}

/**
 * Handles what a platform sends. Both ways resolve when it may be acknowledged: once it is handled, or after two seconds unless nothing
 * but the act itself tells of it.
 */
export interface Intake<Some extends Input> {
  /** Until it is handled, the position that was read up to stays before it. @throws what handling it throws: it is to be sent again */
  event(event: GivenEvent<Some>): Promise<void>;
  /** A press, a form or a command. @throws what handling it throws where nobody else keeps it and another try may succeed: it is to be shown that it failed */
  act(input: Some | Ignored): Promise<void>;
  ignore(why: string): void;
  /** Resolves when nothing is being handled. */
  settled(): Promise<void>;
}

/** Its workspace is gone: trying again changes nothing. */
const isForNobody = (error: unknown): boolean => error instanceof DeliveryError && error.isFinal;

/** The same act would come to the same: whoever is told so need not be shown a failure that asks for another try. */
const isHopeless = (error: unknown): boolean => error instanceof InputError || isForNobody(error);

const isIgnored = (input: Input | Ignored): input is Ignored => input.type === 'ignored';

export function createIntake<Some extends Input>(options: IntakeOptions<Some>): Intake<Some> {
  const { rules, log, timers, signal, positionOf, onLost, onInput } = options;
  const lanes = new Lanes();
  /** By place, what is not parsed yet: only then is its lane known. */
  const entries = new Lanes();
  const events = new Map<string, Promise<void>>();
  const working = new Set<Promise<void>>();

  function ignore(why: string): void {
    log.debug({ why }, 'ignored');
  }

  /** Again and again for some minutes, or until the adapter closes. @throws what the last try throws */
  async function persistently<T>(work: () => Promise<T>): Promise<T> {
    for (let tried = 0; ; tried += 1) {
      try {
        return await work();
      } catch (error) {
        const waitMs = AGAIN_MS[tried];
        if (waitMs === undefined || signal.aborted || isForNobody(error)) throw error;
        log.warn({ cause: messageOf(error), waitMs }, 'an event could not be handled; it is tried again');
        await waitFor(timers, waitMs, signal);
      }
    }
  }

  async function run(input: Some): Promise<void> {
    await rules.before(input, lanes);
    const work = () => rules.handle(input);
    if (!rules.isFleeting(input)) return persistently(work);
    await work().catch((error: unknown) => log.warn({ type: input.type, cause: messageOf(error) }, 'not shown'));
  }

  function inLane(input: Some, work: () => Promise<void>): Promise<void> {
    onInput(input);
    const lane = rules.laneOf(input);
    return lane === undefined ? work() : lanes.run(lane, work);
  }

  /** Parses it, and puts it into its lane after those that came before it in its place. @returns its handling */
  async function enter({ workspace, place, parse }: GivenEvent<Some>): Promise<{ readonly handled: Promise<void> }> {
    const parsing = persistently(parse);
    // Awaited in its turn; it may fail before.
    parsing.catch(() => undefined);
    let handled: Promise<void> = Promise.resolve();
    const begin = async () => {
      const input = await parsing;
      if (isIgnored(input)) return ignore(input.why);
      handled = inLane(input, () => run(input));
      handled.catch(() => undefined);
    };
    await (place === undefined ? begin() : entries.run(`${workspace} ${place}`, begin));
    return { handled };
  }

  async function takeEvent(event: GivenEvent<Some>): Promise<void> {
    const { workspace, position, type } = event;
    const done = positionOf(workspace).begin(position);
    try {
      const { handled } = await enter(event);
      await handled;
      done(true);
    } catch (error) {
      done(isForNobody(error));
      if (isForNobody(error)) return ignore(messageOf(error));
      log.error({ workspace, type, err: error }, 'an event could not be handled');
      if (!signal.aborted) onLost(workspace);
      throw error;
    }
  }

  function takeOnce(event: GivenEvent<Some>): Promise<void> {
    const { id } = event;
    if (id === undefined) return takeEvent(event);
    const before = events.get(id);
    if (before !== undefined) return before;
    const work = takeEvent(event);
    events.set(id, work);
    const [oldest] = events.keys();
    if (events.size > REMEMBERED && oldest !== undefined) events.delete(oldest);
    work.catch(() => events.delete(id));
    return work;
  }

  /** Whoever waits for it is told when it fails. */
  async function takeAct(input: Some): Promise<void> {
    try {
      await inLane(input, () => rules.handle(input));
    } catch (error) {
      const { workspace, type } = input;
      log.error({ workspace, type, cause: messageOf(error) }, 'an act could not be handled');
      await rules.tellOfFailure(input, error);
      if (rules.isKeptByNobodyElse(input) && !isHopeless(error)) throw error;
    }
  }

  /** Lets it go on, to be acknowledged meanwhile. */
  async function forAWhile(work: Promise<void>): Promise<void> {
    const late = new AbortController();
    await Promise.race([work, waitFor(timers, ACK_MS, late.signal)]).finally(() => late.abort());
  }

  function begun(work: Promise<void>): Promise<void> {
    const tail = work.catch(() => undefined);
    working.add(tail);
    void tail.then(() => working.delete(tail));
    return work;
  }

  return {
    event: (event) => forAWhile(begun(takeOnce(event))),
    async act(input) {
      if (isIgnored(input)) return ignore(input.why);
      const work = begun(takeAct(input));
      await (rules.isKeptByNobodyElse(input) ? work : forAWhile(work));
    },
    ignore,
    async settled() {
      while (working.size > 0) await Promise.all(working);
    },
  };
}
