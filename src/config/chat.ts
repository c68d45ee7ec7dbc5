/** What the environment decides of every chat platform. */
export interface ChatConfig {
  /** Ids of the channels that are served; null: all. */
  readonly channels: readonly string[] | null;
  /** Ids of the workspaces that are served; null: all. */
  readonly workspaces: readonly string[] | null;
  /** Ids of the people who may administer beside the workspace's own admins. */
  readonly admins: readonly string[];
  /** The id of the channel that gets the report of the night; null: none does. */
  readonly reportChannel: string | null;
  /** Whether a thread that it has answered in may go on without a mention. */
  readonly followUps: boolean;
  /** Names of reactions that count as votes beside the thumbs. */
  readonly reactions: { readonly up: readonly string[]; readonly down: readonly string[] };
}

/** The settings of a platform as far as they are set, and what counts where they are not. */
export const chatConfig = (
  set: { readonly [Name in keyof ChatConfig]?: ChatConfig[Name] | undefined },
): ChatConfig => ({
  channels: set.channels ?? null,
  workspaces: set.workspaces ?? null,
  admins: set.admins ?? [],
  reportChannel: set.reportChannel ?? null,
  followUps: set.followUps ?? true,
  reactions: set.reactions ?? { up: [], down: [] },
});
