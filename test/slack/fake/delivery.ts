import { randomOf } from '../../soak/random.ts';
import { LIMITS } from './limits.ts';
import { channelScope } from './shapes.ts';
import type { Json, Team } from './types.ts';
import { grantOf, type World } from './world.ts';

export type EnvelopeKind = 'events_api' | 'interactive' | 'slash_commands';

export interface Acknowledgement {
  readonly isAcked: boolean;
  /** What the app sent with it, if anything. */
  readonly response: unknown;
  /** Why it was not acknowledged, in the words of X-Slack-Retry-Reason. */
  readonly reason: string;
  /** False when nothing would come of another try. */
  readonly mayRetry: boolean;
}

export interface Retry {
  readonly num: number;
  readonly reason: string;
}

/** A way to the app: Socket Mode or signed HTTP. */
export interface Transport {
  send(kind: EnvelopeKind, payload: Json, retry: Retry | undefined): Promise<Acknowledgement>;
  /** Milliseconds before the nth retry, from 1. */
  retryDelay(num: number): number;
}

/** An event and what became of it. */
export interface SentEvent {
  readonly id: string;
  readonly event: Json;
  readonly attempts: number;
  readonly outcome: 'acked' | 'lost';
  readonly reason: string;
}

export interface DeliveryOptions {
  readonly world: World;
  readonly transport: () => Transport;
  /** Every nth event is delivered twice; 0 for none. */
  readonly duplicateEvery: () => number;
  readonly seed: number;
  readonly onSent: (sent: SentEvent) => void;
}

const EVENT_SCOPES: Readonly<Record<string, string>> = {
  app_mention: 'app_mentions:read',
  assistant_thread_started: 'assistant:write',
  assistant_thread_context_changed: 'assistant:write',
  member_joined_channel: 'channels:read',
  reaction_added: 'reactions:read',
  reaction_removed: 'reactions:read',
};
const MESSAGE_EVENTS: Readonly<Record<string, string>> = {
  channel: 'message.channels',
  group: 'message.groups',
  im: 'message.im',
};

/** Wraps events as the Events API does and delivers them, each to one connection, until they are acknowledged or given up. */
export function createDelivery(options: DeliveryOptions) {
  const { world, transport, onSent } = options;
  const random = randomOf(options.seed);
  const pending = new Set<Promise<void>>();
  let count = 0;

  function isSubscribed(team: Team, event: Json): boolean {
    const { type } = event;
    const name = type === 'message' ? MESSAGE_EVENTS[String(event.channel_type)] : String(type);
    if (name === undefined || !world.app.events.includes(name)) return false;
    const channel = world.channels.get(String(event.channel));
    const scope = type === 'message' && channel ? channelScope(channel, 'history') : EVENT_SCOPES[name];
    return scope === undefined || (grantOf(world, team)?.scopes.includes(scope) ?? false);
  }

  async function deliver(id: string, event: Json, body: Json, first?: Retry): Promise<void> {
    let retry = first;
    for (;;) {
      const { isAcked, reason, mayRetry } = await transport().send('events_api', body, retry);
      const num = (retry?.num ?? 0) + 1;
      if (isAcked || !mayRetry || num > LIMITS.eventRetries) {
        onSent({ id, event, attempts: num, outcome: isAcked ? 'acked' : 'lost', reason });
        return;
      }
      retry = { num, reason };
      const delay = transport().retryDelay(num);
      if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }

  const track = (work: Promise<void>) => {
    pending.add(work);
    void work.finally(() => pending.delete(work));
  };

  return {
    emit(team: Team, event: Json, isShared = false): void {
      if (!isSubscribed(team, event)) return;
      const id = world.id('Ev');
      const isOrgWide = grantOf(world, team)?.isOrgWide ?? false;
      const body: Json = {
        token: world.app.verificationToken,
        team_id: team.id,
        context_team_id: team.id,
        context_enterprise_id: team.enterprise?.id ?? null,
        ...(team.enterprise === null ? {} : { enterprise_id: team.enterprise.id }),
        api_app_id: world.app.id,
        event,
        type: 'event_callback',
        event_id: id,
        event_time: Math.floor(Date.now() / 1_000),
        authorizations: [
          {
            enterprise_id: team.enterprise?.id ?? null,
            team_id: isOrgWide ? null : team.id,
            user_id: team.bot.userId,
            is_bot: true,
            is_enterprise_install: isOrgWide,
          },
        ],
        is_ext_shared_channel: isShared,
        event_context: `4-${id}`,
      };
      track(deliver(id, event, body));
      count += 1;
      const every = options.duplicateEvery();
      if (every > 0 && count % every === 0) {
        // Slack delivers again what it thinks was not acknowledged: some time later, under the same id.
        const later = new Promise((resolve) => setTimeout(resolve, random() * 200));
        track(later.then(() => deliver(id, event, body, { num: 1, reason: 'http_timeout' })));
      }
    },
    /** Resolves when every event has been acknowledged or given up. */
    async settled(): Promise<void> {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}
