import { LIMITS } from './limits.ts';
import { isJson } from './messages.ts';
import { Refusal } from './refusal.ts';
import type { Json } from './types.ts';

export interface Contents {
  readonly text?: string | undefined;
  readonly blocks?: readonly Json[] | undefined;
  readonly markdown_text?: string | undefined;
  readonly attachments?: readonly Json[] | undefined;
}

const { message } = LIMITS;

/** Characters of all texts in blocks; those of markdown blocks have a limit of their own. */
function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, part) => sum + textLength(part), 0);
  if (!isJson(value) || value.type === 'markdown') return 0;
  return Object.entries(value).reduce(
    (sum, [key, part]) => sum + (key === 'text' && typeof part === 'string' ? part.length : textLength(part)),
    0,
  );
}

export function checkBlocks(blocks: readonly Json[]): void {
  const markdown = blocks.reduce(
    (sum, { type, text }) => sum + (type === 'markdown' && typeof text === 'string' ? text.length : 0),
    0,
  );
  if (markdown > message.markdownBlocks || textLength(blocks) > message.blockText)
    throw new Refusal('msg_blocks_too_long');
}

/** What a message is to say, as text and blocks. Markdown is kept as the markdown block that says the same. */
export function contentOf(contents: Contents): { text: string | undefined; blocks: readonly Json[] | undefined } {
  const { text, blocks, markdown_text, attachments } = contents;
  if (markdown_text !== undefined) {
    if (text !== undefined || blocks !== undefined) throw new Refusal('markdown_text_conflict');
    if (markdown_text.trim() === '') throw new Refusal('no_text');
    return { text: markdown_text, blocks: [{ type: 'markdown', text: markdown_text }] };
  }
  if ((text ?? '').trim() === '' && (blocks ?? []).length === 0 && (attachments ?? []).length === 0)
    throw new Refusal('no_text');
  if (blocks !== undefined) checkBlocks(blocks);
  return { text, blocks };
}
