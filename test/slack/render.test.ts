import { describe, expect, it } from 'vitest';
import { reasons } from '../../adapters/delivery/feedback.ts';
import { traceMarkdown } from '../../adapters/delivery/trace-text.ts';
import { actionIds } from '../../adapters/slack/action-ids.ts';
import {
  plainly,
  renderAnswer,
  renderFailure,
  renderHome,
  renderNotice,
  renderProgress,
  renderReasonForm,
  renderReport,
  renderStopped,
  renderThanks,
  type SlackMessage,
} from '../../adapters/slack/render.ts';
import type { Progress } from '../../src/domain/progress.ts';
import { ANSWER_ID, answerOf, QUESTION_ID, turnOf } from '../delivery/answers.ts';
import { randomMarkdown } from '../delivery/random-markdown.ts';
import { livePolicy, runOf, statusOf } from '../delivery/runs.ts';
import { messageFaults, viewFaults } from './block-rules.ts';

const DELIVERY = '00000000-0000-4000-8000-00000000000d';
const faults = (messages: readonly SlackMessage[]) => messages.flatMap(messageFaults);
const markdownOf = (messages: readonly SlackMessage[]) =>
  messages.map(({ blocks }) => blocks.flatMap((block) => (block.type === 'markdown' ? [block.text] : [])).join(''));
const typesOf = ({ blocks }: SlackMessage) => blocks.map(({ type }) => type);

/** Answers of all lengths and kinds, the worst included. */
const answers = [
  '',
  ' \n',
  'It is **42**.',
  '<!channel> & @here <U>',
  'W'.repeat(40_000),
  '&'.repeat(13_000),
  `See https://example.org/${'x'.repeat(20_000)}`,
  `\`\`\`ts\n${'const a = 1;\n'.repeat(2_000)}\`\`\``,
  ['| a | b |', '|---|---|', ...Array.from({ length: 1_500 }, (_, n) => `| ${n} | value ${n} |`)].join('\n'),
  '🚀👩‍👩‍👧‍👦'.repeat(3_000),
  ...Array.from({ length: 20 }, (_, seed) =>
    Array.from({ length: 12 }, (_, n) => randomMarkdown(seed * 100 + n, true).text).join('\n\n'),
  ),
];

describe('an answer', () => {
  it('is one message with its figures, rating buttons and the way to how it came about', () => {
    const [message, ...more] = renderAnswer(DELIVERY, answerOf());
    expect(more).toEqual([]);
    expect(message).toMatchObject({
      text: 'It is *42*.',
      metadata: { event_type: 'foursight_post', event_payload: { delivery: DELIVERY, part: 0 } },
    });
    const [text, figures, rating, trace, ...others] = message?.blocks ?? [];
    expect(others).toEqual([]);
    expect(text).toEqual({ type: 'markdown', text: 'It is **42**.' });
    expect(figures).toMatchObject({ type: 'context', elements: [{ text: '1.23 s · 1 turn · policy 3' }] });
    const buttons = { positive_button: { value: `up:${ANSWER_ID}` }, negative_button: { value: `down:${ANSWER_ID}` } };
    expect(rating).toMatchObject({ elements: [{ type: 'feedback_buttons', action_id: actionIds.rate, ...buttons }] });
    expect(trace).toMatchObject({ elements: [{ type: 'button', action_id: actionIds.trace, value: QUESTION_ID }] });
  });

  it('of many parts has its buttons on the last one, and each part names its delivery and number', () => {
    const messages = renderAnswer(DELIVERY, answerOf({ answer: 'A sentence of some words. '.repeat(2_000) }));
    expect(messages.length).toBe(5);
    expect(messages.slice(0, -1).every((message) => typesOf(message).join() === 'markdown')).toBe(true);
    expect(messages.map(({ metadata }) => metadata?.event_payload)).toEqual(
      messages.map((_, part) => ({ delivery: DELIVERY, part })),
    );
    expect(markdownOf(messages).join(' ')).toBe('A sentence of some words. '.repeat(2_000).trim());
  });

  it('lists the sources that its tools found as links', () => {
    const turns = [turnOf({ result: 'From https://example.org/a' })];
    expect(markdownOf(renderAnswer(DELIVERY, answerOf({ turns })))).toEqual([
      'It is **42**.\n\n**Sources**\n- [example.org/a](https://example.org/a)',
    ]);
  });

  it('calls nobody', () => {
    const [message] = renderAnswer(DELIVERY, answerOf({ answer: '<!channel> <!subteam^S1> @everyone' }));
    expect(JSON.stringify(message)).not.toMatch(/<!|@everyone/);
  });

  it.each(answers.map((answer, index) => [index, answer] as const))(
    'keeps to the limits, whatever it is (%i)',
    (_, answer) => {
      const messages = renderAnswer(DELIVERY, answerOf({ answer }));
      expect(messages.length).toBeGreaterThan(0);
      expect(faults(messages)).toEqual([]);
      expect(messages.map(plainly).flatMap((message) => typesOf(message))).not.toContain('markdown');
      expect(faults(renderReport(DELIVERY, answer))).toEqual([]);
      expect(faults(renderFailure(DELIVERY, answer))).toEqual([]);
      expect(faults(renderNotice(answer))).toEqual([]);
      const turns = [turnOf({ command: answer, result: answer }), turnOf({ turn: 2, error: answer })];
      expect(faults(renderNotice(traceMarkdown(answerOf({ turns }))))).toEqual([]);
    },
  );

  it('can be shown without the blocks that Slack might refuse', () => {
    const [message] = renderAnswer(DELIVERY, answerOf({ answer: '# Title\n\nIt is **42**, see [x](https://x.org).' }));
    const plain = message && plainly(message);
    expect(plain?.blocks[0]).toEqual({
      type: 'section',
      text: { type: 'mrkdwn', text: '*Title*\n\nIt is *42*, see <https://x.org|x>.' },
    });
    expect(plain?.blocks.slice(1)).toEqual(message?.blocks.slice(1));
    expect(messageFaults(plain ?? { text: '', blocks: [] })).toEqual([]);
  });

  it('that failed says so, and is found again like an answer', () => {
    const [message] = renderFailure(DELIVERY, 'The worker was lost.');
    expect(markdownOf(message ? [message] : [])).toEqual(['⚠️ **I could not answer this.** The worker was lost.']);
    expect(message?.metadata?.event_payload).toEqual({ delivery: DELIVERY, part: 0 });
  });
});

