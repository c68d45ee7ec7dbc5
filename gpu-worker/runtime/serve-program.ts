import { parentPort, workerData } from 'node:worker_threads';
import {
  type AnswerMessage,
  type CallMessage,
  closeMethod,
  movedBuffers,
  openedId,
  plainError,
  type ThreadStart,
} from './message.ts';
import { RuntimeError } from './runtime-error.ts';

/** A program as this side sees it; `close` is its own, the others are for callers. */
type Program = Readonly<Record<string, ((argument: unknown) => unknown) | undefined>>;

interface ProgramModule {
  open(argument: unknown): Promise<Program>;
}

/** Runs in a worker thread: opens the program and answers calls of its methods, several at a time, until it is closed. */
export async function serveProgram(): Promise<void> {
  const port = parentPort;
  if (port === null) throw new RuntimeError('NOT_A_THREAD', 'serveProgram runs outside a thread', 'Use openThread.');
  const { program: url, argument } = workerData as ThreadStart;
  const answer = (message: AnswerMessage) =>
    port.postMessage(message, 'value' in message ? movedBuffers(message.value) : []);
  const attempt = async (id: number, work: () => unknown) => {
    try {
      answer({ id, value: await work() });
    } catch (error) {
      answer({ id, error: plainError(error) });
    }
  };

  let program: Program | undefined;
  await attempt(openedId, async () => {
    program = await ((await import(url)) as ProgramModule).open(argument);
  });
  if (program === undefined) return;
  const methods = program;

  port.on('message', (call: CallMessage) => {
    if (call.method === closeMethod)
      void attempt(call.id, () => methods.close?.(undefined)).finally(() => port.close());
    else
      void attempt(call.id, () => {
        const method = methods[call.method];
        if (method === undefined)
          throw new RuntimeError('METHOD_UNKNOWN', `${url} has no method ${call.method}`, 'Report this.');
        return method.call(methods, call.argument);
      });
  });
}
