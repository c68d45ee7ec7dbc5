import { listOf } from './forms.ts';

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

/** Pairs like `up:white_check_mark`, each name on one side only. @param name as the platform writes names of reactions */
export const reactionsOf = (name: RegExp) =>
  listOf(new RegExp(`^(?:up|down):(?:${name.source})$`, name.flags))
    .transform((pairs) => ({
      up: pairs.flatMap((pair) => (pair.startsWith('up:') ? [pair.slice(3)] : [])),
      down: pairs.flatMap((pair) => (pair.startsWith('down:') ? [pair.slice(5)] : [])),
    }))
    .refine(({ up, down }) => !up.some((one) => down.includes(one)));

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
