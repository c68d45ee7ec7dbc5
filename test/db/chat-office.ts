import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import type { Worker } from './answering-worker.ts';
import { openTestStore, startTestServer, type TestServer, type TestStore } from './test-store.ts';

export const eventually = <T>(look: () => T | Promise<T>) => vi.waitFor(look, { timeout: 20_000, interval: 20 });

interface OfficeParts {
  readonly store: TestStore;
  readonly worker: Worker | undefined;
}

interface Closing {
  close(): Promise<void>;
}

/** A team on a fake chat platform, with the adapter as the service has it, over a real store; and whoever answers. */
export abstract class ChatOffice<Parts extends OfficeParts, Adapter extends Closing, Options, AdapterOptions> {
  #parts: Parts | undefined;
  #fake: Closing | undefined;
  adapter: Adapter | undefined;

  protected get parts(): Parts {
    if (this.#parts === undefined) throw new Error('the office is not open');
    return this.#parts;
  }
  get store(): TestStore {
    return this.parts.store;
  }
  get worker(): Worker {
    const { worker } = this.parts;
    if (worker === undefined) throw new Error('the office has no worker: the test answers');
    return worker;
  }

  /** The fake platform with its people, and who answers. */
  protected abstract furnish(
    store: TestStore,
    options: Options,
  ): Promise<{ readonly parts: Parts; readonly fake: Closing }>;
  protected abstract connect(more?: AdapterOptions): Promise<Adapter>;
  /** Resolves when the adapter has been told everything. */
  protected abstract allTold(): Promise<void>;

  async open(server: TestServer, options: Options): Promise<void> {
    const { parts, fake } = await this.furnish(await openTestStore(await server.fresh()), options);
    this.#parts = parts;
    this.#fake = fake;
  }
  async close(): Promise<void> {
    const { worker, store } = this.parts;
    await worker?.close();
    await this.closeAdapter();
    await this.#fake?.close();
    await store.close();
  }

  async openAdapter(more?: AdapterOptions): Promise<Adapter> {
    this.adapter = await this.connect(more);
    return this.adapter;
  }
  async closeAdapter(): Promise<void> {
    const { adapter } = this;
    this.adapter = undefined;
    await adapter?.close();
  }
  /** Ends the adapter and opens another, as after a restart. */
  async restart(more?: AdapterOptions): Promise<void> {
    await this.closeAdapter();
    await this.openAdapter(more);
  }

  /** Resolves when everything that was asked is answered and posted. */
  async idle(): Promise<void> {
    await this.allTold();
    await eventually(async () => {
      const { questions, outbox } = await this.store.loop.status();
      if (questions.open > 0 || outbox.waiting > 0)
        throw new Error(`${questions.open} open, ${outbox.waiting} to post`);
    });
  }
}

/** Opens an office before each test and closes it after it; its adapter is opened by the test. */
export function eachInOffice<Options>(
  office: { open(server: TestServer, options: Options): Promise<void>; close(): Promise<void> },
  options: Options,
): void {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    await office.open(server, options);
    return () => office.close();
  });
}
