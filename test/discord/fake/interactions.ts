import { ApplicationCommandType, InteractionType, MessageType } from 'discord.js';
import type { Desk } from './desk.ts';
import { commandData, type Options, offered, pressedData, submittedData, typedData } from './invoking.ts';
import { messageShape } from './message-shapes.ts';
import { permissionsIn } from './permissions.ts';
import { appPermissionsIn, channelShape, fullMemberShape, userShape } from './shapes.ts';
import type { Acknowledgement, Channel, Interaction, Json, Message, Modal, User } from './types.ts';

/** What came of what a person did: how the app answered in time, or that it did not. */
export interface Outcome {
  readonly interaction: Interaction;
  readonly isAcked: boolean;
  /** The callback's type, when it is acknowledged. */
  readonly type: number | undefined;
  readonly message: Message | undefined;
  readonly modal: Modal | undefined;
}

type Fresh = Pick<Interaction, 'type' | 'user' | 'channel' | 'answerType'> &
  Partial<Pick<Interaction, 'name' | 'source' | 'reference'>>;

/** Commands, buttons, menus and modals. Each act resolves when the app has acknowledged it, or may no more. */
export function createInteractions(desk: Desk, waitFor: Waiting) {
  const { world } = desk;

  function who({ channel, user }: Interaction): Json {
    const member = channel.guild?.members.get(user.id);
    if (channel.guild === undefined || member === undefined) return { user: userShape(user), context: 1 };
    return {
      guild_id: channel.guild.id,
      guild: { id: channel.guild.id, locale: 'en-US', features: [] },
      guild_locale: 'en-US',
      member: { ...fullMemberShape(member), permissions: String(permissionsIn(channel, user)) },
      context: 0,
    };
  }

  function emit(interaction: Interaction, data: Json): void {
    const { id, token, type, channel, source } = interaction;
    desk.emit({
      t: 'INTERACTION_CREATE',
      intents: undefined,
      channel,
      d: (mayRead) => ({
        version: 1,
        id,
        application_id: world.app.id,
        type,
        token,
        data,
        channel_id: channel.id,
        channel: channelShape(channel),
        ...who(interaction),
        locale: 'en-US',
        app_permissions: appPermissionsIn(world, channel),
        entitlements: [],
        authorizing_integration_owners: { 0: channel.guild?.id ?? '0' },
        attachment_size_limit: 10_485_760,
        // Content that a person hands over by using a component is the app's own.
        ...(source === undefined ? {} : { message: messageShape(world, source, { mayRead }) }),
      }),
    });
  }

  async function act(fresh: Fresh, data: Json): Promise<Outcome> {
    const interaction: Interaction = {
      name: undefined,
      source: undefined,
      reference: undefined,
      ...fresh,
      id: world.id(),
      token: `fake-interaction-token-${world.id()}`,
      at: Date.now(),
      acknowledgement: undefined,
      original: undefined,
      answers: [],
    };
    world.interactions.set(interaction.id, interaction);
    const isHeard = desk.hasSession();
    emit(interaction, data);
    const acknowledgement = isHeard ? await acknowledged(interaction) : undefined;
    if (acknowledgement === undefined) desk.warn(`an interaction of ${interaction.user.name} was not answered in time`);
    return {
      interaction,
      isAcked: acknowledgement !== undefined,
      type: acknowledgement?.type,
      message: acknowledgement?.message,
      modal: acknowledgement?.modal,
    };
  }

  async function acknowledged(interaction: Interaction): Promise<Acknowledgement | undefined> {
    try {
      return await waitFor(() => interaction.acknowledgement, 'an acknowledgement', desk.ackMs);
    } catch {
      // Nobody answered in time: the person reads that the application did not respond.
      return undefined;
    }
  }

  return {
    /** Types a slash command, e.g. `ask` or `foursight retrain`. */
    command(channel: Channel, user: User, line: string, options: Options = {}): Promise<Outcome> {
      const words = line.split(' ');
      const command = offered(world, channel, user, words[0] ?? '', ApplicationCommandType.ChatInput);
      const data = typedData(channel, command, words, options);
      const name = line;
      const type = InteractionType.ApplicationCommand;
      return act({ type, user, channel, name, answerType: MessageType.ChatInputCommand }, data);
    },

    /** Chooses a command from the menu of a message. */
    messageCommand(message: Message, user: User, name: string): Promise<Outcome> {
      const { channel } = message;
      const command = offered(world, channel, user, name, ApplicationCommandType.Message);
      // The message is handed over by the person: its content is not withheld.
      const resolved = { messages: { [message.id]: messageShape(world, message, { mayRead: true }) } };
      const data = { ...commandData(command), target_id: message.id, resolved };
      const type = InteractionType.ApplicationCommand;
      return act({ type, user, channel, name, reference: message, answerType: MessageType.ContextMenuCommand }, data);
    },

    /** Chooses a command from the menu of a person. */
    userCommand(channel: Channel, target: User, user: User, name: string): Promise<Outcome> {
      const command = offered(world, channel, user, name, ApplicationCommandType.User);
      const data = {
        ...commandData(command),
        target_id: target.id,
        resolved: { users: { [target.id]: userShape(target) } },
      };
      const type = InteractionType.ApplicationCommand;
      return act({ type, user, channel, name, answerType: MessageType.ContextMenuCommand }, data);
    },

    /** Presses a button of a message, or chooses from a menu. */
    press(message: Message, user: User, customId: string, values?: readonly string[]): Promise<Outcome> {
      if (message.isDeleted) throw new Error(`${message.id} is deleted`);
      if (message.seenBy !== undefined && message.seenBy !== user) throw new Error(`${user.name} does not see it`);
      const data = pressedData(message.components, customId, values);
      const { channel } = message;
      const type = InteractionType.MessageComponent;
      return act({ type, user, channel, source: message, reference: message, answerType: MessageType.Reply }, data);
    },

    /** Submits a modal; values are by custom id. */
    submit(modal: Modal, values: Readonly<Record<string, string | readonly string[]>>): Promise<Outcome> {
      if (!modal.isOpen) throw new Error(`the modal ${modal.customId} is closed`);
      const data = submittedData(modal, values);
      modal.isOpen = false;
      const { user, interaction } = modal;
      const { channel, source, answerType, reference } = interaction;
      return act({ type: InteractionType.ModalSubmit, user, channel, source, reference, answerType }, data);
    },

    /** Closes a modal, of which Discord tells nobody. */
    dismiss(modal: Modal): void {
      modal.isOpen = false;
      desk.changed();
    },
  };
}

type Waiting = <T>(look: () => T | undefined | null | false, what: string, timeoutMs?: number) => Promise<T>;
