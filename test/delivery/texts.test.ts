import { describe, expect, it } from 'vitest';
import { codeOf, escapeMarkdown, inlineCode } from '../../adapters/delivery/markdown-text.ts';
import { progressMarkdown } from '../../adapters/delivery/progress-text.ts';
import { addressesIn, withSources } from '../../adapters/delivery/sources.ts';
import { utf16Units } from '../../adapters/delivery/split-markdown.ts';
import { traceMarkdown } from '../../adapters/delivery/trace-text.ts';
import type { Progress } from '../../src/domain/progress.ts';
import { answerOf, QUESTION_ID, turnOf } from './answers.ts';

const questionId = QUESTION_ID;
const shown = (steps: readonly Progress[], limit = 4_000) => progressMarkdown(steps, { limit, measure: utf16Units });

describe('text within Markdown', () => {
  it('loses every mark but addresses', () => {
    expect(escapeMarkdown('a_b *c* [d](e) `f` <g> https://x.org/a_b_c #h')).toBe(
      'a\\_b \\*c\\* \\[d\\](e) \\`f\\` \\<g\\> https://x.org/a_b_c \\#h',
    );
  });

  it('is code whatever it contains', () => {
    expect(inlineCode('a')).toBe('`a`');
    expect(inlineCode('a `b` c')).toBe('``a `b` c``');
    expect(inlineCode('`a')).toBe('`` `a ``');
    expect(codeOf('a\n```\nb')).toBe('\n````\na\n```\nb\n````');
    expect(codeOf(' ')).toBe('–');
  });
});

describe('progress in Markdown', () => {
  it('shows what the agents did and who is at work', () => {
    const steps: readonly Progress[] = [
      { type: 'queued', questionId },
      { type: 'started', questionId, policyVersion: 3 },
      { type: 'turn', questionId, turn: turnOf({ result: '', error: 'no *such* number', verdict: 'continue' }) },
    ];
    expect(shown([])).toBe('⏳ _received …_');
    expect(shown(steps.slice(0, 1))).toBe('⏳ _waiting for a worker …_');
    expect(shown(steps)).toBe(
      [
        '**Turn 1**',
        '- 🧭 planner: calculator · Work out 6 \\* 7',
        '- ⚙️ executor: `6 * 7`',
        '- ⚠️ tool: no \\*such\\* number',
        '- 🔎 verifier: not enough yet, another turn',
        '',
        '⏳ _planner is choosing the next tool …_',
      ].join('\n'),
    );
  });

  it('shortens long lines, but not within a character', () => {
    for (const before of ['', 'x']) {
      const turn = turnOf({ result: before + '🚀'.repeat(200) });
      expect(shown([{ type: 'turn', questionId, turn }])).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
    }
  });

  it('counts the first turns where not all fit', () => {
    const steps = Array.from({ length: 20 }, (_, n): Progress => {
      const turn = turnOf({ turn: n + 1, result: 'r'.repeat(500), verdict: 'continue' });
      return { type: 'turn', questionId, turn };
    });
    const text = shown(steps, 1_000);
    expect(text.length).toBeLessThanOrEqual(1_000);
    expect(text).toMatch(/^_1[67] earlier turns_\n/);
    expect(text).toContain('**Turn 20**');
  });
});

describe('how an answer came about', () => {
  it('is told whole', () => {
    const result = `line 1\nline 2 ${'x'.repeat(5_000)}`;
    const trace = traceMarkdown(
      answerOf({
        turns: [turnOf({ verdict: 'continue', result }), turnOf({ turn: 2, tool: '', error: 'unknown tool' })],
      }),
    );
    expect(trace).toContain(`Result: \n\`\`\`\n${result}\n\`\`\``);
    expect(trace).toContain('**Turn 2** · no tool · 0.01 s');
    expect(trace).toContain('Error: `unknown tool`');
    expect(trace).toContain('1.23 s · 2 turns · policy 3 · it ended because the verifier found that it was enough');
  });

  it('has no characters that move a cursor', () => {
    expect(traceMarkdown(answerOf({ turns: [turnOf({ result: '\u001b[2Jgone' })] }))).not.toContain('\u001b');
  });
});

describe('sources', () => {
  it('are the addresses in a text, without the marks around them', () => {
    expect(
      addressesIn(
        'See https://a.org/x_(y), (https://b.org/z). "https://c.org/?q=1&r=2"! https://a.org/x_(y) http:// https://[bad',
      ),
    ).toEqual(['https://a.org/x_(y)', 'https://b.org/z', 'https://c.org/?q=1&r=2']);
  });

  it('that tools found are listed as links, those in the answer are not listed again', () => {
    const turns = [turnOf({ result: 'From https://www.example.org/wiki/Ada_(name) and https://here.org/' })];
    expect(withSources(answerOf({ answer: 'See https://here.org/.', turns }))).toBe(
      'See https://here.org/.\n\n**Sources**\n- [example.org/wiki/Ada\\_(name)](https://www.example.org/wiki/Ada_%28name%29)',
    );
    expect(withSources(answerOf())).toBe('It is **42**.');
  });

  it('are counted from the eleventh on', () => {
    const result = Array.from({ length: 13 }, (_, n) => `https://example.org/${n}`).join(' ');
    expect(withSources(answerOf({ turns: [turnOf({ result })] }))).toMatch(
      /example\.org\/9\)\n- and 3 more, in how I got there$/,
    );
  });
});
