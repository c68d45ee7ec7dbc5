import type { ChannelType, InteractionType, MessageType } from 'discord.js';

export type Json = Readonly<Record<string, unknown>>;

export interface User {
  readonly id: string;
  readonly name: string;
  readonly isBot: boolean;
  /** False: the bot cannot write to this person directly. */
  takesDirectMessages: boolean;
}

export interface Role {
  readonly id: string;
  readonly name: string;
  permissions: bigint;
  /** Whose role it is, for that which comes with a bot. */
  readonly botId?: string;
}

export interface Member {
  readonly user: User;
  readonly roles: Set<string>;
  readonly joinedAt: string;
}

export interface Guild {
  readonly id: string;
  readonly name: string;
  readonly owner: User;
  /** By id; the role with the guild's own id is @everyone. */
  readonly roles: Map<string, Role>;
  readonly members: Map<string, Member>;
  readonly joinedAt: string;
}

/** What a role or a member may do in a channel otherwise than in its guild. */
export interface Overwrite {
  readonly id: string;
  readonly of: 'role' | 'member';
  readonly allow: bigint;
  readonly deny: bigint;
}

export interface ThreadState {
  readonly owner: User;
  readonly members: Set<string>;
  isArchived: boolean;
  isLocked: boolean;
  archivedAt: string;
  autoArchiveMinutes: number;
  appliedTags: readonly string[];
}

export interface Channel {
  readonly id: string;
  readonly type: ChannelType;
  /** Direct messages have none. */
  readonly guild: Guild | undefined;
  name: string;
  /** In which a thread is. */
  readonly parent: Channel | undefined;
  /** With whom direct messages are. */
  readonly recipient: User | undefined;
  readonly messages: Map<string, Message>;
  /** By id of the role or member. */
  readonly overwrites: Map<string, Overwrite>;
  readonly thread: ThreadState | undefined;
  /** Of a forum. */
  readonly tags: readonly { readonly id: string; readonly name: string }[];
  topic: string | null;
}

/** One emoji of a message: who put it there, in the order of doing so. */
export interface Reaction {
  readonly emoji: { readonly id: string | null; readonly name: string };
  users: readonly User[];
  /** Who did so as a super reaction, which is one beside the ordinary one of the same person. */
  supers: readonly User[];
}

export interface Message {
  readonly id: string;
  readonly channel: Channel;
  readonly author: User;
  readonly type: MessageType;
  content: string;
  embeds: readonly Json[];
  components: readonly Json[];
  flags: number;
  mentions: readonly User[];
  mentionedRoles: readonly string[];
  mentionsEveryone: boolean;
  readonly reference: Message | undefined;
  /** Whose message this answers, as ids: it may be gone. */
  readonly referenceIds: { readonly message: string; readonly channel: string } | undefined;
  readonly nonce: string | number | undefined;
  editedAt: string | undefined;
  /** By name, or by `name:id` for emoji of a guild. */
  readonly reactions: Map<string, Reaction>;
  /** The thread that this message began. */
  thread: Channel | undefined;
  /** What the app answered with it. */
  readonly interaction: Interaction | undefined;
  /** The one person who sees it, when it is ephemeral. */
  readonly seenBy: User | undefined;
  isDeleted: boolean;
}

export interface Command {
  readonly id: string;
  readonly guild: Guild | undefined;
  readonly version: string;
  readonly content: Json;
}

export interface Modal {
  readonly interaction: Interaction;
  readonly user: User;
  readonly customId: string;
  readonly title: string;
  readonly components: readonly Json[];
  isOpen: boolean;
}

/** How the app answered an interaction in time. */
export interface Acknowledgement {
  /** The callback's type: 4 message, 5 deferred message, 6 deferred update, 7 update, 9 modal. */
  readonly type: number;
  readonly message: Message | undefined;
  readonly modal: Modal | undefined;
}

/** What a person did with the app, which it has to answer within three seconds. */
export interface Interaction {
  readonly id: string;
  readonly token: string;
  readonly type: InteractionType;
  readonly user: User;
  readonly channel: Channel;
  /** The command's name, for the line above an answer. */
  readonly name: string | undefined;
  /** The message with the component, or that of the component from which the modal came. */
  readonly source: Message | undefined;
  /** The message type of an answer. */
  readonly answerType: MessageType;
  /** The message to which an answer points: the one with the component, or on which a command was used. */
  readonly reference: Message | undefined;
  readonly at: number;
  acknowledgement: Acknowledgement | undefined;
  /** The first answer, which `@original` means. */
  original: Message | undefined;
  /** Answers in order. */
  readonly answers: Message[];
}
