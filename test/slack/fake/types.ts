export type Json = Readonly<Record<string, unknown>>;

/** An organisation of several workspaces. */
export interface Enterprise {
  readonly id: string;
  readonly name: string;
}

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  readonly enterprise: Enterprise | null;
  /** Workspaces of one organisation share it. */
  readonly bot: { readonly userId: string; readonly botId: string };
  /** The live bot token; undefined until the app is installed. */
  botToken: string | undefined;
}

export interface User {
  readonly id: string;
  readonly team: Team;
  readonly name: string;
  isAdmin: boolean;
  readonly isBot: boolean;
}

export type ChannelKind = 'public' | 'private' | 'im';

export interface Channel {
  readonly id: string;
  readonly team: Team;
  readonly name: string;
  readonly kind: ChannelKind;
  /** Ids of users. */
  readonly members: Set<string>;
  /** Whether people of other teams are in it (Slack Connect). */
  readonly isShared: boolean;
  isArchived: boolean;
  /** By ts, in the order in which they were posted. */
  readonly messages: Map<string, Message>;
}

export interface Message {
  readonly ts: string;
  readonly channel: Channel;
  user: string;
  readonly threadTs: string | undefined;
  subtype: string | undefined;
  text: string;
  blocks: readonly Json[];
  metadata: Metadata | undefined;
  editedTs: string | undefined;
  /** Emoji name → users, in the order in which they came. */
  readonly reactions: Map<string, string[]>;
  stream: Stream | undefined;
}

export interface Metadata {
  readonly event_type: string;
  readonly event_payload: Json;
}

export interface Stream {
  readonly mode: 'text' | 'chunks';
  readonly startedAt: number;
  state: 'in_progress' | 'completed' | 'stopped_by_user';
  markdown: string;
  /** Blocks that came as chunks: task cards and the like, by their id. */
  readonly cards: Map<string, Json>;
}

/** A message that one person alone sees. */
export interface Ephemeral {
  readonly ts: string;
  readonly channel: Channel;
  readonly user: string;
  readonly threadTs: string | undefined;
  text: string;
  blocks: readonly Json[];
  isDeleted: boolean;
}

export interface View {
  readonly id: string;
  readonly team: Team;
  readonly user: string;
  /** What the app sent, with block and action ids filled in. */
  content: Json;
  hash: string;
  isOpen: boolean;
}

export interface Status {
  readonly channel: string;
  readonly threadTs: string;
  readonly status: string;
  readonly loadingMessages: readonly string[];
  readonly at: number;
}

export interface Grant {
  readonly token: string;
  readonly kind: 'bot' | 'app';
  /** null for the app's own token. */
  readonly team: Team | null;
  /** Whether it is for all workspaces of the team's organisation. */
  readonly isOrgWide: boolean;
  readonly scopes: readonly string[];
  state: 'live' | 'revoked' | 'uninstalled';
}

/** Lets the app open one view for a person, soon after they did something. */
export interface Trigger {
  readonly user: User;
  readonly at: number;
  isUsed: boolean;
}

/** An address at which the app may answer an interaction. */
export interface ResponseUrl {
  readonly channel: Channel;
  readonly user: User;
  readonly threadTs: string | undefined;
  /** Where somebody clicked, if it was on a message. */
  readonly original: Message | Ephemeral | undefined;
  readonly at: number;
  uses: number;
}

/** A consent that was given and waits to be exchanged for a token. */
export interface Consent {
  readonly team: Team;
  readonly user: User;
  readonly isOrgWide: boolean;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
}
