import { afterAll, beforeAll, expect, it } from 'vitest';
import { actionIds, reasonForm } from '../../adapters/slack/action-ids.ts';
import { COMMAND } from '../../adapters/slack/render.ts';
import { MAX_QUESTION_LENGTH } from '../../src/domain/question.ts';
import type { TestStore } from '../db/test-store.ts';
import { turnOf } from '../db/test-store.ts';
import { withStore } from '../db/with-store.ts';
import { randomMarkdown } from '../delivery/random-markdown.ts';
import { gateReport, makeCandidate } from '../policies/candidates.ts';
import { overLimits, usesOf } from './call-limits.ts';
import type { Channel, User } from './fake/types.ts';
import { type LiveTeam, startTeam } from './live-team.ts';

const SEEDS = [1, 2, 3, 4, 5];
const COMMANDS = [
  ...['help', 'dance', 'status', 'report', 'retrain dry-run', 'retrain', 'training on', 'training off'],
  ...['policy list', 'policy show 1', 'policy promote 99', 'policy rollback'],
];

let store: TestStore;
withStore((opened) => {
  store = opened;
});
let team: LiveTeam;
let ann: User;
let general: Channel;
beforeAll(async () => {
  team = await startTeam(store, { reportChannel: null });
  ann = team.slack.addUser('ann', { isAdmin: true });
  general = team.slack.addChannel('general', { members: [ann] });
});
afterAll(() => team.close());

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
  const long = slack.say(general, ann, `${slack.mention()} ${'long '.repeat(790)}`);
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
    const channel = slack.addChannel(`long-${index}`, { members: [ann] });
    const { message } = await team.answered(channel, ann, `long ${index}?`, { text });
    if (index > 0) continue;
    slack.react(message, ann, '+1');
    await team.told(ann, 'is noted', message);
    await slack.click(ann, message, actionIds.trace);
    await team.told(ann, 'How I got there', message);
    await slack.click(ann, message, actionIds.rate, 'negative');
    const form = await slack.waitFor(() => slack.openViewOf(ann), 'the form');
    await slack.submit(ann, form, { [reasonForm.textAction]: 'why '.repeat(375) });
  }

  const workspaceId = await team.workspaceId();
  for (let i = 0; i < 60; i += 1) await makeCandidate(store.db, workspaceId, { gate: gateReport(i % 2 === 0) });
  for (const typed of [
    ...COMMANDS,
    `ask ${'w'.repeat(MAX_QUESTION_LENGTH)}`,
    `ask ${'w'.repeat(MAX_QUESTION_LENGTH + 1)}`,
  ]) {
    const before = slack.ephemeralsOf(ann).length;
    expect((await slack.command(general, ann, COMMAND, typed)).isAcked).toBe(true);
    await slack.waitFor(() => slack.ephemeralsOf(ann).length > before, `an answer to ${typed.slice(0, 20)}`);
  }
  slack.openHome(ann);
  await slack.waitFor(() => slack.homeOf(ann), 'the App Home');
  slack.openAssistant(ann);
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
