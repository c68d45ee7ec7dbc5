import { Foursight, makeHome } from '../cli/foursight-process.ts';
import { databaseUrlIn } from '../soak/installation.ts';
import { type Tables, withTables } from '../soak/tables.ts';
import { connected, connectionOf, type Mode, readManifest } from './connection.ts';
import { type FakeSlack, type FakeSlackOptions, startFakeSlack } from './fake/fake-slack.ts';

/** A `foursight start` in a process of its own, connected to a Slack of its own. */
export interface SlackService {
  readonly slack: FakeSlack;
  readonly service: Foursight;
  readonly environment: Readonly<Record<string, string>>;
  /** Looks into its database. */
  tables<T>(look: (tables: Tables) => Promise<T>): Promise<T>;
  /** Lets it end by SIGTERM. */
  stop(): Promise<{ readonly code: number | null; readonly stderr: string }>;
  /** Ends what is left. */
  close(): Promise<void>;
}

export async function startSlackService(
  mode: Mode,
  environment: Readonly<Record<string, string>> = {},
  options: FakeSlackOptions = {},
): Promise<SlackService> {
  const slack = await startFakeSlack({ manifest: await readManifest(), ...options });
  const { home, remove } = await makeHome();
  const env = {
    FOURSIGHT_HOME: home,
    FOURSIGHT_RETRAIN_CRON: 'off',
    ...(await connectionOf(slack, mode)),
    ...environment,
  };
  const service = new Foursight(['start'], env);
  const close = async () => {
    service.child.kill('SIGKILL');
    await service.ended;
    await slack.close();
    await remove();
  };
  try {
    await service.line(/Ready/);
    await connected(slack, mode);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    slack,
    service,
    environment: env,
    tables: async (look) => withTables(await databaseUrlIn(home), look),
    stop() {
      service.child.kill('SIGTERM');
      return service.ended;
    },
    close,
  };
}
