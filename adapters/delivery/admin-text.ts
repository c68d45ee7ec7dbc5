import { percent, signedPoints } from '../../src/domain/percent.ts';
import type { PolicyDetail, PolicySummary, PromotionReceipt } from '../../src/domain/policy.ts';
import type { ServiceStatus } from '../../src/domain/ports.ts';
import type { GateReport, RatedFigures, RunDetail, RunSummary } from '../../src/domain/training.ts';
import type { FoursightError } from '../../src/errors.ts';
import type { CommandWords } from './assistant-command.ts';
import { escapeMarkdown, plural } from './markdown-text.ts';

/** e.g. `2026-11-26 02:00 UTC`. */
const moment = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
const because = (reason: string | null): string =>
  reason === null || reason === '' ? '' : `: ${escapeMarkdown(reason)}`;

export const helpMarkdown = ({ typed, asking }: CommandWords): string =>
  `**How to use me**
- Mention me with a question, or write to me directly. In a conversation that I am part of, just go on asking.
- Rate my answers with 👍 or 👎. The ratings are what I learn from; taking one back counts too.

**Commands**
- \`${typed('ask QUESTION')}\` – ${asking}
- \`${typed('status')}\` – whether all is well
- \`${typed('retrain')}\` – learn from the ratings (admins); \`${typed('retrain dry-run')}\` shows what from
- \`${typed('policy list')}\` – the versions that have been trained; \`${typed('policy show N')}\` – one of them
- \`${typed('policy promote N')}\`, \`${typed('policy rollback')}\` – make a version live, go back (admins)
- \`${typed('report')}\` – what the last night brought
- \`${typed('training on')}\`, \`${typed('training off')}\` – whether I may learn from your direct messages
- \`${typed('help')}\` – this`;

/** Live policy and last run are those of the workspace that is told. */
export type ShownStatus = Pick<
  ServiceStatus,
  'ready' | 'queue' | 'questions' | 'outbox' | 'roles' | 'lastRun' | 'livePolicy'
>;

export function statusMarkdown(status: ShownStatus): string {
  const { queue, questions, outbox, roles, lastRun } = status;
  const workers = roles.filter(({ role }) => role === 'worker').length;
  return [
    status.ready ? '✅ **Ready**' : '⚠️ **Not ready**',
    `- Live policy: version ${status.livePolicy}`,
    `- Questions: ${questions.open} open, ${questions.answered} answered, ${questions.failed} failed`,
    `- Queue: ${queue.waiting} waiting, ${queue.active} active, ${queue.failed} failed`,
    `- To post: ${outbox.waiting} waiting, ${outbox.undeliverable} undeliverable in the last week`,
    `- Workers: ${workers}`,
    `- Last training: ${lastRun === null ? 'none yet' : runLine(lastRun)}`,
  ].join('\n');
}

/** What could not be posted, newest first. */
export interface Undeliverable {
  readonly why: string;
  readonly at: Date;
}

const SHOWN_UNDELIVERABLE = 10;

/** For admins; empty when all was posted. */
export function undeliverableMarkdown(rows: readonly Undeliverable[]): string {
  if (rows.length === 0) return '';
  const lines = rows
    .slice(0, SHOWN_UNDELIVERABLE)
    .map(({ why, at }) => `- ${moment(at.toISOString())}: ${escapeMarkdown(why)}`);
  const rest = rows.length - lines.length;
  return [
    `**Could not be posted in the last week: ${rows.length}**`,
    ...lines,
    ...(rest > 0 ? [`- and ${rest} more`] : []),
  ].join('\n');
}

export const promotedMarkdown = (
  { version, previous, reason }: PromotionReceipt,
  { typed }: Pick<CommandWords, 'typed'>,
): string =>
  `🟢 **Version ${version} is live**${because(reason)}\n- Before it: version ${previous}. \`${typed('policy rollback')}\` goes back.`;

/** Commands of a terminal that people can give here, too. */
const KNOWN_HERE = /`foursight ((?:status|retrain|policy|report|training|help)\b[^`]*)`/g;

/** What was refused, with what to do; commands are named as they are typed on the platform. */
export const refusedMarkdown = (error: FoursightError, { typed }: Pick<CommandWords, 'typed'>): string => {
  const remedy = error.remedy.replaceAll(KNOWN_HERE, (_, command: string) => `\`${typed(command)}\``);
  return `⚠️ ${escapeMarkdown(error.message.replace(/\.$/, ''))}. ${remedy}`;
};

const runLine = (run: RunSummary): string =>
  `${moment(run.startedAt)}, ${run.kind}, ${run.status}${because(run.reason)}`;

const policyMarks = { live: '🟢', candidate: '🟡', refused: '🔴', retired: '⚪' } as const;

export function policyLine({ version, status, parent, createdAt }: PolicySummary): string {
  const from = parent === null ? '' : `, from version ${parent}`;
  return `${policyMarks[status]} **Version ${version}** · ${status}${from}, ${moment(createdAt)}`;
}

