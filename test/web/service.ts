import { startAnswerWorker } from '../../gpu-worker/jobs/answer-worker.ts';
import { openPlanner } from '../../gpu-worker/jobs/starter-planner.ts';
import { openBackend } from '../../src/cli/backend.ts';
import { readConfig } from '../../src/config.ts';
import { startEmbedded } from '../../src/db/embedded/server.ts';
import { createLog } from '../../src/log.ts';
import { createApp } from '../../src/web/app.ts';
import { makeHome } from '../cli/foursight-process.ts';

export const TOKEN = 'a-token-for-tests-only';

/** The HTTP interface over a database, a queue and a worker of its own, in this process. */
export async function openService() {
  const { home, remove } = await makeHome();
  const config = readConfig({ FOURSIGHT_HOME: home, FOURSIGHT_LOG: 'silent', FOURSIGHT_ZONE: 'UTC' });
  const log = createLog(config.logLevel);
  const server = await startEmbedded(home, log);
  const backend = await openBackend(server.url, config, log);
  const planner = await openPlanner(config, log);
  const worker = await startAnswerWorker(config, server.url, planner, log);
  return {
    backend,
    app: createApp({ loop: backend.loop, token: TOKEN, workspace: 'local', log }),
    async close() {
      await worker.close();
      await planner.close();
      await backend.close();
      await server.close();
      await remove();
    },
  };
}
export type Service = Awaited<ReturnType<typeof openService>>;
