import { describe, expect, it } from 'vitest';
import { suggestedPrompts } from '../../adapters/delivery/suggested-prompts.ts';
import { actionIds } from '../../adapters/slack/action-ids.ts';
import type { User } from './fake/types.ts';
import { type Office, withOffice } from './office.ts';

let team: Office;
let { store, ann, ben, general } = {} as Office;
withOffice((office) => {
  team = office;
  ({ store, ann, ben, general } = office);
});

describe('the stop button', () => {
  it('ends the question, names who pressed it, and says so when there is nothing left to stop', async () => {
    const { slack } = team;
    const question = slack.say(general, ann, `${slack.mention()} and on and on?`);
    const progress = await team.begun(question);
    const asItWas = { ...progress, blocks: [...progress.blocks] };
    await slack.click(ben, progress, actionIds.stop);
    await slack.waitFor(
      () => slack.replies(question).some((reply) => slack.textOf(reply).includes(`Stopped by <@${ben.id}>`)),
      'the end of it',
    );
    expect(await store.loop.standing(await team.questionOf(question))).toMatchObject({ status: 'cancelled' });
    // Pressed on a screen that has not changed yet.
    await slack.click(ann, asItWas, actionIds.stop);
    await team.told(ann, 'nothing left to stop');
  });
});

it('a question of another workspace is not stopped', async () => {
  const { slack } = team;
  const asked = { platform: 'slack', conversation: 'C1:1', key: 'C1:1', text: 'elsewhere?', isDirect: false };
  const person = { key: 'U1', name: 'eve' };
  const { questionId } = await store.loop.ask({ ...asked, workspace: 'T0OTHER01', person });
  const question = slack.say(general, ann, `${slack.mention()} and here?`);
  const progress = await team.begun(question);
  const own = await team.questionOf(question);
  const blocks = JSON.parse(JSON.stringify(progress.blocks).replaceAll(own, questionId));
  expect((await slack.click(ann, { ...progress, blocks }, actionIds.stop)).isAcked).toBe(true);
  expect(await store.loop.standing(questionId)).toMatchObject({ status: 'open' });
  await slack.click(ann, progress, actionIds.stop);
  await slack.waitFor(() => slack.replies(question).some((one) => slack.textOf(one).includes('Stopped by')), 'its end');
});

describe('how I got there', () => {
  it('is shown to whoever presses the button, with turns, tools, time and policy version, and to nobody else', async () => {
    const { slack } = team;
    const { message } = await team.answered(general, ann, 'how?');
    await slack.click(ben, message, actionIds.trace);
    const trace = await team.told(ben, 'How I got there', message);
    for (const part of ['Turn 1', 'calculator', '`1 + 1`', '2', 'policy 0', ' s · ']) {
      expect(slack.textOf(trace)).toContain(part);
    }
    expect(slack.ephemeralsOf(ann).some((one) => slack.textOf(one).includes('How I got there'))).toBe(false);
    expect(slack.replies(message)).toHaveLength(1);
  });
});

describe('the App Home', () => {
  const homeOf = (user: User, part: string) =>
    team.slack.waitFor(() => {
      const home = team.slack.homeOf(user);
      return home !== undefined && JSON.stringify(home.content).includes(part) && home;
    }, `a home with ${part}`);

  it('shows status, the live policy, the last night and how to rate; administration to admins only', async () => {
    const { slack } = team;
    slack.openHome(ann);
    slack.openHome(ben);
    const shown = JSON.stringify((await homeOf(ann, 'Foursight')).content);
    for (const part of ['Live policy: version 0', 'Version 0', 'None yet', 'with 👍 or 👎', '/foursight'])
      expect(shown).toContain(part);
    expect(shown).not.toContain('Administration');
    await homeOf(ben, 'Administration');
  });

  it('lets everybody decide on their direct messages, and shows what they decided', async () => {
    const { slack } = team;
    slack.openHome(ann);
    await slack.click(ann, await homeOf(ann, actionIds.trainingOn), actionIds.trainingOn);
    const home = await homeOf(ann, actionIds.trainingOff);
    const person = { platform: 'slack', workspace: slack.team.id, person: { key: ann.id, name: 'ann' } };
    expect(await store.loop.trainsOnDirect(person)).toBe(true);
    await slack.click(ann, home, actionIds.trainingOff);
    await homeOf(ann, actionIds.trainingOn);
    expect(await store.loop.trainsOnDirect(person)).toBe(false);
  });

  it('lets an admin retrain', async () => {
    const { slack } = team;
    slack.openHome(ben);
    await slack.click(ben, await homeOf(ben, actionIds.retrain), actionIds.retrain);
    await slack.waitFor(
      () =>
        slack.messagesOf(slack.directMessages(ben)).some((one) => slack.textOf(one).includes('waiting for a worker')),
      'progress',
    );
    const [run] = await store.loop.runs(await team.workspaceId(), 1);
    expect(run).toMatchObject({ kind: 'retrain', status: 'queued' });
  });
});

it('the assistant’s view suggests prompts', async () => {
  const { slack } = team;
  const root = slack.openAssistant(ann);
  const prompts = await slack.waitFor(() => slack.world.prompts.get(`${root.channel.id}:${root.ts}`), 'prompts');
  expect(prompts).toEqual(suggestedPrompts);
});

it('no call was one that Slack refuses', () => {
  expect(team.slack.journal.refusals()).toEqual([]);
});
