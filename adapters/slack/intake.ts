import { withRemedy } from '../../src/errors.ts';
import { handle } from '../delivery/inputs.ts';
import { createIntake, type GivenEvent, type IntakeOptions } from '../delivery/intake.ts';
import type { Handled, Handlers, SlackContext } from './context.ts';
import { type EventBody, eventBody } from './parse/payloads.ts';
import { workspaceOfEvent } from './parse/workspace.ts';
import { parseEvent, parsePress, parseSlashCommand, parseSubmission } from './parse.ts';
import { renderNotice } from './render.ts';

export interface Intake {
  /**
   * Handles what Slack sent, whatever it is. Resolves when it may be acknowledged: once it is handled, or after two seconds unless
   * nothing but the act itself tells of it.
   * @throws what handling an event or such an act throws: Slack sends an event again, and shows whoever acted that it failed
   */
  take(body: unknown): Promise<void>;
  /** Resolves when nothing is being handled. */
  settled(): Promise<void>;
}

export interface SlackIntakeOptions extends Pick<IntakeOptions<Handled>, 'positionOf' | 'onLost' | 'onInput'> {
  readonly slack: SlackContext;
  readonly handlers: Handlers;
  /** Resolves when what was missed in a channel has been handled, so that what comes after it stays after it. */
  readonly caughtUp: (workspace: string, channel: string) => Promise<void>;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const channelOf = ({ workspace, channel }: { readonly workspace: string; readonly channel: string }) =>
  `${workspace} ${channel} `;

/** The channel of an event, or of the message that it is about. */
function placeOf({ channel, item }: EventBody['event']): string | undefined {
  const found = channel ?? (isRecord(item) ? item.channel : undefined);
  return typeof found === 'string' ? found : undefined;
}

/** Messages of a conversation and their changes are handled one after the other; so are one person's votes on a message or an answer. */
function laneOf(input: Handled): string | undefined {
  if (input.type === 'question' || input.type === 'edited') return `${channelOf(input)}${input.conversation}`;
  if (input.type === 'vote') return `${channelOf(input)}${input.message} ${input.person.key}`;
  if (input.type === 'rated' || input.type === 'reason') return `${input.answerId} ${input.person.key}`;
  return undefined;
}

export function createSlackIntake({ slack, handlers, caughtUp, ...options }: SlackIntakeOptions): Intake {
  const intake = createIntake<Handled>({
    ...options,
    log: slack.log,
    timers: slack.timers,
    signal: slack.signal,
    rules: {
      handle: (input) => handle(input, handlers, slack),
      laneOf,
      async before(input, lanes) {
        // What begins a thread has nothing before it.
        if ((input.type === 'question' || input.type === 'edited') && input.isReply)
          await caughtUp(input.workspace, input.channel);
        // Of what is deleted Slack does not tell the conversation.
        if (input.type === 'deleted') await lanes.ended(channelOf(input));
      },
      isFleeting: ({ type }) => type === 'homeOpened' || type === 'assistantOpened',
      isKeptByNobodyElse: ({ type }) => type === 'rated' || type === 'reason' || type === 'stop',
      async tellOfFailure(input, error) {
        if (!('person' in input)) return;
        const { workspace, person } = input;
        const channel = 'channel' in input ? input.channel : null;
        const responseUrl = 'responseUrl' in input ? input.responseUrl : null;
        const place = { workspace, person: person.key, channel, threadTs: null, responseUrl };
        await slack.tell(place, renderNotice(`⚠️ That did not work: ${withRemedy(error)}`));
      },
    },
  });

  async function takeEvent(body: Record<string, unknown>): Promise<void> {
    const parsed = eventBody.safeParse(body);
    const workspace = parsed.success ? workspaceOfEvent(parsed.data) : undefined;
    if (!parsed.success || workspace === undefined) return intake.ignore('an event of no workspace');
    await intake.event(givenEvent(body, parsed.data, workspace));
  }

  function givenEvent(body: Record<string, unknown>, { event }: EventBody, workspace: string): GivenEvent<Handled> {
    const { type, event_ts: position } = event;
    const isEnd = type === 'app_uninstalled' || type === 'tokens_revoked';
    return {
      id: typeof body.event_id === 'string' ? body.event_id : undefined,
      workspace,
      place: placeOf(event),
      position,
      type,
      async parse() {
        const own = isEnd ? { user: '', bot: null } : (await slack.workspaceOf(workspace)).own;
        return parseEvent(body, { own, voteOf: slack.voteOf });
      },
    };
  }

  return {
    async take(body) {
      if (!isRecord(body)) return;
      if (body.type === 'event_callback') await takeEvent(body);
      else if (body.type === 'block_actions') await intake.act(parsePress(body));
      else if (body.type === 'view_submission') await intake.act(parseSubmission(body));
      else if (typeof body.command === 'string') await intake.act(parseSlashCommand(body));
      else intake.ignore('something of another kind');
    },
    settled: () => intake.settled(),
  };
}
