/** What the assistant has posted in a place, by what it keeps in its messages. */
export interface EarlierPosts {
  /** Of a delivery: the keys of its parts, by number. */
  partsOf(delivery: string): ReadonlyMap<number, string>;
  /** The keys of messages that show the progress of a question, or of what was to become its answer. */
  progressOf(questionId: string): readonly string[];
  /** The keys of messages that somebody has begun and nobody ended, and that cannot be gone on with; none where a platform has no such. */
  readonly unfinished: readonly string[];
}

/** A message of the assistant's own. */
export interface OwnPost {
  /** Its key. */
  readonly message: string;
  /** Of which delivery it is which part; null: of none. */
  readonly part: { readonly delivery: string; readonly number: number } | null;
  /** The question whose progress it shows; null: of none. */
  readonly question: string | null;
  readonly isUnfinished: boolean;
}

export function earlierPostsOf(posts: readonly OwnPost[]): EarlierPosts {
  const parts = new Map<string, Map<number, string>>();
  const progress = new Map<string, string[]>();
  for (const { message, part, question } of posts) {
    if (part !== null) {
      const known = parts.get(part.delivery) ?? new Map<number, string>();
      parts.set(part.delivery, known.set(part.number, message));
    }
    if (question !== null) progress.set(question, [...(progress.get(question) ?? []), message]);
  }
  return {
    partsOf: (delivery) => parts.get(delivery) ?? new Map(),
    progressOf: (questionId) => progress.get(questionId) ?? [],
    unfinished: posts.filter(({ isUnfinished }) => isUnfinished).map(({ message }) => message),
  };
}

const CACHED = 500;

/** Remembers what was found when conversations were first looked at: enough for what an earlier process left. */
export class FirstLooks<Found> {
  readonly #found = new Map<string, Promise<Found>>();

  /** @throws what looking throws; it is looked again the next time */
  of(workspace: string, conversation: string, look: () => Promise<Found>): Promise<Found> {
    const key = `${workspace} ${conversation}`;
    const found = this.#found.get(key) ?? look();
    this.#found.set(key, found);
    found.catch(() => this.#found.delete(key));
    const [oldest] = this.#found.keys();
    if (this.#found.size > CACHED && oldest !== undefined) this.#found.delete(oldest);
    return found;
  }
}
