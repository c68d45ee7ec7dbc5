import { describe, expect, it, vi } from 'vitest';
import { COMMAND } from '../../adapters/slack/render.ts';
import { addToReport, claimRun, endRun, type HeldRun } from '../../src/db/run-queries.ts';
import type { TestStore } from '../db/test-store.ts';
import { gateReport, ratedFigures } from '../delivery/runs.ts';
import type { Channel, Message, User } from './fake/types.ts';
import { type Office, withOffice } from './office.ts';
import { type AdapterOptions, settings } from './open-adapter.ts';

let store: TestStore;
let team: Office;
/** No admin of the workspace's: one that the settings list. */
let eve: User;
let general: Channel;
const admins: string[] = [];
const reportingTo = (reportChannel: string | null): AdapterOptions => ({
  settings: { ...settings, admins, reportChannel },
});
withOffice((office) => {
  team = office;
  ({ store, general } = office);
  eve = office.slack.addUser('eve');
  general.members.add(eve.id);
  admins.push(eve.id);
}, reportingTo(null));

const shown = (part: string): Promise<Message> =>
  team.slack.waitFor(
    () => team.slack.messagesOf(team.slack.directMessages(eve)).find((one) => team.slack.textOf(one).includes(part)),
    part,
    20_000,
  );

/** Takes the open run, as a worker does. */
async function claimed(): Promise<HeldRun> {
  const [run] = await store.loop.runs(await team.workspaceId(), 1);
  const held = await claimRun(store.db, run?.runId ?? '', 'test');
  if (held === undefined) throw new Error('no run to be had');
  return held;
}

const end = (held: HeldRun, status: 'done' | 'no update', reason: string) =>
  store.db.transaction((tx) => endRun(tx, held, { status, reason }));

describe('retrain', () => {
  it('is not begun where whoever wants it cannot be told how it goes, who is told so', async () => {
    const { slack } = team;
    slack.failNext('chat.postMessage', { error: 'messages_tab_disabled' });
    await slack.command(general, eve, COMMAND, 'retrain');
    await team.told(eve, 'It was not begun: allow direct messages from me');
    expect(await store.loop.runs(await team.workspaceId(), 1)).toEqual([]);
  });

  it('is told of by one message that shows how it goes, and ends with a summary where it was asked for too', async () => {
    const { slack } = team;
    await slack.command(general, eve, COMMAND, 'retrain');
    await team.told(eve, 'Training has begun');
    const message = await shown('waiting for a worker');
    const held = await claimed();
    await addToReport(store.db, held, { rated: ratedFigures, rewardBefore: 0.5, rewardAfter: 0.625, gateDone: 0.25 });
    await shown('takes its exam: 25.0 %');
    await slack.command(general, eve, COMMAND, 'retrain');
    await team.told(eve, 'going on already');
    await addToReport(store.db, held, {
      gate: { ...gateReport, passed: false, reasons: ['dates: at least −8 points'] },
    });
    await end(held, 'done', 'refused by the gate');
    const summary = await shown('Training has ended');
    expect(summary.ts).toBe(message.ts);
    expect(slack.messagesOf(slack.directMessages(eve))).toHaveLength(1);
    const text = slack.textOf(summary);
    for (const part of [
      'refused by the gate',
      'Trained on: 20 ratings (15 👍, 5 👎)',
      'Reward: 0.500 before, 0.625 after',
      'Gate: refused',
      'dates: at least −8 points',
    ])
      expect(text).toContain(part);
    expect((await team.told(eve, 'Training has ended')).channel).toBe(general);
    expect(slack.messagesOf(general)).toEqual([]);
  });

  it('goes on being told of after a restart, in the same message', async () => {
    const { slack } = team;
    await slack.command(slack.directMessages(eve), eve, COMMAND, 'retrain');
    const message = await shown('waiting for a worker');
    await team.restart(reportingTo(null));
    await end(await claimed(), 'no update', 'the votes agree on nothing');
    const summary = await shown('Nothing to learn from');
    expect(summary.ts).toBe(message.ts);
    expect(slack.textOf(summary)).toContain('the votes agree on nothing');
  });

  it('is not told of again once it was told', async () => {
    const { slack } = team;
    const edits = slack.journal.callsOf('chat.update').length;
    await team.restart(reportingTo(null));
    await slack.settled();
    expect(slack.journal.callsOf('chat.update')).toHaveLength(edits);
    expect(slack.journal.refusals()).toEqual([]);
  });
});

describe('the report of a night', () => {
  const trainedByNight = async (reason: string): Promise<void> => {
    await store.loop.retrain(await team.workspaceId(), { by: 'schedule', seed: 1 });
    await end(await claimed(), 'no update', reason);
  };

  it('is posted to the channel that is to get it, once, and is what `report` tells', async () => {
    const { slack } = team;
    const news = slack.addChannel('news', { members: [eve] });
    await team.restart(reportingTo(news.id));
    slack.failNext('chat.postMessage', { status: 503, afterwards: true });
    await trainedByNight('too few <!channel> votes');
    await slack.waitFor(() => slack.messagesOf(news).length > 0, 'the report');
    const [report] = slack.messagesOf(news);
    expect(report && slack.textOf(report)).toContain('Too few @');
    expect(report && slack.textOf(report)).not.toContain('<!channel>');
    await vi.waitFor(async () => expect((await store.loop.status()).outbox.waiting).toBe(0), { timeout: 20_000 });
    expect(slack.messagesOf(news)).toHaveLength(1);
    await slack.command(general, eve, COMMAND, 'report');
    await team.told(eve, 'Nothing to learn from');
  });

  it('that cannot be posted is shown to admins', async () => {
    const { slack } = team;
    const elsewhere = slack.addChannel('elsewhere', { withBot: false });
    await team.restart(reportingTo(elsewhere.id));
    await trainedByNight('too few votes');
    await vi.waitFor(async () => expect(await store.desk.undeliverable('slack', slack.team.id, 1)).toHaveLength(1), {
      timeout: 20_000,
    });
    await slack.command(general, eve, COMMAND, 'status');
    expect(slack.textOf(await team.told(eve, 'Could not be posted'))).toContain('not\\_in\\_channel');
  });
});
