/** So many questions in any stretch of so much time; a count of 0 is no limit. */
export interface Rate {
  readonly count: number;
  readonly windowMs: number;
}

export interface RateLimitOptions {
  readonly perPerson: Rate;
  readonly perWorkspace: Rate;
  readonly now: () => number;
}

export type RateVerdict =
  | { readonly isAllowed: true }
  | {
      readonly isAllowed: false;
      readonly retryAfterMs: number;
      /** What to tell the person. */
      readonly text: string;
      /** This very question was refused before: the person knows. */
      readonly isRepeated: boolean;
    };

export interface AskedQuestion {
  readonly workspace: string;
  readonly person: string;
  /** The question's key: asked again, it counts once. */
  readonly key: string;
}

/** When which questions were taken, oldest first. */
type Log = Map<string, number>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function inWords(ms: number): string {
  const say = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`;
  if (ms < MINUTE) return say(Math.max(1, Math.ceil(ms / 1_000)), 'second');
  return ms < HOUR ? say(Math.ceil(ms / MINUTE), 'minute') : say(Math.ceil(ms / HOUR), 'hour');
}

const windowInWords = (ms: number): string => inWords(ms).replace(/^1 /, '');

function refusal(whose: 'person' | 'workspace', rate: Rate, retryAfterMs: number): string {
  const questions = `${rate.count} question${rate.count === 1 ? '' : 's'} within the last ${windowInWords(rate.windowMs)}`;
  const told = whose === 'person' ? `You have asked ${questions}` : `Your team has asked ${questions}`;
  return `${told}, which is as many as I take. Please ask again in ${inWords(retryAfterMs)}.`;
}

/** Drops what is older than the window. */
function prune(log: Log, oldest: number): Log {
  for (const [key, at] of log) {
    if (at > oldest) break;
    log.delete(key);
  }
  return log;
}

/** How long until a full log has room again; 0 when it has. */
function waitFor(log: Log, rate: Rate, now: number): number {
  if (rate.count === 0 || log.size < rate.count) return 0;
  const [leaving = now] = [...log.values()].slice(log.size - rate.count);
  return leaving + rate.windowMs - now;
}

/** Counts the questions of people and workspaces. What is refused does not count. */
export class RateLimit {
  readonly #options: RateLimitOptions;
  readonly #people = new Map<string, Log>();
  readonly #workspaces = new Map<string, Log>();
  readonly #refused: Log = new Map();
  #sweptAt = Number.NEGATIVE_INFINITY;

  constructor(options: RateLimitOptions) {
    this.#options = options;
  }

  take({ workspace, person, key }: AskedQuestion): RateVerdict {
    const { perPerson, perWorkspace } = this.#options;
    const now = this.#options.now();
    if (now - this.#sweptAt >= MINUTE) this.#sweep(now);
    const whose = JSON.stringify([workspace, person]);
    const own = prune(this.#people.get(whose) ?? new Map(), now - perPerson.windowMs);
    const all = prune(this.#workspaces.get(workspace) ?? new Map(), now - perWorkspace.windowMs);
    if (own.has(key)) return { isAllowed: true };
    const waits = { person: waitFor(own, perPerson, now), workspace: waitFor(all, perWorkspace, now) };
    const retryAfterMs = Math.max(waits.person, waits.workspace);
    if (retryAfterMs > 0) {
      const text =
        waits.person >= waits.workspace
          ? refusal('person', perPerson, retryAfterMs)
          : refusal('workspace', perWorkspace, retryAfterMs);
      const refusedKey = JSON.stringify([workspace, key]);
      const isRepeated = this.#refused.has(refusedKey);
      if (!isRepeated) this.#refused.set(refusedKey, now);
      return { isAllowed: false, retryAfterMs, text, isRepeated };
    }
    this.#people.set(whose, own.set(key, now));
    this.#workspaces.set(workspace, all.set(key, now));
    return { isAllowed: true };
  }

  /** Forgets people, workspaces and refusals that no limit counts any longer. */
  #sweep(now: number): void {
    const { perPerson, perWorkspace } = this.#options;
    this.#sweptAt = now;
    const sweepAll = (logs: Map<string, Log>, { windowMs }: Rate) => {
      for (const [name, log] of logs) if (prune(log, now - windowMs).size === 0) logs.delete(name);
    };
    sweepAll(this.#people, perPerson);
    sweepAll(this.#workspaces, perWorkspace);
    prune(this.#refused, now - Math.max(perPerson.windowMs, perWorkspace.windowMs));
  }
}
