import { PermissionFlagsBits as Bits } from 'discord.js';
import type { Person } from '../../delivery/inputs.ts';
import { type Asked, type QuestionRules, type TakeOptions, takeQuestion } from '../../delivery/take-question.ts';
import { commandWords } from '../commands.ts';
import type { DiscordContext, Handler } from '../context.ts';
import { messageKey, placeOf } from '../keys.ts';
import type { Channel } from '../parse/payloads.ts';
import { conversationOf, type InputOf } from '../parse.ts';
import { missingOf } from '../permissions.ts';
import { renderOpening } from '../render.ts';
import { isWelcome } from './people.ts';

/** Without these there is nowhere to answer, in a thread or in one that is begun. */
function neededIn(channel: Channel | undefined, may: bigint): bigint {
  if (channel !== undefined && channel.parent !== null) return Bits.ViewChannel | Bits.SendMessagesInThreads;
  const isBegun = channel?.takesThreads !== false && (may & Bits.CreatePublicThreads) !== 0n;
  return Bits.ViewChannel | Bits.SendMessages | (isBegun ? Bits.SendMessagesInThreads : 0n);
}

/** Why a question cannot be answered where it was asked; undefined when it can. */
async function whyNot(input: InputOf<'asked'>, discord: DiscordContext): Promise<string | undefined> {
  if (!(await isWelcome(input, discord))) return 'I do not work here.';
  if (input.text === '') return 'There is nothing written in it that I could answer.';
  const { botMay } = input;
  const needed = neededIn(discord.directory.known(input.channel), botMay ?? 0n);
  const missing = botMay === null ? [] : missingOf(botMay).filter(({ bit }) => (bit & needed) !== 0n);
  if (missing.length === 0) return undefined;
  const names = missing.map(({ name }) => `**${name}**`).join(', ');
  return `I cannot answer in this channel: I miss ${names}. Whoever manages the server can give it to my role.`;
}

/** Where the message is that is asked about; null: none is. */
function aboutOf({ about, workspace, isDirect }: InputOf<'asked'>): string | null {
  if (about === null) return null;
  const { channel, id } = placeOf(about);
  return `https://discord.com/channels/${isDirect ? '@me' : workspace}/${channel}/${id}`;
}

/**
 * `/ask`, and the command in a message's menu: the question is shown in the channel and answered as any other, in a thread under it,
 * also when that takes longer than Discord lets a command be answered.
 */
export const onAsked: Handler<'asked'> = async (input, discord) => {
  const { workspace, person, text } = input;
  const reply = discord.replyTo(input);
  const refusal = await whyNot(input, discord);
  if (refusal !== undefined) return reply.saying(refusal);
  const channel = await discord.directory.channel(input.channel);
  const { id } = await reply.sayToAll(renderOpening(text, aboutOf(input)));
  const opened = { workspace, channel, id, person, text, tell: reply.saying };
  await askOpened(opened, discord, { limit: discord.limit });
};

export interface Opened {
  readonly workspace: string;
  readonly channel: Channel;
  /** Of the message that shows the question. */
  readonly id: string;
  readonly person: Person;
  readonly text: string;
  /** Tells the person why it is not taken. */
  readonly tell: (markdown: string) => Promise<void>;
}

/** Asks what a message of the bot's shows. Idempotent on that message. */
export async function askOpened(opened: Opened, discord: DiscordContext, options: TakeOptions): Promise<void> {
  const { workspace, channel, id, person, text, tell } = opened;
  const conversation = conversationOf(channel, id);
  const asked: Asked = {
    ...{ workspace, conversation, person, text },
    message: messageKey({ channel: channel.id, id }),
    isDirect: channel.isDirect,
    isMention: true,
    isReply: false,
    hasFiles: false,
  };
  const rules: QuestionRules<Asked> = {
    words: commandWords,
    isServed: async () => true,
    isUnwelcome: async () => false,
    tell: (_, markdown) => tell(markdown),
  };
  discord.places.note(conversation, text);
  await takeQuestion(asked, rules, discord, options);
}
