export interface ReactionAliases {
  readonly up: readonly string[];
  readonly down: readonly string[];
}

const thumbs: ReactionAliases = { up: ['+1', 'thumbsup', '👍'], down: ['-1', 'thumbsdown', '👎'] };

/** Skin tones and the mark that asks for a coloured picture: none changes what a reaction means. */
const VARIANTS = /::skin-tone-[1-6]$|[\u{1f3fb}-\u{1f3ff}]|\ufe0f/gu;

const plainName = (reaction: string): string =>
  reaction.trim().replace(VARIANTS, '').replace(/^:|:$/g, '').replace(VARIANTS, '').toLowerCase();

/** What a reaction means as a vote; undefined for those that mean none. It is given as a name, with or without colons, or as the emoji itself. */
export type VoteOfReaction = (reaction: string) => 'up' | 'down' | undefined;

/** @param aliases reactions that count as votes besides the two thumbs, e.g. `white_check_mark` */
export function reactionVotes(aliases: ReactionAliases = { up: [], down: [] }): VoteOfReaction {
  const votes = new Map<string, 'up' | 'down'>();
  // The thumbs last: no alias turns them around.
  for (const { up, down } of [aliases, thumbs]) {
    for (const name of up) votes.set(plainName(name), 'up');
    for (const name of down) votes.set(plainName(name), 'down');
  }
  return (reaction) => votes.get(plainName(reaction));
}