describe('progress', () => {
  it('shows the agents and can be stopped', () => {
    const steps: readonly Progress[] = [
      { type: 'turn', questionId: QUESTION_ID, turn: turnOf({ verdict: 'continue' }) },
    ];
    const message = renderProgress(QUESTION_ID, steps);
    expect(typesOf(message)).toEqual(['markdown', 'actions']);
    expect(markdownOf([message])[0]).toContain('planner: calculator');
    expect(JSON.stringify(message.blocks)).toContain(`"action_id":"${actionIds.stop}","value":"${QUESTION_ID}"`);
    expect(message.metadata?.event_payload).toEqual({ question: QUESTION_ID });
  });

  it('keeps to the limits after any number of turns of any kind', () => {
    for (const answer of answers) {
      const turn = turnOf({ subGoal: answer, command: answer, result: answer, verdict: 'continue' });
      const steps = Array.from(
        { length: 30 },
        (_, n): Progress => ({ type: 'turn', questionId: QUESTION_ID, turn: { ...turn, turn: n + 1 } }),
      );
      for (const count of [0, 1, 30])
        expect(messageFaults(renderProgress(QUESTION_ID, steps.slice(0, count)))).toEqual([]);
    }
  });

  it('that was stopped says by whom', () => {
    expect(renderStopped(QUESTION_ID, 'U0ADA0001').text).toBe('Stopped by <@U0ADA0001>.');
    expect(renderStopped(QUESTION_ID, null).text).toBe('Stopped.');
  });
});

describe('rating', () => {
  it('asks after a 👎 what was wrong, in a form that Slack takes', () => {
    const form = renderReasonForm(ANSWER_ID, 'C1:1.2');
    expect(viewFaults(form)).toEqual([]);
    expect(JSON.parse(form.private_metadata ?? '')).toEqual({ answerId: ANSWER_ID, conversation: 'C1:1.2' });
    for (const [value] of reasons) expect(JSON.stringify(form)).toContain(`"value":"${value}"`);
  });

  it('is acknowledged, a 👎 with the way to the form', () => {
    for (const what of ['up', 'down', 'clear', 'same', 'reason'] as const) {
      const message = renderThanks(what, ANSWER_ID);
      expect(messageFaults(message)).toEqual([]);
      expect(JSON.stringify(message).includes(actionIds.reason)).toBe(what === 'down');
    }
  });
});

describe('the App Home', () => {
  const content = { status: statusOf(), livePolicy, lastRun: runOf(), isAdmin: true, trainsOnDirect: false };
  const undeliverable = [{ why: 'the channel is *archived*', at: new Date('2026-11-26T02:00:00Z') }];
  const home = (isAdmin: boolean, trainsOnDirect = false) =>
    renderHome({ ...content, isAdmin, trainsOnDirect, undeliverable });

  it('shows status, live policy, the last training and how to rate, and more to admins', () => {
    for (const isAdmin of [true, false]) {
      const view = home(isAdmin);
      expect(viewFaults(view)).toEqual([]);
      const shown = JSON.stringify(view);
      for (const part of ['*Ready*', '*Version 4* · live', '0.500 before, 0.625 after', 'with 👍 or 👎'])
        expect(shown).toContain(part);
      expect(shown.includes(actionIds.retrain)).toBe(isAdmin);
      expect(shown.includes('2026-11-26 02:00 UTC: the channel is *archived*')).toBe(isAdmin);
    }
  });

  it('lets everybody decide on their direct messages', () => {
    expect(JSON.stringify(home(false, false))).toContain(actionIds.trainingOn);
    expect(JSON.stringify(home(false, true))).toContain(actionIds.trainingOff);
  });

  it('keeps to the limits before anything was trained and with much to say', () => {
    const status = { ...statusOf(false), lastRun: null };
    const nothing = renderHome({ ...content, status, livePolicy: undefined, lastRun: null, undeliverable: [] });
    expect(viewFaults(nothing)).toEqual([]);
    const long = runOf({ reason: '&<>'.repeat(5_000) });
    const many = Array.from({ length: 500 }, () => undeliverable).flat();
    const much = renderHome({ ...content, lastRun: long, undeliverable: many });
    expect(viewFaults(much)).toEqual([]);
    expect(JSON.stringify(much)).toContain('and 490 more');
  });
});
