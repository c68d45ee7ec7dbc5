import { startEmbedded } from '../../src/db/embedded/server.ts';
import { joinInstance } from '../../src/db/instance.ts';
import { createLog } from '../../src/log.ts';

/** owner-process.ts embedded|owner|member HOME: holds what it says, prints a line once it does, and waits to be killed. */
const [what = '', home = ''] = process.argv.slice(2);
const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);
if (what === 'embedded') {
  const server = await startEmbedded(home, createLog('warn'));
  say({ url: server.url, pid: server.pid(), folder: server.folder });
} else {
  const joined = await joinInstance(home, 'oneshot');
  if (joined.role === 'owner') joined.ready('postgres://somewhere/else');
  say({ role: joined.role });
}
setInterval(() => undefined, 60_000);
