import { describe, expect, it } from 'vitest';
import { mrkdwnOf, slackMarkdown } from '../../adapters/slack/markdown.ts';
import { randomMarkdown } from '../delivery/random-markdown.ts';

/** What Slack would read as a call of many. */
const CALL = /<!(?:channel|here|everyone|group|subteam)|(?<![\p{L}\p{N}_])@(?:channel|here|everyone|group)\b/iu;

describe('mentions of many', () => {
  it.each([
    '<!channel>',
    '<!here>',
    '<!everyone>',
    '<!here|here>',
    '<!group>',
    '<!subteam^S0123|@admins>',
    '<!subteam^S0123>',
    '@channel',
    '(@here)',
    '@Everyone!',
    '&lt;!channel&gt;',
    '&#60;!here&#62;',
    '**<!channel>**',
    '`<!channel>`',
    '```\n<!everyone>\n```',
    '[@here](https://x.org)',
    '<<!channel>>',
    '@@channel',
  ])('in %j call nobody', (text) => {
    for (const rendered of [slackMarkdown(text), mrkdwnOf(text)])
      expect(rendered.replaceAll('&lt;', '<')).not.toMatch(CALL);
  });

  it('keep their words', () => {
    expect(slackMarkdown('Tell <!channel> and <!subteam^S1|@admins>').replaceAll('\u200b', '')).toBe(
      'Tell @channel and @admins',
    );
  });

  it.each(['ada@here.org', 'an @hereford', '<!DOCTYPE html>', '<@U0ADA0001>', '@ada', '@channels'])(
    'leave %j alone',
    (text) => {
      expect(slackMarkdown(text)).toBe(text);
    },
  );
});

describe('Markdown as mrkdwn', () => {
  it.each([
    ['**bold** and __bold__', '*bold* and *bold*'],
    ['*it* and _it_', '_it_ and _it_'],
    ['***both*** ~~gone~~', '*_both_* ~gone~'],
    ['**bold with *it* and `code`**', '*bold with _it_ and `code`*'],
    ['a [label](https://x.org/?a=1&b=2) b', 'a <https://x.org/?a=1&amp;b=2|label> b'],
    ['![alt](https://x.org/a.png)', '<https://x.org/a.png|alt>'],
    ['[local](/a) and [script](javascript:alert)', 'local and script'],
    ['<https://x.org> https://y.org/a_b.', '<https://x.org> <https://y.org/a_b>.'],
    ['# Title **here**', '*Title here*'],
    ['- one\n* two\n  + three\n1. four', '• one\n• two\n  • three\n1. four'],
    ['> quoted **x**\n> more', '> quoted *x*\n> more'],
    ['1 < 2 && 3 > 2', '1 &lt; 2 &amp;&amp; 3 &gt; 2'],
    ['2 \\* 3 \\<b\\>', '2 * 3 &lt;b&gt;'],
    ['`a < b` and ``c ` d``', '`a &lt; b` and `c ` d`'],
    ['```ts\nlet a: A<B> = 1;\n\n```', '```\nlet a: A&lt;B&gt; = 1;\n\n```'],
    ['| a | b |\n|---|---|\n| 1 | 2 |', '```\n| a | b |\n|---|---|\n| 1 | 2 |\n```'],
    ['one\n\n\n\ntwo', 'one\n\ntwo'],
    ['snake_case_name and 2 * 3 * 4', 'snake_case_name and 2 * 3 * 4'],
  ])('%j is %j', (markdown, mrkdwn) => {
    expect(mrkdwnOf(markdown)).toBe(mrkdwn);
  });

  it('has no bare angle bracket of the text, whatever the text', () => {
    for (let seed = 0; seed < 300; seed += 1) {
      const mrkdwn = mrkdwnOf(randomMarkdown(seed, true).text);
      expect(mrkdwn.replace(/<(?:https?:\/\/)[^<>]*>/g, '').replace(/^\s*>/gm, ''), `seed ${seed}`).not.toMatch(/[<>]/);
    }
  });
});
