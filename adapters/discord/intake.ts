import { withRemedy } from '../../src/errors.ts';
import type { Attendance } from '../delivery/attendance.ts';
import { handle, ignored } from '../delivery/inputs.ts';
import { createIntake } from '../delivery/intake.ts';
import { unlessRefused } from './calls.ts';
import type { DiscordContext, Handlers } from './context.ts';
import type { GatewayEvent } from './gateway.ts';
import { idAt, isId, messageKey } from './keys.ts';
import type { MissedDirects } from './missed-directs.ts';
import { channel as channelForm, deletedMessages } from './parse/payloads.ts';
import {
  type DiscordInput,
  type Handled,
  type Press,
  parseCleared,
  parseEdit,
  parseInteraction,
  parseMessage,
  parseReaction,
} from './parse.ts';

export interface Intake {
  /** Handles what the gateway tells, whatever it is. Never rejects. */
  take(event: GatewayEvent): Promise<void>;
  /** Resolves when nothing is being handled. */
  settled(): Promise<void>;
}

export interface DiscordIntakeOptions {
  readonly discord: DiscordContext;
  readonly handlers: Handlers;
  readonly directs: Pick<MissedDirects, 'before'>;
  readonly attendance: Pick<Attendance, 'positionOf' | 'lookAgain' | 'catchUp'>;
}

type Data = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Data => typeof value === 'object' && value !== null;
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const channelLane = ({ workspace, channel }: { readonly workspace: string; readonly channel: string }): string =>
  `${workspace} ${channel} `;

/** Messages of a channel and their changes are handled one after the other; so are one person's votes on a message or an answer. */
function laneOf(input: Handled): string | undefined {
  switch (input.type) {
    case 'question':
    case 'edited':
    case 'deleted':
      return channelLane(input);
    case 'vote':
    case 'cleared':
      return `${channelLane(input)}${input.message}`;
    case 'rated':
    case 'reason':
      return `${input.answerId} ${input.person.key}`;
    default:
      return undefined;
  }
}

/** Events about messages and reactions, by what they are read with. */
const EVENTS: Readonly<Record<string, 'message' | 'edit' | 'delete' | 'add' | 'remove' | 'clear'>> = {
  MESSAGE_CREATE: 'message',
  MESSAGE_UPDATE: 'edit',
  MESSAGE_DELETE: 'delete',
  MESSAGE_REACTION_ADD: 'add',
  MESSAGE_REACTION_REMOVE: 'remove',
  MESSAGE_REACTION_REMOVE_ALL: 'clear',
  MESSAGE_REACTION_REMOVE_EMOJI: 'clear',
};

/** Who acted; undefined where the event does not tell. */
function personOf({ user_id, user, author }: Data): string | undefined {
  const found = isRecord(user) ? user.id : isRecord(author) ? author.id : user_id;
  return textOf(found);
}

const deletionOf = (workspace: string, channel: string, id: string): DiscordInput =>
  isId(id) && isId(channel)
    ? { type: 'deleted', workspace, channel, message: messageKey({ channel, id }) }
    : ignored('malformed deletion');

