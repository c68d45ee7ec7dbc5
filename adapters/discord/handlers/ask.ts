import { PermissionFlagsBits as Bits } from 'discord.js';
import { type Asked, type QuestionRules, takeQuestion } from '../../delivery/take-question.ts';
import type { DiscordContext, Handler } from '../context.ts';
import { messageKey, messagePlace } from '../keys.ts';
import { conversationOf, type InputOf } from '../parse.ts';
import { missingOf } from '../permissions.ts';
import { PREFIX } from '../questions.ts';
import { messageOf, renderNotice } from '../render.ts';
import { isWelcome } from './people.ts';

const isPrivate = true;
/** Without these there is nowhere to answer. */
const NEEDED = Bits.ViewChannel | Bits.SendMessages;

/** Why a question cannot be answered where it was asked; undefined when it can. */
function whyNot(input: InputOf<'asked'>, discord: DiscordContext): string | undefined {
  if (!isWelcome(input, discord)) return 'I do not work here.';
  if (input.text === '') return 'There is nothing written in it that I could answer.';
  const missing = input.botMay === null ? [] : missingOf(input.botMay).filter(({ bit }) => (bit & NEEDED) !== 0n);
  if (missing.length === 0) return undefined;
  const names = missing.map(({ name }) => `**${name}**`).join(', ');
  return `I cannot answer in this channel: I miss ${names}. Whoever manages the server can give it to my role.`;
}

/** What a question by command looks like in its channel. */
function opening({ text, about, workspace }: InputOf<'asked'>): string {
  const place = about === null ? undefined : messagePlace(about);
  const link = place && `https://discord.com/channels/${workspace}/${place.channel}/${place.id}`;
  return `${text.replace(/^/gm, '> ')}${link === undefined ? '' : `\n-# ${link}`}`;
}

/**
 * `/ask`, and the command in a message's menu: the question is shown in the channel and answered as any other, in a thread under it,
 * also when that takes longer than Discord lets a command be answered.
 */
export const onAsked: Handler<'asked'> = async (input, discord) => {
  const { workspace, person, isDirect, text } = input;
  const reply = discord.replyTo(input);
  const refusal = whyNot(input, discord);
  if (refusal !== undefined) return reply.say(renderNotice(refusal, { isPrivate }));
  const channel = await discord.directory.channel(input.channel);
  const said = await reply.sayToAll(messageOf(opening(input)));
  const conversation = conversationOf(channel, said.id);
  const message = messageKey({ channel: said.channel_id, id: said.id });
  discord.places.note(conversation, text);
  const asked = { workspace, conversation, message, person, text, isDirect, isMention: true, isReply: false };
  const rules: QuestionRules<Asked> = {
    prefix: PREFIX,
    isServed: () => true,
    isUnwelcome: async () => false,
    tell: (_, markdown) => reply.say(renderNotice(markdown, { isPrivate })),
  };
  await takeQuestion({ ...asked, hasFiles: false }, rules, discord, { limit: discord.limit });
};
