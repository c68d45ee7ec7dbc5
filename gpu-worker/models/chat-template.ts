import { join } from 'node:path';
import { Template } from '@huggingface/jinja';
import { messageOf } from '../../src/errors.ts';
import { ModelError } from './model-error.ts';
import { readJson, readText } from './read-files.ts';
import { parseTokenizerConfig } from './tokenizer-files.ts';

/** A chat message as templates expect it; keys whose value is null are dropped before rendering. */
export type ChatMessage = Readonly<Record<string, unknown>> & { readonly role: string };

export interface RenderOptions {
  readonly tools?: readonly unknown[];
  /** Ends the text where the assistant's answer begins. */
  readonly addGenerationPrompt?: boolean;
}

/** Turns chat messages into the text that the model was trained on. */
export interface ChatTemplate {
  /** @throws ModelError when the template refuses the messages; the message repeats its words */
  render(messages: readonly ChatMessage[], options?: RenderOptions): string;
}

/**
 * The chat template of a model folder: chat_template.jinja, otherwise the one in tokenizer_config.json, or null.
 * @throws ModelError when it cannot be read or parsed
 */
export async function openChatTemplate(
  dir: string,
  namedTokens: Readonly<Record<string, string>>,
): Promise<ChatTemplate | null> {
  const own = join(dir, 'chat_template.jinja');
  const separate = await readText(own);
  if (separate !== undefined) return createChatTemplate(separate, namedTokens, own);
  const config = join(dir, 'tokenizer_config.json');
  const inside = parseTokenizerConfig(await readJson(config), config).chatTemplate;
  return inside === undefined ? null : createChatTemplate(inside, namedTokens, config);
}

/**
 * Compiles a Jinja template, with `trim_blocks` and `lstrip_blocks` as transformers does.
 * @throws ModelError
 */
export function createChatTemplate(
  source: string,
  namedTokens: Readonly<Record<string, string>>,
  file = 'chat_template.jinja',
): ChatTemplate {
  const failure = (error: unknown) =>
    new ModelError(
      'CHAT_TEMPLATE_FAILED',
      `${file}: ${messageOf(error)}`,
      'Check the roles and order of the messages against the template, or give token ids instead of messages.',
      { cause: error },
    );
  let template: Template;
  try {
    template = new Template(source);
  } catch (error) {
    throw failure(error);
  }
  return {
    render(messages, options) {
      try {
        return template.render({
          ...namedTokens,
          messages: messages.map(withoutNulls),
          ...(options?.tools === undefined ? {} : { tools: options.tools }),
          add_generation_prompt: options?.addGenerationPrompt === true,
        });
      } catch (error) {
        throw failure(error);
      }
    },
  };
}

const withoutNulls = (message: ChatMessage) =>
  Object.fromEntries(Object.entries(message).filter(([, value]) => value !== null));