export function createDiscordIntake({ discord, handlers, directs, attendance }: DiscordIntakeOptions): Intake {
  const { log, timers, signal, directory } = discord;
  const { positionOf, lookAgain, catchUp } = attendance;
  const intake = createIntake<Handled>({
    ...{ log, timers, signal, positionOf, onLost: lookAgain },
    onInput(input) {
      if (input.type === 'vote') catchUp.noteVote(input.message, input.person.key);
      else if (input.type === 'cleared') catchUp.noteCleared(input.message);
      else if (input.type === 'edited' || input.type === 'deleted') catchUp.noteChange(input.message);
    },
    rules: {
      handle: (input) => handle(input, handlers, discord),
      laneOf,
      async before(input) {
        // What begins a thread has nothing before it.
        if ((input.type !== 'question' && input.type !== 'edited') || !input.isReply) return;
        await catchUp.caughtUp(input.workspace, input.channel);
        if (input.isDirect) await directs.before(input);
      },
      isFleeting: () => false,
      isKeptByNobodyElse: ({ type }) => type === 'rated' || type === 'reason' || type === 'stop',
      async tellOfFailure(input, error) {
        if ('occasion' in input) await tellOfFailure(input, error);
      },
    },
  });

  const tellOfFailure = (press: Press, error: unknown): Promise<void> =>
    discord
      .replyTo(press)
      .saying(`⚠️ That did not work: ${withRemedy(error)}`)
      .catch((cause: unknown) => log.info({ err: cause }, 'nobody could be told that it did not work'));

  /** The server of an event; for direct messages the one as one of whose people somebody writes. @throws what cannot be known just now */
  async function workspaceOf(data: Data): Promise<string | undefined> {
    const guild = textOf(data.guild_id);
    if (guild !== undefined) return guild;
    const person = personOf(data);
    const channel = textOf(data.channel_id);
    return unlessRefused(async () => {
      if (person !== undefined && person !== (await discord.own())) return directory.homeOf(person);
      return channel === undefined ? undefined : directory.homeOfChannel(channel);
    });
  }

  async function parse(type: string, data: Data, workspace: string): Promise<DiscordInput> {
    const own = await discord.own();
    const kind = EVENTS[type];
    const { voteOf } = discord;
    if (kind === 'add' || kind === 'remove') return parseReaction(data, kind === 'add', { workspace, own, voteOf });
    if (kind === 'clear') return parseCleared(data, { workspace, own, voteOf });
    const channel = textOf(data.channel_id) ?? '';
    if (!isId(channel)) return ignored('an event of no channel');
    const found = await unlessRefused(() => directory.channel(channel));
    // A deletion stays behind the message itself, which waits for the same.
    if (kind === 'delete') return deletionOf(workspace, channel, textOf(data.id) ?? '');
    if (found === undefined) return ignored('a message where the bot sees nothing');
    const surroundings = { workspace, own, channel: found };
    return kind === 'message' ? parseMessage(data, surroundings) : parseEdit(data, surroundings);
  }

  /** What cannot be told to be anybody's is looked for in every server. */
  async function workspaceOfEvent(data: Data): Promise<string | undefined> {
    try {
      return await workspaceOf(data);
    } catch (error) {
      if (!signal.aborted) for (const guild of directory.guilds()) lookAgain(guild);
      throw error;
    }
  }

  async function takeEvent(type: string, data: Data): Promise<void> {
    const workspace = await workspaceOfEvent(data);
    const isServed = discord.settings.workspaces?.includes(workspace ?? '') ?? true;
    if (workspace === undefined || !isServed) return intake.ignore('an event of no workspace that is served');
    const id = textOf(data.id);
    const channel = textOf(data.channel_id);
    const isDirect = textOf(data.guild_id) === undefined;
    const isMessage = type === 'MESSAGE_CREATE';
    await intake.event({
      id: id === undefined ? undefined : `${type} ${id} ${textOf(data.edited_timestamp) ?? ''}`,
      workspace,
      place: channel,
      position: isMessage ? id : idAt(Date.now()),
      type,
      async parse() {
        // What is written directly is looked for after a gap where it is known that somebody writes.
        if (isDirect && isId(channel)) await directory.noteDirect(workspace, channel);
        return parse(type, data, workspace);
      },
    });
  }

  async function takeInteraction(data: Data): Promise<void> {
    // Discord takes one answer, whoever gives it.
    if (!discord.isFirst(`interaction ${textOf(data.id)}`)) return intake.ignore('an interaction that has come before');
    const guild = textOf(data.guild_id);
    if (guild !== undefined) learnAll([data.channel], guild);
    const given = parseInteraction(data, guild ?? '', await discord.own());
    if (!('occasion' in given)) return intake.act(given);
    const reply = discord.replyTo(given);
    // Discord waits for the first answer, whatever has to be looked up before.
    reply.inTime(given.type === 'asked' ? 'all' : 'one');
    try {
      const workspace = guild ?? (await directory.homeOf(given.person.key));
      if (workspace === undefined) return await reply.saying('You are in no server in which I work.');
      await intake.act({ ...given, workspace });
    } catch (error) {
      await tellOfFailure(given, error);
      throw error;
    }
  }

  function takeAll(data: Data): Promise<unknown> {
    const deleted = deletedMessages.safeParse(data).data;
    return Promise.all((deleted?.ids ?? []).map((id) => takeEvent('MESSAGE_DELETE', { ...data, ids: undefined, id })));
  }

  function learn(type: string, data: Data): void {
    const channel = channelForm.safeParse(data).data;
    if (channel === undefined) return;
    if (type.endsWith('_DELETE')) directory.forget(channel.id);
    else directory.note(channel);
  }

  /** Channels that are told of beside something else. */
  function learnAll(some: unknown, guild: string): void {
    if (!isId(guild) || !Array.isArray(some)) return;
    for (const one of some) {
      const channel = channelForm.safeParse(one).data;
      if (channel !== undefined) directory.note({ ...channel, guild });
    }
  }

  async function take({ type, data }: GatewayEvent): Promise<void> {
    if (!isRecord(data)) return;
    // Threads of a channel into which it may look from here on.
    if (type === 'THREAD_LIST_SYNC') learnAll(data.threads, textOf(data.guild_id) ?? '');
    else if (type.startsWith('CHANNEL_') || (type.startsWith('THREAD_') && !type.startsWith('THREAD_M')))
      learn(type, data);
    else if (type === 'INTERACTION_CREATE') await takeInteraction(data);
    else if (type === 'MESSAGE_DELETE_BULK') await takeAll(data);
    else if (type in EVENTS) await takeEvent(type, data);
  }

  return {
    take: (event) =>
      take(event).catch((error: unknown) => log.warn({ type: event.type, err: error }, 'an event was not handled')),
    settled: () => intake.settled(),
  };
}
