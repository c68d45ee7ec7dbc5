import { expect, it } from 'vitest';
import { actionIds, reasonForm } from '../../adapters/slack/action-ids.ts';
import { COMMAND } from '../../adapters/slack/render.ts';
import { MAX_QUESTION_LENGTH } from '../../src/domain/question.ts';
import { turnOf } from '../db/test-store.ts';
import { randomMarkdown } from '../delivery/random-markdown.ts';
import { gateReport, makeCandidate } from '../policies/candidates.ts';
import { overLimits, usesOf } from './call-limits.ts';
import { type Office, withOffice } from './office.ts';

const SEEDS = [1, 2, 3, 4, 5];
const COMMANDS = [
  ...['help', 'dance', 'status', 'report', 'retrain dry-run', 'retrain', 'training on', 'training off'],
  ...['policy list', 'policy show 1', 'policy promote 99', 'policy rollback'],
];

let team: Office;
let { store, ben, general } = {} as Office;
withOffice((office) => {
  team = office;
  ({ store, ben, general } = office);
});

const row = (n: number) => `| row ${n} | ${'cell '.repeat(20)} | <!channel> & <@U1> |`;
/** Everything that an answer can be, longer than one message takes. */
const answers = [
  ...SEEDS.map((seed) => randomMarkdown(seed, true).text.repeat(20)),
  `${'word '.repeat(9_000)}`,
  `\`\`\`ts\n${'const x = "<>&";\n'.repeat(2_000)}\`\`\``,
  `| a | b | c |\n| --- | --- | --- |\n${Array.from({ length: 300 }, (_, n) => row(n)).join('\n')}`,
  Array.from({ length: 400 }, (_, n) => `- [source ${n}](https://example.org/${'path/'.repeat(20)}${n})`).join('\n'),
  'x'.repeat(30_000),
  '👩‍👩‍👧‍👦'.repeat(2_000),
  '&<>'.repeat(6_000),
];

it('stays within the limits of Slack with everything that it sends, however long', { timeout: 240_000 }, async () => {
  const { slack } = team;
  // Progress of long turns; first, while there is room for it in the budgets.
  const long = slack.say(general, ben, `${slack.mention()} ${'long '.repeat(790)}`);
  const questionId = await team.questionOf(long);
  const held = await store.journal.begin(questionId, 'test');
  if (typeof held === 'string') throw new Error(held);
  for (let turn = 1; turn <= 12; turn += 1) {
    const words = 'on and on '.repeat(300);
    await store.journal.appendTurn(held, { ...turnOf(turn), subGoal: words, command: words, result: words });
  }
  await slack.waitFor(() => JSON.stringify(slack.replies(long)).includes('on and on'), 'long progress');
  await store.journal.fail(questionId, 'because '.repeat(3_000));
  await slack.waitFor(() => slack.replies(long).some((one) => slack.textOf(one).includes('could not')), 'the failure');

  for (const [index, text] of answers.entries()) {
    // Each in a channel of its own: what is posted in one has to wait.
    const channel = slack.addChannel(`long-${index}`, { members: [ben] });
    const { message } = await team.answered(channel, ben, `long ${index}?`, { text });
    if (index > 0) continue;
    slack.react(message, ben, '+1');
    await team.told(ben, 'is noted', message);
    await slack.click(ben, message, actionIds.trace);
    await team.told(ben, 'How I got there', message);
    await slack.click(ben, message, actionIds.rate, 'negative');
    const form = await slack.waitFor(() => slack.openViewOf(ben), 'the form');
    await slack.submit(ben, form, { [reasonForm.textAction]: 'why '.repeat(375) });
  }

  const workspaceId = await team.workspaceId();
  for (let i = 0; i < 60; i += 1) await makeCandidate(store.db, workspaceId, { gate: gateReport(i % 2 === 0) });
  for (const typed of [
    ...COMMANDS,
    `ask ${'w'.repeat(MAX_QUESTION_LENGTH)}`,
    `ask ${'w'.repeat(MAX_QUESTION_LENGTH + 1)}`,
  ]) {
    const before = slack.ephemeralsOf(ben).length;
    expect((await slack.command(general, ben, COMMAND, typed)).isAcked).toBe(true);
    await slack.waitFor(() => slack.ephemeralsOf(ben).length > before, `an answer to ${typed.slice(0, 20)}`);
  }
  slack.openHome(ben);
  await slack.waitFor(() => slack.homeOf(ben), 'the App Home');
  slack.openAssistant(ben);
  await slack.waitFor(() => slack.world.prompts.size > 0, 'prompts');
  await slack.settled();

  expect(slack.journal.refusals()).toEqual([]);
  expect(overLimits(slack.journal.calls)).toEqual([]);
  // The lengths above reach far enough to mean something.
  const used = new Map(usesOf(slack.journal.calls).map(({ limit, largest }) => [limit.what, largest / limit.most]));
  for (const what of ['markdown blocks together', 'text of section', 'title', 'prompts', 'blocks of a view'])
    expect(used.get(what), what).toBeGreaterThan(0.1);
  expect(used.get('markdown blocks together')).toBeGreaterThan(0.8);
});
