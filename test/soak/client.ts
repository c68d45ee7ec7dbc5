import { z } from 'zod';
import { until } from './processes.ts';

const receiptSchema = z.object({ questionId: z.string() });
const answerSchema = z.looseObject({ answerId: z.string(), answer: z.string() });
const standingSchema = z.object({
  status: z.string(),
  message: z.string().nullish(),
  answer: answerSchema.nullish(),
});
export type Standing = z.infer<typeof standingSchema>;
export interface PatientQuestion {
  readonly question: string;
  readonly conversation: string;
  /** However often it is sent, it is one question. */
  readonly key: string;
}

/** Somebody who asks over HTTP and does not give up while the service is away. */
export class PatientClient {
  readonly #url: string;
  readonly #token: string;
  readonly #patienceMs: number;

  constructor(url: string, token: string, patienceMs = 240_000) {
    this.#url = url;
    this.#token = token;
    this.#patienceMs = patienceMs;
  }

  /** Returns the questionId once the service has acknowledged the question. */
  ask(question: PatientQuestion): Promise<string> {
    return until(this.#patienceMs, `asking ${question.key}`, async () => {
      const response = await this.#send('POST', '/api/questions', question);
      return response.ok ? receiptSchema.parse(await response.json()).questionId : undefined;
    });
  }

  /** Asks and waits for the answer in one request, which is sent again when it fails. */
  answer(question: PatientQuestion): Promise<z.infer<typeof answerSchema>> {
    return until(this.#patienceMs, `the answer to ${question.key}`, async () => {
      const response = await this.#send('POST', '/api/questions?wait=1', question);
      if (!response.ok) throw new Error(await response.text());
      return answerSchema.parse(await response.json());
    });
  }

  answered(questionId: string): Promise<Standing> {
    return until(this.#patienceMs, `the answer to ${questionId}`, async () => {
      const response = await this.#send('GET', `/api/questions/${questionId}`);
      if (!response.ok) return undefined;
      const standing = standingSchema.parse(await response.json());
      return standing.status === 'open' ? undefined : standing;
    });
  }

  rate(answerId: string, vote: { vote: 'up' | 'down' | 'clear'; person: string }): Promise<true> {
    return until(this.#patienceMs, `the vote of ${vote.person}`, async () =>
      (await this.#send('POST', `/api/answers/${answerId}/vote`, vote)).ok ? true : undefined,
    );
  }

  ready(): Promise<true> {
    return until(this.#patienceMs, 'readiness', async () =>
      (await this.#send('GET', '/readyz')).ok ? true : undefined,
    );
  }

  #send(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(new URL(path, this.#url), {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#token}` },
      signal: AbortSignal.timeout(5_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}