export const policiesMarkdown = (policies: readonly PolicySummary[]): string =>
  ['**Policies**', ...policies.map((policy) => `- ${policyLine(policy)}`)].join('\n');

export function policyMarkdown(policy: PolicyDetail): string {
  const gate =
    policy.gateReport === null ? policy.gate : `${policy.gate}, ${escapeMarkdown(policy.gateReport.summary)}`;
  return [
    `${policyMarks[policy.status]} **Version ${policy.version}** · ${policy.status}`,
    `- Made ${moment(policy.createdAt)}${policy.parent === null ? '' : ` from version ${policy.parent}`}`,
    `- Base model: ${escapeMarkdown(policy.baseModel)} (${policy.kind})`,
    `- Gate: ${gate}`,
    ...policy.promotions.map(({ promotedAt, reason }) => `- Live from ${moment(promotedAt)}${because(reason)}`),
    ...(policy.gateReport === null ? [] : ['', gateTable(policy.gateReport)]),
  ].join('\n');
}

function gateTable({ kinds, overall }: GateReport): string {
  const rows = [...kinds, overall].flatMap(({ kind, total, candidate, opponents }) =>
    opponents.map(
      (one) =>
        `| ${escapeMarkdown(kind)} | ${total} | ${percent(candidate)} | version ${one.version}: ${percent(one.accuracy)} | ${signedPoints(one.difference)} |`,
    ),
  );
  return ['| Kind | Questions | Right | Against | Points |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

/** What a run would be trained on. */
export function ratedMarkdown(rated: RatedFigures): string {
  const votes = `${plural(rated.votes, 'rating')} (${rated.up} 👍, ${rated.down} 👎) by ${plural(rated.people, 'person', 'people')}`;
  return [
    `- Trained on: ${votes}, on ${plural(rated.answers, 'answer')}`,
    `- Mean reward: ${rated.meanReward.toFixed(3)} ± ${rated.rewardDeviation.toFixed(3)}`,
    `- Left out: ${rated.direct} of direct messages, ${rated.unusable} without a record`,
    ...(rated.noUpdate === null ? [] : [`- Nothing would be learnt: ${escapeMarkdown(rated.noUpdate)}`]),
  ].join('\n');
}

/** A run that goes on, in one line. */
export function runProgressMarkdown(run: RunDetail): string {
  const { rewardBefore, rewardAfter, gateDone } = run.report;
  if (run.status === 'queued') return '⏳ _waiting for a worker that trains …_';
  if (gateDone !== undefined) return `⏳ _the new version takes its exam: ${percent(gateDone)} …_`;
  const reward =
    rewardBefore === undefined || rewardAfter === undefined
      ? ''
      : `, reward ${rewardBefore.toFixed(3)} → ${rewardAfter.toFixed(3)}`;
  return `⏳ _training: ${plural(run.steps, 'step')}${reward} …_`;
}

const runTitles = {
  queued: '⏳ **Waiting**',
  running: '⏳ **Training**',
  done: '✅ **Training has ended**',
  'no update': '➖ **Nothing to learn from**',
  failed: '⚠️ **Training failed**',
} as const;

/** What a run was trained on, what it brought, what the gate found, and whether it is live. */
export function runMarkdown(run: RunDetail): string {
  const { rated, rewardBefore, rewardAfter, gate } = run.report;
  const reward =
    rewardBefore === undefined || rewardAfter === undefined
      ? []
      : [`- Reward: ${rewardBefore.toFixed(3)} before, ${rewardAfter.toFixed(3)} after ${plural(run.steps, 'step')}`];
  const verdict =
    gate === undefined ? [] : [`- Gate: ${gate.passed ? 'passed' : 'refused'}, ${escapeMarkdown(gate.summary)}`];
  const version = run.policyVersion === null ? [] : [`- Made version ${run.policyVersion} from version ${run.parent}`];
  return [
    `${runTitles[run.status]}${because(run.reason)}`,
    `- Begun ${moment(run.startedAt)}${run.endedAt === null ? '' : `, ended ${moment(run.endedAt)}`}`,
    // Why nothing was learnt is in the title.
    ...(rated === undefined ? [] : [ratedMarkdown({ ...rated, noUpdate: null })]),
    ...reward,
    ...version,
    ...verdict,
    ...(gate === undefined ? [] : gate.reasons.map((reason) => `  - ${escapeMarkdown(reason)}`)),
    ...(gate === undefined ? [] : ['', gateTable(gate)]),
  ].join('\n');
}

export const trainingMarkdown = (isOn: boolean, { typed }: Pick<CommandWords, 'typed'>): string =>
  isOn
    ? `I may learn from your direct messages and their ratings. \`${typed('training off')}\` ends that.`
    : `I do not learn from your direct messages. \`${typed('training on')}\` would let me.`;
