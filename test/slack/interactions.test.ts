import { describe, expect, it } from 'vitest';
import { actionIds } from '../../adapters/slack/action-ids.ts';
import { parsePress, parseSlashCommand, parseSubmission } from '../../adapters/slack/parse.ts';
import { ANSWER_ID, QUESTION_ID } from '../delivery/answers.ts';
import { ADA, CHANNEL, commandOf, pressOf, submissionOf, TEAM, THREAD, TS } from './payloads.ts';

describe('buttons, forms and commands', () => {
  const press = {
    workspace: TEAM,
    person: { key: ADA, name: 'ada' },
    channel: CHANNEL,
    message: `${CHANNEL}:${TS}`,
    conversation: `${CHANNEL}:${THREAD}`,
    triggerId: '123.456.abc',
    responseUrl: 'http://127.0.0.1/response',
  };

  it('say what was pressed, by whom and where', () => {
    expect(parsePress(pressOf({ action_id: actionIds.stop, value: QUESTION_ID }))).toEqual({
      type: 'stop',
      questionId: QUESTION_ID,
      ...press,
    });
    expect(parsePress(pressOf({ action_id: actionIds.trace, value: QUESTION_ID }))).toEqual({
      type: 'trace',
      questionId: QUESTION_ID,
      ...press,
    });
    expect(parsePress(pressOf({ action_id: actionIds.reason, value: ANSWER_ID }))).toEqual({
      type: 'reasonWanted',
      answerId: ANSWER_ID,
      ...press,
    });
    for (const vote of ['up', 'down']) {
      expect(parsePress(pressOf({ action_id: actionIds.rate, value: `${vote}:${ANSWER_ID}` }))).toEqual({
        type: 'rated',
        vote,
        answerId: ANSWER_ID,
        ...press,
      });
    }
  });

  it('of the App Home have no message', () => {
    const inHome = { channel: undefined, message: undefined, container: { type: 'view', view_id: 'V1' } };
    expect(parsePress(pressOf({ action_id: actionIds.trainingOff }, inHome))).toMatchObject({
      type: 'command',
      command: { type: 'training', isOn: false },
      channel: null,
      message: null,
      conversation: null,
    });
  });

  it.each([
    ['a button of another app', pressOf({ action_id: 'other' })],
    ['a button with a malformed value', pressOf({ action_id: actionIds.stop, value: 'x' })],
    ['a button with a malformed value', pressOf({ action_id: actionIds.rate, value: `sideways:${ANSWER_ID}` })],
    ['a button of no workspace', pressOf({ action_id: actionIds.stop }, { team: null, user: { id: ADA } })],
    ['malformed block_actions', pressOf({}, { actions: [] })],
  ])('are ignored: %s', (why, payload) => {
    expect(parsePress(payload)).toEqual({ type: 'ignored', why });
  });

  it('bring the reason of a 👎', () => {
    const about = { answerId: ANSWER_ID, conversation: null };
    const reason = { type: 'reason', workspace: TEAM, person: { key: ADA, name: 'ada' }, ...about };
    expect(parseSubmission(submissionOf(['wrong', 'too long'], ' It is 41. '))).toEqual({
      ...reason,
      reason: 'wrong, too long: It is 41.',
    });
    expect(parseSubmission(submissionOf(['other'], null))).toEqual({ ...reason, reason: 'other' });
    expect(parseSubmission(submissionOf([], null))).toEqual({ ...reason, reason: null });
    expect(parseSubmission(submissionOf(['made up'], 'x'.repeat(9_000)))).toEqual({
      ...reason,
      reason: 'x'.repeat(2_000),
    });
    expect(parseSubmission(submissionOf([], null, { callback_id: 'other' }))).toMatchObject({ type: 'ignored' });
    // Sent by somebody of another organisation, in a shared channel.
    const shared = { ...submissionOf([], null, { app_installed_team_id: TEAM }), team: { id: 'T0OTHER01' } };
    expect(parseSubmission(shared)).toMatchObject({ type: 'reason', workspace: TEAM });
    const formOf = (metadata: string) => parseSubmission(submissionOf([], null, { private_metadata: metadata }));
    expect(formOf(JSON.stringify({ ...about, conversation: 'C1:1.2' }))).toMatchObject({ conversation: 'C1:1.2' });
    for (const bad of ['{', '{}', JSON.stringify({ ...about, conversation: 'somewhere' })])
      expect(formOf(bad)).toMatchObject({ type: 'ignored' });
  });

  it('carry commands', () => {
    const { message: _, conversation: __, ...place } = press;
    const command = { type: 'command', ...place, message: null, conversation: null };
    expect(parseSlashCommand(commandOf())).toEqual({ ...command, command: { type: 'status' } });
    expect(parseSlashCommand(commandOf({ is_enterprise_install: 'true', enterprise_id: 'E0123ORG1' }))).toMatchObject({
      workspace: 'E0123ORG1',
    });
    expect(parseSlashCommand(commandOf({ text: undefined }))).toMatchObject({ command: { type: 'help' } });
    expect(parseSlashCommand({})).toMatchObject({ type: 'ignored' });
  });
});
