import type { ChatDesk, PostedAnswer } from '../../src/domain/chat.ts';
import type { Loop } from '../../src/domain/ports.ts';
import { messageOf } from '../../src/errors.ts';
import { SETTLED_MS } from './catch-up.ts';
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
  /** Where nobody told of it, but reading showed it: the vote that stood then. If another stands meanwhile, that stays. */
  readonly insteadOf?: 'up' | 'down' | 'clear';
}

/** What counting needs. */
export interface CountContext
  extends Pick<
    ChatContext,
    'platform' | 'log' | 'timers' | 'signal' | 'startedAt' | 'votes' | 'inBackground' | 'compareSoon'
  > {
  readonly loop: Pick<Loop, 'rate'>;
  readonly desk: Pick<ChatDesk, 'answerOf' | 'partsOf'>;
}

/** What a platform has to say about reactions. */
export interface ReactionRules<Some extends Reaction> {
  /** When it happened, in ms since 1970; null: it is known to be as it is now. */
  atOf(reaction: Some): number | null;
  /** Whether what the person does is heeded. @throws what cannot be known just now */
  isWelcome(reaction: Some): Promise<boolean>;
  /** What the person's reactions under a message mean; undefined when the platform refuses to tell. @throws when it cannot just now */
  votesThere(reaction: Some, message: string): Promise<readonly ('up' | 'down')[] | undefined>;
  /** The person's name; undefined when the platform does not tell. */
  nameOf(reaction: Some): Promise<string | undefined>;
  /** Tells the person alone what counts; what fails is logged, never thrown. */
  thank(reaction: Some, posted: PostedAnswer, counted: 'up' | 'down' | 'clear'): Promise<void>;
}

/**
 * Makes a reaction the vote that it is, after those of the person's to the same message that came before. What is no part of an answer is
 * none, unless it becomes known as one soon.
 */
export async function countReaction<Some extends Reaction>(
  reaction: Some,
  rules: ReactionRules<Some>,
  context: CountContext,
): Promise<void> {
  const { platform, desk, log, votes, inBackground, compareSoon } = context;
  const { workspace, message, person } = reaction;
  const lane = (of: string) => `${workspace} ${of} ${person.key}`;
  // All parts of an answer are rated as one.
  const counted = (posted: PostedAnswer, isLate: boolean) =>
    votes.run(lane(posted.answerId), () => count(reaction, posted, { rules, isLate }, context));
  const posted = await desk.answerOf(platform, workspace, message);
  if (posted !== undefined) return votes.run(lane(message), () => counted(posted, false));
  const soon = answerSoon(reaction, context);
  inBackground('a reaction to what is being posted', () =>
    votes.run(lane(message), async () => {
      const later = await soon;
      if (later === undefined) return;
      try {
        await counted(later, true);
      } catch (error) {
        log.warn({ message, cause: messageOf(error) }, 'a reaction could not be counted; it is compared');
        compareSoon(workspace, later);
      }
    }),
  );
}

async function answerSoon(
  { workspace, message }: Reaction,
  { platform, desk, log, timers, signal }: CountContext,
): Promise<PostedAnswer | undefined> {
  for (const ms of LATER_MS) {
    await waitFor(timers, ms, signal);
    if (signal.aborted) return undefined;
    try {
      const posted = await desk.answerOf(platform, workspace, message);
      if (posted !== undefined) return posted;
    } catch (error) {
      log.warn({ message, cause: messageOf(error) }, 'it cannot be told yet whether an answer was rated');
    }
  }
  return undefined;
}

async function count<Some extends Reaction>(
  reaction: Some,
  posted: PostedAnswer,
  { rules, isLate }: { readonly rules: ReactionRules<Some>; readonly isLate: boolean },
  context: CountContext,
): Promise<void> {
  const { platform, loop, startedAt, compareSoon } = context;
  const { workspace, person, vote, isAdded, insteadOf } = reaction;
  if (!(await rules.isWelcome(reaction))) return;
  const at = rules.atOf(reaction);
  const isOld = at !== null && at < Math.max(Date.now() - FRESH_MS, startedAt);
  const there = isAdded && !isOld && !isLate ? undefined : await votesLeft(reaction, posted, rules, context);
  // Another skin tone may be left, or one under another part, or the event be an old one that comes once more; or what was read is older than what was told.
  if (there?.includes(vote) === !isAdded) {
    if (insteadOf === undefined) compareSoon(workspace, posted, SETTLED_MS);
    return;
  }
  const name = (await rules.nameOf(reaction)) ?? person.name;
  const { answerId } = posted;
  const given = { answerId, platform, workspace, person: { key: person.key, name }, means: 'reaction' } as const;
  // The other thumb, where it is still there, is what the person says then.
  const counted = isAdded ? vote : (there?.[0] ?? 'clear');
  const { changed } = await loop.rate({ ...given, vote: counted, only: insteadOf ?? (isAdded ? null : vote) });
  if (changed) await rules.thank(reaction, posted, counted);
}

/** What the person's reactions mean that are under the message; of one that was taken back, also those under the other parts. */
async function votesLeft<Some extends Reaction>(
  reaction: Some,
  { answerId }: PostedAnswer,
  rules: ReactionRules<Some>,
  { platform, desk }: CountContext,
): Promise<readonly ('up' | 'down')[] | undefined> {
  const { workspace, message, isAdded } = reaction;
  const there = await rules.votesThere(reaction, message);
  if (isAdded || there === undefined) return there;
  const others = (await desk.partsOf(platform, workspace, answerId)).filter((part) => part.message !== message);
  const left = [...there];
  for (const part of others) left.push(...((await rules.votesThere(reaction, part.message)) ?? []));
  return left;
}
