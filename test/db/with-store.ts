import { afterAll, beforeAll } from 'vitest';
import { openTestStore, startTestServer, type TestServer, type TestStore } from './test-store.ts';

/** Opens one store for all tests of a file, on a Postgres of the file's own. */
export function withStore(use: (store: TestStore, server: TestServer) => void): void {
  let server: TestServer;
  let store: TestStore;
  beforeAll(async () => {
    server = await startTestServer();
    store = await openTestStore(await server.fresh());
    use(store, server);
  });
  afterAll(async () => {
    await store.close();
    await server.close();
  });
}
