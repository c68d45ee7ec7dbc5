import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../gpu-worker/models/chat-template.ts';
import { createChatTemplate, openChatTemplate } from '../../gpu-worker/models/chat-template.ts';
import { createTokenizer, openTokenizer } from '../../gpu-worker/models/tokenizer.ts';
import { goldenFolder } from './golden-folder.ts';

interface Cases {
  readonly encode: readonly {
    readonly name: string;
    readonly text: string;
    readonly ids: number[];
    readonly ids_as_plain_text?: number[];
    readonly decoded: string;
    readonly decoded_skip_special: string;
  }[];
  readonly decode: readonly {
    readonly ids: number[];
    readonly decoded: string;
    readonly decoded_skip_special: string;
  }[];
  readonly chat: readonly {
    readonly name: string;
    readonly template: 'chatml' | 'tools';
    readonly add_generation_prompt: boolean;
    readonly messages: ChatMessage[];
    readonly tools?: unknown[];
    readonly rendered?: string;
    readonly ids?: number[];
    readonly raises?: string;
  }[];
}

const cases: Cases = JSON.parse(readFileSync(goldenFolder('tokenizer-cases.json'), 'utf8'));

describe.each([
  ['tokenizer', 'chatml'],
  ['tokenizer-tools', 'tools'],
])('the folder %s', async (folder, template) => {
  const tokenizer = await openTokenizer(goldenFolder(folder));
  const chatTemplate = await openChatTemplate(goldenFolder(folder), tokenizer.namedTokens);

  it.each(cases.encode)('encodes and decodes $name', (golden) => {
    expect(tokenizer.encode(golden.text)).toEqual(golden.ids);
    expect(tokenizer.encode(golden.text, { plain: true })).toEqual(
      golden.ids_as_plain_text ?? tokenizer.encode(golden.text, { plain: true }),
    );
    expect(tokenizer.decode(golden.ids)).toBe(golden.decoded);
    expect(tokenizer.decode(golden.ids, { skipSpecialTokens: true })).toBe(golden.decoded_skip_special);
  });

  it('gives the same ids as plain text where nothing is special', () => {
    const ordinary = cases.encode.filter(({ ids }) => ids.every((id) => id < 595));
    expect(ordinary.length).toBeGreaterThan(40);
    for (const { text, ids } of ordinary) expect(tokenizer.encode(text, { plain: true })).toEqual(ids);
  });

  it.each(cases.decode)('decodes $ids', ({ ids, decoded, decoded_skip_special }) => {
    expect(tokenizer.decode(ids)).toBe(decoded);
    expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe(decoded_skip_special);
  });

  it.each(cases.chat.filter((chat) => chat.template === template))('renders $name', (chat) => {
    const render = () =>
      chatTemplate?.render(chat.messages, {
        addGenerationPrompt: chat.add_generation_prompt,
        ...(chat.tools === undefined ? {} : { tools: chat.tools }),
      });
    if (chat.raises !== undefined) expect(render).toThrow(chat.raises);
    else {
      expect(render()).toBe(chat.rendered);
      expect(tokenizer.encode(chat.rendered ?? '')).toEqual(chat.ids);
    }
  });
});

describe('a tokenizer', () => {
  const json = JSON.parse(readFileSync(goldenFolder('tokenizer/tokenizer.json'), 'utf8'));

  it('adds what the post-processor adds only on request', () => {
    const post_processor = {
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: '<|endoftext|>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
      pair: [],
      special_tokens: { '<|endoftext|>': { id: '<|endoftext|>', ids: [595], tokens: ['<|endoftext|>'] } },
    };
    const tokenizer = createTokenizer({ ...json, post_processor }, undefined);
    const plain = tokenizer.encode('What is');
    expect(plain).not.toContain(595);
    expect(tokenizer.encode('What is', { addSpecialTokens: true })).toEqual([595, ...plain]);
  });

  it.each([
    ['two tokens with one id', { model: { ...json.model, vocab: { ...json.model.vocab, '"': 0 } } }, /have one id/],
    ['a merge without a token', { model: { ...json.model, merges: ['! !!!!'] } }, /names a token without an id/],
    ['an impossible id', { model: { ...json.model, vocab: { '!': 1e12 } } }, /is no id/],
    ['another kind of model', { model: { ...json.model, type: 'Unigram' } }, /only byte-level BPE/],
    ['an unknown pre-tokenizer', { pre_tokenizer: { type: 'Rot13' } }, /cannot be used/],
    [
      'a broken expression',
      { pre_tokenizer: { type: 'Split', pattern: { Regex: '(' }, behavior: 'Isolated' } },
      /cannot be used/,
    ],
  ])('is refused with %s', (_, change, message) => {
    expect(() => createTokenizer({ ...json, ...change }, undefined)).toThrow(message);
  });

  it('is refused when a byte would vanish from texts', () => {
    const { '!': _, ...vocab } = json.model.vocab;
    expect(() => createTokenizer({ ...json, model: { ...json.model, vocab, merges: [] } }, undefined)).toThrow(
      /no entry for the byte 33/,
    );
  });

  it('may have ids without an entry, which decode to nothing', () => {
    const added_tokens = [{ id: 700, content: '<far>' }];
    const tokenizer = createTokenizer({ ...json, added_tokens }, undefined);
    expect(tokenizer.size).toBe(701);
    expect(tokenizer.decode([650, 700, 100_000])).toBe('<far>');
    expect(tokenizer.idOf('<far>')).toBe(700);
  });
});

describe('a chat template', () => {
  it('that cannot be parsed names its file', () => {
    expect(() => createChatTemplate('{% for %}', {}, 'some/chat_template.jinja')).toThrow(
      /^some\/chat_template\.jinja: /,
    );
  });

  it('knows the tokens that the configuration names', () => {
    const template = createChatTemplate('{{ bos_token }}{{ messages[0].content }}', { bos_token: '<s>' });
    expect(template.render([{ role: 'user', content: 'hello' }])).toBe('<s>hello');
  });
});
