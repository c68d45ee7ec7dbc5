import { z } from 'zod';
import { parseAssistantCommand } from '../../delivery/assistant-command.ts';
import { reasonOf } from '../../delivery/feedback.ts';
import { ignored, type Person } from '../../delivery/inputs.ts';
import { actionIds, reasonForm } from '../action-ids.ts';
import { conversationKey, messageKey, threadPlace } from '../keys.ts';
import type { Press, SlackInput } from './inputs.ts';
import { blockActions, type Owner, slashCommand, viewSubmission } from './payloads.ts';
import { workspaceOfOwner } from './workspace.ts';

const uuid = z.uuid();
const ratedValue = z.templateLiteral([z.enum(['up', 'down']), ':', z.uuid()]);

const personOf = ({ user }: Owner): Person => ({
  key: user.id,
  name: (user.name ?? user.username ?? '').slice(0, 200),
});

function pressOf(payload: z.infer<typeof blockActions>, workspace: string): Press {
  const channel = payload.channel?.id ?? payload.container?.channel_id ?? null;
  const ts = payload.message?.ts ?? payload.container?.message_ts ?? null;
  const threadTs = payload.message?.thread_ts ?? payload.container?.thread_ts ?? ts;
  return {
    workspace,
    person: personOf(payload),
    channel,
    message: channel === null || ts === null ? null : messageKey({ channel, ts }),
    conversation: channel === null || threadTs === null ? null : conversationKey({ channel, threadTs }),
    triggerId: payload.trigger_id,
    responseUrl: payload.response_url ?? null,
  };
}

/** What a button means, by its id and its value. */
const buttons = new Map<string, (value: string, press: Press) => SlackInput | undefined>([
  [actionIds.stop, (value, press) => (isUuid(value) ? { type: 'stop', questionId: value, ...press } : undefined)],
  [actionIds.trace, (value, press) => (isUuid(value) ? { type: 'trace', questionId: value, ...press } : undefined)],
  [
    actionIds.reason,
    (value, press) => (isUuid(value) ? { type: 'reasonWanted', answerId: value, ...press } : undefined),
  ],
  [
    actionIds.rate,
    (value, press) => {
      if (!ratedValue.safeParse(value).success) return undefined;
      const vote = value.startsWith('up:') ? 'up' : 'down';
      return { type: 'rated', vote, answerId: value.slice(vote.length + 1), ...press };
    },
  ],
  [actionIds.retrain, (_, press) => ({ type: 'command', command: { type: 'retrain', isDryRun: false }, ...press })],
  [actionIds.dryRun, (_, press) => ({ type: 'command', command: { type: 'retrain', isDryRun: true }, ...press })],
  [actionIds.trainingOn, (_, press) => ({ type: 'command', command: { type: 'training', isOn: true }, ...press })],
  [actionIds.trainingOff, (_, press) => ({ type: 'command', command: { type: 'training', isOn: false }, ...press })],
]);

const isUuid = (value: string): boolean => uuid.safeParse(value).success;

/** @param payload of `block_actions`; whatever it is, nothing is thrown */
export function parsePress(payload: unknown): SlackInput {
  const parsed = blockActions.safeParse(payload);
  if (!parsed.success) return ignored('malformed block_actions');
  const workspace = workspaceOfOwner(parsed.data);
  if (workspace === undefined) return ignored('a button of no workspace');
  const [action] = parsed.data.actions;
  const button = buttons.get(action?.action_id ?? '');
  if (button === undefined) return ignored('a button of another app');
  return button(action?.value ?? '', pressOf(parsed.data, workspace)) ?? ignored('a button with a malformed value');
}

const formMetadata = z.object({
  answerId: uuid,
  conversation: z
    .string()
    .refine((key) => threadPlace(key) !== undefined)
    .nullable(),
});

function metadataOf(text: string): z.infer<typeof formMetadata> | undefined {
  try {
    return formMetadata.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** @param payload of `view_submission`; whatever it is, nothing is thrown */
export function parseSubmission(payload: unknown): SlackInput {
  const parsed = viewSubmission.safeParse(payload);
  if (!parsed.success) return ignored('malformed view_submission');
  const { view } = parsed.data;
  const workspace = workspaceOfOwner(parsed.data, view.app_installed_team_id);
  if (workspace === undefined) return ignored('a form of no workspace');
  if (view.callback_id !== reasonForm.callbackId) return ignored('a form of another kind');
  const metadata = metadataOf(view.private_metadata);
  if (metadata === undefined) return ignored('a form with malformed metadata');
  const { values } = view.state;
  const chosen = values[reasonForm.reasonsBlock]?.[reasonForm.reasonsAction]?.selected_options ?? [];
  const written = values[reasonForm.textBlock]?.[reasonForm.textAction]?.value ?? '';
  const reason = reasonOf(
    chosen.map(({ value }) => value),
    written,
  );
  return { type: 'reason', workspace, person: personOf(parsed.data), ...metadata, reason };
}

/** @param payload of a slash command; whatever it is, nothing is thrown */
export function parseSlashCommand(payload: unknown): SlackInput {
  const parsed = slashCommand.safeParse(payload);
  if (!parsed.success) return ignored('malformed command');
  const { enterprise_id, is_enterprise_install, team_id, channel_id, ...command } = parsed.data;
  const workspace = String(is_enterprise_install) === 'true' ? enterprise_id : team_id;
  if (workspace === undefined || workspace === null) return ignored('a command of no workspace');
  return {
    type: 'command',
    command: parseAssistantCommand(command.text ?? ''),
    workspace,
    person: { key: command.user_id, name: (command.user_name ?? '').slice(0, 200) },
    channel: channel_id,
    message: null,
    conversation: null,
    triggerId: command.trigger_id,
    responseUrl: command.response_url ?? null,
  };
}
