import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { Loop } from '../domain/ports.ts';
import type { Answer } from '../domain/progress.ts';
import { FoursightError } from '../errors.ts';
import { wholeNumber } from './arguments.ts';
import { writeJson } from './output.ts';

interface AskOptions {
  readonly conversation?: string;
  readonly policy?: number;
  readonly json?: true;
}

export function registerAsk(program: Command): void {
  program
    .command('ask')
    .description('ask a question and wait for the answer')
    .argument('<question>', 'the question; quote it')
    .option(
      '--conversation <id>',
      'continue a conversation: a name of yours, or the conversationId of an earlier answer',
    )
    .option('--policy <version>', 'answer with this policy version instead of the live one', wholeNumber)
    .option('--json', 'print the answer with its turns as JSON')
    .action(ask);
}

/** Asks as the person of this machine; progress goes to stderr on a terminal, the answer to stdout. */
async function ask(text: string, options: AskOptions): Promise<void> {
  const { withSession } = await import('./session.ts');
  const answer = await withSession({ needsWorker: true }, ({ loop, workspace, person, interrupted }) =>
    waitForAnswer(
      loop,
      {
        platform: 'console',
        workspace,
        conversation: options.conversation ?? randomUUID(),
        person,
        key: randomUUID(),
        text,
        policyVersion: options.policy ?? null,
      },
      { showProgress: options.json === undefined, interrupted },
    ),
  );
  if (options.json) writeJson(answer);
}

async function waitForAnswer(
  loop: Loop,
  question: Parameters<Loop['ask']>[0],
  { showProgress, interrupted }: { showProgress: boolean; interrupted: AbortSignal },
): Promise<Answer> {
  const { ProgressView } = await import('../../adapters/console/progress-view.ts');
  const { createTerminal } = await import('../../adapters/console/terminal.ts');
  const { questionId } = await loop.ask(question);
  // Should it fail, the command ends all the same, with what watching says or as interrupted.
  const cancel = () => void loop.cancel(questionId).catch(() => undefined);
  interrupted.addEventListener('abort', cancel);
  if (interrupted.aborted) cancel();
  const view = showProgress ? new ProgressView(createTerminal(process.stderr)) : undefined;
  try {
    for await (const progress of loop.watch(questionId)) {
      if (progress.type === 'answered') {
        view?.close();
        if (view) showAnswer(progress.answer);
        return progress.answer;
      }
      if (progress.type === 'failed') {
        throw new FoursightError(
          'QUESTION_FAILED',
          progress.message,
          'Ask again; `foursight status` tells how the workers are.',
        );
      }
      if (progress.type === 'cancelled')
        throw new FoursightError('QUESTION_CANCELLED', 'the question was cancelled', 'Ask it again.');
      view?.show(progress);
    }
  } finally {
    view?.close();
    interrupted.removeEventListener('abort', cancel);
  }
  throw new FoursightError('NO_ANSWER', `question ${questionId} ended without an answer`, 'Run `foursight doctor`.');
}

function showAnswer(answer: Answer): void {
  process.stdout.write(`${answer.answer}\n`);
  process.stderr.write(`rate it: foursight rate ${answer.answerId} up|down\n`);
}
