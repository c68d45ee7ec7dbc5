import { MessageType } from 'discord.js';
import { actionOf } from '../../../adapters/discord/action-ids.ts';
import { messageKey } from '../../../adapters/discord/keys.ts';
import { createFakeDiscord } from '../../discord/fake/fake-discord.ts';
import type { Channel, Message, User } from '../../discord/fake/types.ts';
import type { SoakChat } from './chat.ts';

/** What goes wrong with the calls of the REST API, and with what the gateway sends. */
const FAULTS = {
  latencyMs: [5, 60],
  rateLimited: 0.02,
  errorBefore: 0.02,
  errorAfter: 0.02,
  duplicateEvery: 10,
  dropSocketEvery: 60,
} as const;

/**
 * What calls come to hear only because others, or their answers, were lost, or came late: a message that is gone already, a press
 * that waited for a process, or was answered before, a thread that is there already. A new process does not know what the one
 * before it has used up of the rates.
 */
const BY_FAULTS = [429, 10_008, 10_062, 40_060, 160_004];

const REACTIONS = { up: ['👍', '👍🏽', '👍🏻'], down: ['👎', '👎🏿', '👎🏼'] } as const;
/** How long a person waits for the thread of a question to appear, to go on in it. */
const THREAD_MS = 180_000;
const CONNECT_MS = 60_000;

/** A fake Discord. @param speed how many times as much as by its published rates it lets through */
export async function discordChat({
  seed,
  speed,
}: {
  readonly seed: number;
  readonly speed: number;
}): Promise<SoakChat<Message, User, Channel>> {
  const discord = await createFakeDiscord({ seed, rateLimits: { speed } });
  const { bot, journal, world } = discord;
  const reaction = (vote: 'up' | 'down', tone: number): string => REACTIONS[vote][tone] ?? REACTIONS[vote][0];

  const rateButton = (message: Message, vote: 'up' | 'down'): string | undefined =>
    discord.buttonsOf(message).find(({ customId }) => {
      const action = actionOf(customId ?? '');
      return action?.type === 'rate' && action.vote === vote;
    })?.customId;
  const isRateable = (message: Message): boolean => message.author === bot && rateButton(message, 'up') !== undefined;

  /** Where a conversation goes on: in the thread of the question that began it, once it is there. */
  const placeAfter = async (root: Message): Promise<Channel> =>
    root.channel.recipient === undefined
      ? discord.waitFor(() => root.thread, `the thread of ${root.id}`, THREAD_MS)
      : root.channel;

  return {
    platform: 'discord',
    tones: REACTIONS.up.length,
    environment: { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.apiUrl },
    addPerson: (name) => discord.addUser(name),
    addPlace: (name) => discord.addChannel(name),
    directPlace: (person) => discord.directMessages(person),
    connected: async () => void (await discord.waitFor(() => discord.connections > 0, 'a connection', CONNECT_MS)),
    setFaults: (on) => discord.setFaults(on ? FAULTS : {}),
    async say(place, person, text, { hasMention, root }) {
      const where = root === undefined ? place : await placeAfter(root);
      return discord.say(where, person, hasMention ? `${discord.mention()} ${text}` : text);
    },
    async act(answer, person, act) {
      if (act.does === 'press') {
        const { isAcked, modal } = await discord.press(answer, person, rateButton(answer, act.vote) ?? 'no button');
        if (modal !== undefined) discord.dismiss(modal);
        return isAcked;
      }
      if (act.does === 'react') discord.react(answer, person, reaction(act.vote, act.tone));
      else discord.unreact(answer, person, reaction(act.vote, act.tone));
      return true;
    },
    keyOf: ({ id, channel }) => messageKey({ id, channel: channel.id }),
    personKeyOf: ({ id }) => id,
    textOf: (message) => discord.textOf(message),
    answers: () => [...world.channels.values()].flatMap(discord.messagesIn).filter(isRateable),
    readersOf: ({ channel }, people) =>
      channel.recipient === undefined ? people : people.filter((person) => person === channel.recipient),
    saidIn(root) {
      const { channel } = root;
      const within = channel.recipient === undefined ? [] : discord.saidIn(channel);
      return [...new Set([...within, ...discord.answersTo(root)])].filter(
        ({ type }) => type !== MessageType.ThreadStarterMessage,
      );
    },
    leftIn: (root) => (discord.isTyping(root.thread ?? root.channel) ? ['it seems to be typing still'] : []),
    deletedAnswers: () => world.deleted.filter(isRateable).length,
    refusals: () =>
      journal
        .refusals()
        .filter(({ outcome }) => !BY_FAULTS.includes(Number.parseInt(outcome, 10)))
        .map(
          ({ route, outcome, errors, body }) =>
            `${route} was refused: ${outcome} ${JSON.stringify(errors ?? '')} ${JSON.stringify(body).slice(0, 300)}`,
        ),
    calls: () => journal.calls.length,
    figures: () => ({
      events: journal.events.length,
      calls: journal.calls.length,
      faults: journal.calls.filter(({ isInjected }) => isInjected).length,
      'over the rates': discord.violations.length,
    }),
    settled: () => discord.heard(),
    close: () => discord.close(),
  };
}
