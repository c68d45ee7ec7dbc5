import {
  type APIActionRowComponent,
  type APIButtonComponent,
  ButtonStyle,
  ComponentType,
  MessageFlags,
} from 'discord.js';
import { codePoints, splitMarkdown } from '../../delivery/split-markdown.ts';
import { type Action, customIdOf } from '../action-ids.ts';
import { limits } from '../limits.ts';
import { discordMarkdown } from '../markdown.ts';

/** A message as it is posted and edited. Nobody is called by what is in it. */
export interface DiscordMessage {
  readonly content: string;
  readonly components: APIActionRowComponent<APIButtonComponent>[];
  readonly allowed_mentions: { readonly parse: []; readonly replied_user: false };
  readonly flags?: number;
}

export interface MessageMore {
  readonly buttons?: readonly APIButtonComponent[];
  /** Seen by one person alone: only in answer to an interaction. */
  readonly isPrivate?: boolean;
}

/** Links are not shown as cards; they are sources, and there may be many. */
export function messageOf(content: string, { buttons = [], isPrivate = false }: MessageMore = {}): DiscordMessage {
  return {
    content,
    components: buttons.length === 0 ? [] : [{ type: ComponentType.ActionRow, components: [...buttons] }],
    allowed_mentions: { parse: [], replied_user: false },
    flags: MessageFlags.SuppressEmbeds | (isPrivate ? MessageFlags.Ephemeral : 0),
  };
}

export function button(action: Action, label: string, style: ButtonLook = ButtonStyle.Secondary): APIButtonComponent {
  return { type: ComponentType.Button, style, label, custom_id: customIdOf(action) };
}
type ButtonLook = ButtonStyle.Primary | ButtonStyle.Secondary | ButtonStyle.Success | ButtonStyle.Danger;

/** Markdown in as many messages as it needs; one at least. @param most of one, in code points */
export function contentsOf(markdown: string, most: number = limits.content): string[] {
  const contents = contentsWithin(markdown, most, most);
  return contents.length === 0 ? ['_(nothing)_'] : contents;
}

/** Where a part is longer as Discord takes it, it is divided again. */
function contentsWithin(markdown: string, most: number, limit: number): string[] {
  return splitMarkdown(markdown, { limit, measure: codePoints }).flatMap(({ text }) => {
    const content = discordMarkdown(text);
    return codePoints(content) <= most ? [content] : contentsWithin(text, most, Math.floor(limit / 2));
  });
}

/** Something to be told, in as many messages as it needs. */
export const renderNotice = (markdown: string, more: MessageMore = {}): DiscordMessage[] =>
  contentsOf(markdown).map((content) => messageOf(content, more));
