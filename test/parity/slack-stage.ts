import { actionIds, reasonForm } from '../../adapters/slack/action-ids.ts';
import { COMMAND } from '../../adapters/slack/render.ts';
import type { TestStore } from '../db/test-store.ts';
import { startFakeSlack } from '../slack/fake/fake-slack.ts';
import type { Message } from '../slack/fake/types.ts';
import { manifest, openAdapter } from '../slack/open-adapter.ts';
import { plain, type Stage } from './stage.ts';

/** Reactions, a form and a command in a channel of the fake Slack. */
export async function slackStage(store: TestStore): Promise<Stage> {
  const slack = await startFakeSlack({ manifest });
  const ann = slack.addUser('ann', { isAdmin: true });
  const general = slack.addChannel('general', { members: [ann] });
  const adapter = await openAdapter(slack, store, { noteLateMs: 0, beforeVote: async () => undefined });
  const reactions = { up: '+1', down: '-1' } as const;
  let root: Message | undefined;
  let answer: Message | undefined;
  let given: 'up' | 'down' | undefined;

  const rated = (): Message => {
    if (answer === undefined) throw new Error('there is no answer to rate');
    return answer;
  };

  return {
    platform: 'slack',
    async ask(text, isNew) {
      if (isNew) root = slack.say(general, ann, `${slack.mention()} ${text}`);
      else slack.say(general, ann, text, { thread: root?.ts });
      given = undefined;
    },
    async seesAnswer(end) {
      const thread = root;
      if (thread === undefined) throw new Error('nothing was asked');
      answer = await slack.waitFor(
        () => {
          const last = slack.replies(thread).at(-1);
          const isWhole = last !== undefined && plain(slack.textOf(last)).includes(end);
          return isWhole && JSON.stringify(last.blocks).includes(actionIds.rate) ? last : undefined;
        },
        `the answer ${JSON.stringify(end)}`,
      );
    },
    async rate(vote) {
      const before = given;
      given = vote;
      slack.react(rated(), ann, reactions[vote]);
      if (before !== undefined) slack.unreact(rated(), ann, reactions[before]);
      await slack.settled();
    },
    async retract() {
      if (given !== undefined) slack.unreact(rated(), ann, reactions[given]);
      given = undefined;
      await slack.settled();
    },
    async giveReason(reason) {
      await slack.click(ann, rated(), actionIds.rate, 'negative');
      const form = await slack.waitFor(() => slack.openViewOf(ann), 'the form');
      await slack.submit(ann, form, { [reasonForm.textAction]: reason });
    },
    async retrain() {
      await slack.command(general, ann, COMMAND, 'retrain');
    },
    async close() {
      await adapter.close();
      await slack.close();
    },
  };
}
