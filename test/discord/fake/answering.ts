import { InteractionType, MessageFlags, InteractionResponseType as Type } from 'discord.js';
import { z } from 'zod';
import { refusalOf } from './complaints.ts';
import { ANSWERABLE, contentsOf, EDITABLE } from './contents.ts';
import type { Desk } from './desk.ts';
import { mentionsOf } from './mentions.ts';
import { messageShape } from './message-shapes.ts';
import { change, hasFlag, post } from './messages.ts';
import { badField, Refusal } from './refusal.ts';
import { modalData } from './schemas/components.ts';
import { someMessage } from './schemas/messages.ts';
import type { Acknowledgement, Interaction, Json, Message, Modal } from './types.ts';
import type { World } from './world.ts';

type Body = z.infer<typeof someMessage>;

export const callback = z.strictObject({
  type: z.literal([
    Type.ChannelMessageWithSource,
    Type.DeferredChannelMessageWithSource,
    Type.DeferredMessageUpdate,
    Type.UpdateMessage,
    Type.Modal,
  ]),
  data: z.unknown().optional(),
});

/** Parses a callback's data, with what is wrong under `data`. */
function dataOf<Schema extends z.ZodType>(schema: Schema, data: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(data ?? {});
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => ({ ...issue, path: ['data', ...issue.path] }));
  throw refusalOf({ issues } as unknown as z.ZodError, { data });
}

/** Whom an answer notifies: unless it says otherwise people, but neither roles nor everyone. */
function mentioned({ world }: Desk, { channel }: Interaction, content: string, { allowed_mentions }: Body) {
  return mentionsOf(world, {
    channel,
    author: world.app.bot,
    content,
    allowed: allowed_mentions ?? { parse: ['users'] },
  });
}

/** Posts an answer: for all to see, or for the person alone. */
function answer(desk: Desk, interaction: Interaction, body: Body, isEphemeral?: boolean): Message {
  const { channel, user } = interaction;
  const { content = '', embeds = [], components = [], flags } = contentsOf(body, ANSWERABLE);
  const isPrivate = isEphemeral ?? (flags & MessageFlags.Ephemeral) !== 0;
  return keep(
    interaction,
    post(desk, {
      channel,
      author: desk.world.app.bot,
      type: interaction.answerType,
      content,
      embeds,
      components,
      flags: isPrivate ? flags | MessageFlags.Ephemeral : flags,
      interaction,
      reference: interaction.reference,
      seenBy: isPrivate ? user : undefined,
      ...mentioned(desk, interaction, content, body),
    }),
  );
}

function keep(interaction: Interaction, message: Message): Message {
  interaction.answers.push(message);
  interaction.original ??= message;
  return message;
}

function defer(desk: Desk, interaction: Interaction, data: unknown): Message {
  const { flags = 0 } = dataOf(z.strictObject({ flags: z.int().optional() }), data);
  if ((flags & ~MessageFlags.Ephemeral) !== 0)
    throw badField('data.flags', 'MESSAGE_FLAGS_INVALID', 'Only the flag for ephemeral may be set');
  return keep(
    interaction,
    post(desk, {
      channel: interaction.channel,
      author: desk.world.app.bot,
      type: interaction.answerType,
      flags: flags | MessageFlags.Loading,
      interaction,
      reference: interaction.reference,
      seenBy: flags === 0 ? undefined : interaction.user,
    }),
  );
}

/** Changes an answer, or the message with the component. */
export function rewrite(desk: Desk, interaction: Interaction, message: Message, body: Body): void {
  const contents = contentsOf(body, EDITABLE | (message.flags & MessageFlags.Ephemeral), message);
  const flags = contents.flags & ~MessageFlags.Loading;
  const { content = message.content } = contents;
  change(desk, message, { ...contents, flags, ...mentioned(desk, interaction, content, body) });
}

function openModal(desk: Desk, interaction: Interaction, data: unknown): Modal {
  if (interaction.type === InteractionType.ModalSubmit)
    throw badField('type', 'INTERACTION_RESPONSE_TYPE_INVALID', 'A modal cannot be answered with a modal');
  const { custom_id: customId, title, components } = dataOf(modalData, data);
  const { user } = interaction;
  const modal: Modal = { interaction, user, customId, title, components: components as readonly Json[], isOpen: true };
  desk.world.modals.push(modal);
  return modal;
}

/** The message that the component belongs to. */
function sourceOf({ source }: Interaction): Message {
  if (source === undefined)
    throw badField('type', 'INTERACTION_RESPONSE_TYPE_INVALID', 'There is no message that could be updated');
  if (source.isDeleted) throw new Refusal(10008);
  return source;
}

/** Does what a callback asks for; throws a Refusal. */
export function respond(
  desk: Desk,
  interaction: Interaction,
  { type, data }: z.infer<typeof callback>,
): Acknowledgement {
  switch (type) {
    case Type.ChannelMessageWithSource:
      return { type, message: answerFirst(desk, interaction, data), modal: undefined };
    case Type.DeferredChannelMessageWithSource:
      return { type, message: defer(desk, interaction, data), modal: undefined };
    case Type.DeferredMessageUpdate:
      interaction.original = sourceOf(interaction);
      return { type, message: undefined, modal: undefined };
    case Type.UpdateMessage: {
      const message = sourceOf(interaction);
      rewrite(desk, interaction, message, dataOf(someMessage, data));
      interaction.original = message;
      return { type, message, modal: undefined };
    }
    case Type.Modal:
      return { type, message: undefined, modal: openModal(desk, interaction, data) };
  }
}

/** What is wrong with a first answer is said under `data`. */
function answerFirst(desk: Desk, interaction: Interaction, data: unknown): Message {
  const body = dataOf(someMessage, data);
  try {
    return answer(desk, interaction, body);
  } catch (error) {
    if (!(error instanceof Refusal) || error.errors === undefined) throw error;
    throw new Refusal(50035, { data: error.errors });
  }
}

export function callbackShape(world: World, interaction: Interaction, { type, message }: Acknowledgement): Json {
  const { id, type: of } = interaction;
  if (message === undefined) return { interaction: { id, type: of }, resource: { type } };
  const about = {
    response_message_id: message.id,
    response_message_loading: hasFlag(message, MessageFlags.Loading),
    response_message_ephemeral: hasFlag(message, MessageFlags.Ephemeral),
  };
  return { interaction: { id, type: of, ...about }, resource: { type, message: messageShape(world, message) } };
}

/** A later answer; the first one after a deferred one takes its place. */
export function follow(desk: Desk, interaction: Interaction, body: Body): Message {
  const { original } = interaction;
  if (original === undefined || original.isDeleted || !hasFlag(original, MessageFlags.Loading))
    return answer(desk, interaction, body);
  const { flags: _, ...rest } = body;
  rewrite(desk, interaction, original, rest);
  return original;
}
