import type { PostedAnswer } from '../../src/domain/chat.ts';
import type { ChatContext } from './chat-context.ts';
import type { Person } from './inputs.ts';
import { waitFor } from './timers.ts';

/** A reaction may come before it is noted which answer its message is a part of: at the latest by the process that takes over from a lost one. */
const LATER_MS = [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000] as const;
/** An older event, or one from before a restart, may come once more, and what it tells have been taken back since. */
const FRESH_MS = 5_000;

/** A reaction that is a vote was put under a message, or taken away. */
export interface Reaction {
  readonly workspace: string;
  readonly message: string;
  readonly person: Person;
  readonly vote: 'up' | 'down';
  /** False when the reaction was taken back. */
  readonly isAdded: boolean;
}

/** What a platform has to say about reactions. */
export interface ReactionRules<Some extends Reaction> {
  /** When it happened, in ms since 1970; null: it is known to be as it is now. */
  atOf(reaction: Some): number | null;
  /** Whether what the person does is heeded. @throws what cannot be known just now */
  isWelcome(reaction: Some): Promise<boolean>;
  /** What the person's reactions under the message mean; undefined when the platform refuses to tell. @throws when it cannot just now */
  votesThere(reaction: Some): Promise<readonly ('up' | 'down')[] | undefined>;
  /** The person's name; undefined when the platform does not tell. */
  nameOf(reaction: Some): Promise<string | undefined>;
  /** Tells the person alone what counts; what fails is logged, never thrown. */
  thank(reaction: Some, posted: PostedAnswer, counted: 'up' | 'down' | 'clear'): Promise<void>;
}

/** Makes a reaction the vote that it is. What is no part of an answer is none, unless it becomes known as one soon. */
export async function countReaction<Some extends Reaction>(
  reaction: Some,
  rules: ReactionRules<Some>,
  context: ChatContext,
): Promise<void> {
  const posted = await context.desk.answerOf(context.platform, reaction.workspace, reaction.message);
  if (posted !== undefined) return count(reaction, posted, rules, context);
  context.inBackground('a reaction to what is being posted', async () => {
    const later = await answerSoon(reaction, context);
    // Others that came in the meantime have been counted before it.
    if (later !== undefined && (await rules.votesThere(reaction))?.includes(reaction.vote) === reaction.isAdded)
      await count(reaction, later, rules, context);
  });
}

async function answerSoon(
  { workspace, message }: Reaction,
  { platform, desk, timers, signal }: ChatContext,
): Promise<PostedAnswer | undefined> {
  for (const ms of LATER_MS) {
    await waitFor(timers, ms, signal);
    if (signal.aborted) return undefined;
    const posted = await desk.answerOf(platform, workspace, message);
    if (posted !== undefined) return posted;
  }
  return undefined;
}

async function count<Some extends Reaction>(
  reaction: Some,
  posted: PostedAnswer,
  rules: ReactionRules<Some>,
  { platform, loop, startedAt }: ChatContext,
): Promise<void> {
  const { workspace, person, vote, isAdded } = reaction;
  if (!(await rules.isWelcome(reaction))) return;
  const at = rules.atOf(reaction);
  const isOld = at !== null && at < Math.max(Date.now() - FRESH_MS, startedAt);
  const there = isAdded && !isOld ? undefined : await rules.votesThere(reaction);
  // Another skin tone may be left, or the event be an old one that comes once more.
  if (there?.includes(vote) === !isAdded) return;
  const name = (await rules.nameOf(reaction)) ?? person.name;
  const { answerId } = posted;
  const given = { answerId, platform, workspace, person: { key: person.key, name }, means: 'reaction' } as const;
  const receipt = await loop.rate({ ...given, ...(isAdded ? { vote } : { vote: 'clear', only: vote }) });
  if (!receipt.changed) return;
  // The other thumb, where it is still there, is what the person says then.
  const left = isAdded ? vote : there?.[0];
  if (!isAdded && left !== undefined) await loop.rate({ ...given, vote: left });
  await rules.thank(reaction, posted, left ?? 'clear');
}
