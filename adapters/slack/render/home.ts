import type { ActionsBlock, Button, HomeView, KnownBlock } from '@slack/types';
import type { PolicySummary } from '../../../src/domain/policy.ts';
import type { RunDetail } from '../../../src/domain/training.ts';
import {
  helpMarkdown,
  policyLine,
  runMarkdown,
  type ShownStatus,
  statusMarkdown,
  trainingMarkdown,
  type Undeliverable,
  undeliverableMarkdown,
} from '../../delivery/admin-text.ts';
import type { CommandWords } from '../../delivery/assistant-command.ts';
import { actionIds } from '../action-ids.ts';
import { limits } from '../limits.ts';
import { sections } from './message.ts';

export const COMMAND = '/foursight';
export const commandWords: CommandWords = {
  typed: (command) => `${COMMAND} ${command}`,
  asking: 'ask, seen by you alone',
};

export interface HomeContent {
  readonly status: ShownStatus;
  /** undefined when the workspace has not asked anything yet. */
  readonly livePolicy: PolicySummary | undefined;
  /** The last run of training. */
  readonly lastRun: RunDetail | null;
  readonly isAdmin: boolean;
  /** Shown to admins. */
  readonly undeliverable: readonly Undeliverable[];
  /** Whether the person's direct messages may be trained on. */
  readonly trainsOnDirect: boolean;
}

const header = (text: string): KnownBlock => ({ type: 'header', text: { type: 'plain_text', text, emoji: true } });

const button = (action_id: string, text: string, more: Partial<Button> = {}): Button => ({
  type: 'button',
  action_id,
  text: { type: 'plain_text', text, emoji: true },
  ...more,
});

function trainingButton(isOn: boolean): ActionsBlock {
  const [id, label] = isOn
    ? [actionIds.trainingOff, 'Do not learn from them']
    : [actionIds.trainingOn, 'Learn from them'];
  return { type: 'actions', elements: [button(id, label)] };
}

function adminBlocks(undeliverable: readonly Undeliverable[]): KnownBlock[] {
  const confirm = {
    title: { type: 'plain_text', text: 'Retrain?' },
    text: {
      type: 'plain_text',
      text: 'A new version is trained on the ratings. It goes live only if it passes its exam.',
    },
    confirm: { type: 'plain_text', text: 'Retrain' },
    deny: { type: 'plain_text', text: 'Not now' },
  } as const;
  const told = `Versions: \`${COMMAND} policy list\`, \`policy show N\`, \`policy promote N\`, \`policy rollback\`.`;
  return [
    header('Administration'),
    ...sections(undeliverableMarkdown(undeliverable)),
    ...sections(told),
    {
      type: 'actions',
      elements: [
        button(actionIds.retrain, 'Retrain', { style: 'primary', confirm }),
        button(actionIds.dryRun, 'Show what from'),
      ],
    },
  ];
}

/** The App Home of one person. */
export function renderHome(content: HomeContent): HomeView {
  const { status, livePolicy, lastRun, isAdmin, undeliverable, trainsOnDirect } = content;
  const blocks: KnownBlock[] = [
    header('Foursight'),
    ...sections(statusMarkdown(status)),
    ...(livePolicy === undefined ? [] : sections(policyLine(livePolicy))),
    header('Last training'),
    ...sections(lastRun === null ? 'None yet: rate some answers.' : runMarkdown(lastRun)),
    header('How to use me'),
    ...sections(helpMarkdown(commandWords)),
    header('Your direct messages'),
    ...sections(trainingMarkdown(trainsOnDirect, commandWords)),
    trainingButton(trainsOnDirect),
    ...(isAdmin ? adminBlocks(undeliverable) : []),
  ];
  return { type: 'home', blocks: blocks.slice(0, limits.viewBlocks) };
}
