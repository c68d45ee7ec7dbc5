import { actionIds } from '../../../adapters/slack/action-ids.ts';
import { messageKey } from '../../../adapters/slack/keys.ts';
import { POST_EVENT } from '../../../adapters/slack/render.ts';
import { connected, connectionOf, type Mode, readManifest } from '../../slack/connection.ts';
import { elementsOf } from '../../slack/fake/elements-used.ts';
import { startFakeSlack } from '../../slack/fake/fake-slack.ts';
import type { Channel, Message, User } from '../../slack/fake/types.ts';
import type { SoakChat } from './chat.ts';

/** What goes wrong with the calls of the Web API, and with what Slack sends. */
const FAULTS = {
  latencyMs: [5, 60],
  rateLimited: 0.02,
  errorBefore: 0.02,
  errorAfter: 0.02,
  duplicateEvery: 10,
  dropSocketEvery: 60,
} as const;

/** What calls come to hear only because others, or their answers, were lost, or came late: what is done already, or not yet. */
const BY_FAULTS = [
  'ratelimited',
  'streaming_state_conflict',
  'message_not_in_streaming_state',
  'message_not_found',
  'already_reacted',
  'expired_trigger_id',
];

const REACTIONS = {
  up: ['+1', 'thumbsup', '+1::skin-tone-4'],
  down: ['-1', 'thumbsdown', '-1::skin-tone-2'],
} as const;

const isOurs = ({ metadata }: Message): boolean => metadata?.event_type === POST_EVENT;
/** The last part has the buttons to rate it. */
const isRateable = (message: Message): boolean =>
  isOurs(message) && elementsOf(message.blocks).some(({ element }) => element.action_id === actionIds.rate);

/** A fake Slack. @param speed how many times as much as by its published rates it lets through */
export async function slackChat(
  mode: Mode,
  { seed, speed }: { readonly seed: number; readonly speed: number },
): Promise<SoakChat<Message, User, Channel>> {
  const slack = await startFakeSlack({
    manifest: await readManifest(),
    seed,
    rateLimits: { mode: 'enforce', factor: speed },
  });
  const reaction = (vote: 'up' | 'down', tone: number): string => REACTIONS[vote][tone] ?? REACTIONS[vote][0];
  return {
    platform: 'slack',
    tones: REACTIONS.up.length,
    environment: { ...(await connectionOf(slack, mode)), SLACK_RATE: String(speed) },
    addPerson: (name) => slack.addUser(name),
    addPlace: (name, index, members) =>
      slack.addChannel(name, { members: [...members], kind: index % 3 === 2 ? 'private' : 'public' }),
    directPlace: (person) => slack.directMessages(person),
    connected: async () => void (await connected(slack, mode)),
    setFaults: (on) => slack.setFaults(on ? FAULTS : {}),
    say: async (place, person, text, { hasMention, root }) =>
      slack.say(place, person, hasMention ? `${slack.mention()} ${text}` : text, { thread: root?.ts }),
    async act(answer, person, act) {
      if (act.does === 'press')
        return (await slack.click(person, answer, actionIds.rate, act.vote === 'up' ? 'positive' : 'negative')).isAcked;
      if (act.does === 'react') slack.react(answer, person, reaction(act.vote, act.tone));
      else slack.unreact(answer, person, reaction(act.vote, act.tone));
      return true;
    },
    keyOf: ({ channel, ts }) => messageKey({ channel: channel.id, ts }),
    personKeyOf: ({ id }) => id,
    textOf: (message) => slack.textOf(message),
    answers: () => [...slack.world.channels.values()].flatMap(slack.messagesOf).filter(isRateable),
    readersOf: ({ channel }, people) =>
      channel.kind === 'im' ? people.filter(({ id }) => channel.members.has(id)) : people,
    // In a direct message people are thanked for their votes by messages, which are no answers.
    saidIn: (root) => slack.replies(root).filter(({ channel, metadata }) => channel.kind !== 'im' || metadata),
    leftIn(root) {
      const status = slack.statusOf(root);
      return status === '' ? [] : [`the status is left at ${JSON.stringify(status)}`];
    },
    deletedAnswers: () => slack.world.deleted.filter(isOurs).length,
    refusals: () =>
      slack.journal
        .refusals()
        .filter(({ outcome }) => !BY_FAULTS.includes(outcome))
        .map(
          ({ method, outcome, detail, args }) =>
            `${method} was refused: ${outcome} ${detail.join('; ')} ${JSON.stringify(args).slice(0, 300)}`,
        ),
    calls: () => slack.journal.calls.length,
    figures() {
      const { calls, events } = slack.journal;
      return {
        events: events.length,
        lost: events.filter(({ outcome }) => outcome === 'lost').length,
        calls: calls.length,
        faults: calls.filter(({ isInjected }) => isInjected).length,
        'over the rates': slack.violations.length,
      };
    },
    settled: async () => void (await slack.settled()),
    close: () => slack.close(),
  };
}
