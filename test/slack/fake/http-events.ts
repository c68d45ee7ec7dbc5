import { createHmac } from 'node:crypto';
import { messageOf as messageOfError } from '../../../src/errors.ts';
import type { Acknowledgement, EnvelopeKind, Retry, Transport } from './delivery.ts';
import type { Json } from './types.ts';

export interface HttpEventsOptions {
  readonly signingSecret: string;
  readonly ackMs: () => number;
  readonly retryDelaysMs: readonly number[];
}

/** Where the app listens; interactions and commands go to `events` too unless named. */
export interface RequestUrls {
  readonly events: string;
  readonly interactions?: string;
  readonly commands?: string;
}

/** The v0 signature of a body that is sent at a time (seconds). */
export function signatureOf(secret: string, timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

/** Requests as Slack sends them: events as JSON, interactions as a form with `payload`, commands as a form. */
function encode(kind: EnvelopeKind, payload: Json): { body: string; type: string } {
  if (kind === 'events_api') return { body: JSON.stringify(payload), type: 'application/json' };
  const fields = kind === 'interactive' ? { payload: JSON.stringify(payload) } : payload;
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) form.set(name, String(value));
  return { body: form.toString(), type: 'application/x-www-form-urlencoded' };
}

async function answerOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  return response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : { text };
}

/** Delivery by signed HTTP requests to the app's request URLs. */
export function createHttpEvents(options: HttpEventsOptions, urls: () => RequestUrls): Transport {
  const { signingSecret, ackMs, retryDelaysMs } = options;
  return {
    retryDelay: (num) => retryDelaysMs[num - 1] ?? 0,
    async send(kind: EnvelopeKind, payload: Json, retry: Retry | undefined): Promise<Acknowledgement> {
      const { events, interactions = events, commands = events } = urls();
      const url = kind === 'events_api' ? events : kind === 'interactive' ? interactions : commands;
      const { body, type } = encode(kind, payload);
      const timestamp = String(Math.floor(Date.now() / 1_000));
      const failed = (reason: string, mayRetry = true): Acknowledgement => ({
        isAcked: false,
        response: undefined,
        reason,
        mayRetry,
      });
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: {
            'Content-Type': type,
            'User-Agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
            'X-Slack-Request-Timestamp': timestamp,
            'X-Slack-Signature': signatureOf(signingSecret, timestamp, body),
            ...(retry ? { 'X-Slack-Retry-Num': String(retry.num), 'X-Slack-Retry-Reason': retry.reason } : {}),
          },
          body,
          signal: AbortSignal.timeout(ackMs()),
        });
        const answer = await answerOf(response);
        if (!response.ok) return failed('http_error', response.headers.get('x-slack-no-retry') !== '1');
        return { isAcked: true, response: answer, reason: '', mayRetry: false };
      } catch (error) {
        const isTimeout = error instanceof Error && error.name === 'TimeoutError';
        return failed(isTimeout ? 'http_timeout' : `connection_failed: ${messageOfError(error)}`);
      }
    },
  };
}
