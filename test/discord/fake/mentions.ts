import { may } from './permissions.ts';
import type { Channel, Message, User } from './types.ts';
import type { World } from './world.ts';

/** allowed_mentions, as far as it was given. */
export interface AllowedMentions {
  readonly parse?: readonly ('users' | 'roles' | 'everyone')[] | null | undefined;
  readonly users?: readonly string[] | null | undefined;
  readonly roles?: readonly string[] | null | undefined;
  readonly replied_user?: boolean | null | undefined;
}

export type Mentions = Pick<Message, 'mentions' | 'mentionedRoles' | 'mentionsEveryone'>;

export interface Mentioning {
  readonly channel: Channel;
  readonly author: User;
  readonly content: string;
  /** Whose message is answered. */
  readonly replied?: User | undefined;
  readonly allowed?: AllowedMentions | null | undefined;
}

const idsIn = (content: string, pattern: RegExp) => [...content.matchAll(pattern)].map(([, id = '']) => id);

/** Whom a message notifies: those that its text names, as far as allowed_mentions and its author's permissions let it. */
export function mentionsOf(world: World, { channel, author, content, replied, allowed }: Mentioning): Mentions {
  const parses = (kind: 'users' | 'roles' | 'everyone') => allowed == null || (allowed.parse ?? []).includes(kind);
  const users = idsIn(content, /<@!?(\d+)>/g).filter((id) => parses('users') || allowed?.users?.includes(id));
  const roles = idsIn(content, /<@&(\d+)>/g).filter((id) => parses('roles') || allowed?.roles?.includes(id));
  const known = users.map((id) => world.users.get(id)).filter((user) => user !== undefined);
  const isReplyNoted = replied !== undefined && (allowed == null || allowed.replied_user === true);
  return {
    mentions: [...new Set([...known, ...(isReplyNoted ? [replied] : [])])],
    mentionedRoles: [...new Set(roles.filter((id) => channel.guild?.roles.has(id)))],
    mentionsEveryone:
      /@(everyone|here)\b/.test(content) && parses('everyone') && may(channel, author, 'MentionEveryone'),
  };
}
