import type { Command } from 'commander';
import type { EvaluateOptions, EvaluationItem, Figures } from '../../gpu-worker/jobs/evaluate.ts';
import { percent } from '../domain/percent.ts';
import { FoursightError, InputError } from '../errors.ts';
import { positiveNumber, wholeNumber } from './arguments.ts';
import { writeJson, writeLine, writeTable } from './output.ts';

interface EvalOptions {
  readonly data?: string;
  readonly policy?: number;
  readonly maxTurns: number;
  readonly limit?: number;
  readonly json?: true;
}

/** What `eval --json` prints. Accuracies and rates are fractions; greedy unless it says otherwise. */
interface EvalReport extends Figures {
  readonly benchmark: string;
  readonly policyVersion: number;
  readonly maxTurns: number;
  /** The same for unseen wordings; generated questions only. */
  readonly unseen?: Figures;
  /** The same at the temperature of live answers; generated questions only. */
  readonly live?: Figures & { readonly temperature: number; readonly unseen: Figures };
  readonly ms: number;
}

const QUESTIONS_A_KIND = 500;
/** More conversations at once than the engine decodes together, so that it never waits for rules and tools. */
const CONCURRENCY = 48;
const SEED = 24;

export function registerEval(program: Command): void {
  program
    .command('eval')
    .description('measure the planner on generated questions of a kind, or on the questions of a file')
    .argument(
      '<benchmark>',
      'symbols, words, problems, convert, dates, notes, followups, twotools, gameof24, other; any name with --data',
    )
    .option('--data <file>', 'JSON lines: {"numbers"} for gameof24, otherwise {"question", "answers"}')
    .option('--policy <version>', 'the policy version to measure', wholeNumber)
    .option('--max-turns <n>', 'budget of turns a question', positiveNumber, 6)
    .option('--limit <n>', `at most this many questions (generated: ${QUESTIONS_A_KIND} unless given)`, positiveNumber)
    .option('--json', 'print the figures as JSON')
    .action(async (benchmark: string, options: EvalOptions) => {
      const report = await measure(benchmark, options);
      if (options.json) writeJson(report);
      else print(report);
    });
}

async function measure(benchmark: string, options: EvalOptions): Promise<EvalReport> {
  const { readConfig } = await import('../config.ts');
  const { createLog } = await import('../log.ts');
  const { TASK_KINDS } = await import('../../gpu-worker/tasks/tasks.ts');
  const { generatedItems, itemsOfFile } = await import('./benchmark.ts');
  const { ProgressBar } = await import('./progress-bar.ts');
  const { onStopSignals } = await import('./signals.ts');
  const { evaluate } = await import('../../gpu-worker/jobs/evaluate.ts');
  const { openPlanner } = await import('../../gpu-worker/jobs/starter-planner.ts');
  const { checkBase, weightSetOf } = await import('../../gpu-worker/jobs/policy-weights.ts');
  const { readStoredPolicy } = await import('./policy/stored.ts');
  const { tools } = await import('../../gpu-worker/tools/registry.ts');

  const { maxTurns, limit = QUESTIONS_A_KIND, policy = 0 } = options;
  const kind = TASK_KINDS.find((known) => known === benchmark);
  if (kind === undefined && options.data === undefined) {
    throw new InputError(
      'BENCHMARK_UNKNOWN',
      `no questions of the kind "${benchmark}"`,
      `Choose one of ${TASK_KINDS.join(', ')}, or give --data.`,
    );
  }
  const stored = policy === 0 ? undefined : await readStoredPolicy(policy);
  const config = readConfig();
  const started = performance.now();
  const planner = await openPlanner(config, createLog(config.logLevel, { role: 'command' }));
  const signal = onStopSignals();
  try {
    const what = `policy version ${policy}`;
    if (stored?.weights !== undefined) {
      checkBase(stored.weights, planner.base, what);
      await planner.engine.load(what, weightSetOf(stored.weights, what));
    }
    const run = async (items: readonly EvaluationItem[], temperature: number, label: string): Promise<Figures> => {
      const bar = new ProgressBar(`${benchmark} ${label}`, items.length);
      const setting: EvaluateOptions = {
        agents: planner.agents(temperature, stored && what),
        tools,
        maxTurns,
        zone: config.zone,
        concurrency: CONCURRENCY,
        seed: SEED,
        signal,
        onDone: () => bar.advance(1),
      };
      try {
        return await evaluate(items, setting);
      } finally {
        bar.close();
      }
    };
    const head = { benchmark, policyVersion: policy, maxTurns };
    const ms = () => Math.round(performance.now() - started);
    if (options.data !== undefined) {
      const items = (await itemsOfFile(options.data, benchmark === 'gameof24')).slice(0, options.limit);
      return { ...head, ...(await run(items, 0, 'greedy')), ms: ms() };
    }
    if (kind === undefined)
      throw new InputError('BENCHMARK_UNKNOWN', `no questions of the kind "${benchmark}"`, 'Give --data.');
    const known = generatedItems(kind, 'values', limit);
    const unseen = generatedItems(kind, 'wordings', limit);
    const { temperature } = config;
    return {
      ...head,
      ...(await run(known, 0, 'known wordings')),
      unseen: await run(unseen, 0, 'unseen wordings'),
      live: {
        temperature,
        ...(await run(known, temperature, 'known wordings, live')),
        unseen: await run(unseen, temperature, 'unseen wordings, live'),
      },
      ms: ms(),
    };
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new FoursightError('INTERRUPTED', 'interrupted before the last question', 'Run the command again.', {
      cause: error,
    });
  } finally {
    await planner.close();
  }
}

function print(report: EvalReport): void {
  const row = (name: string, figures: Figures) => [
    name,
    percent(figures.accuracy),
    `${figures.correct} of ${figures.total}`,
    percent(figures.toolErrorRate),
    figures.meanTurns.toFixed(2),
  ];
  const { unseen, live } = report;
  writeLine(`${report.benchmark}, policy ${report.policyVersion}, at most ${report.maxTurns} turns`);
  writeTable([
    ['', 'RIGHT', '', 'TOOL ERRORS', 'TURNS'],
    row(unseen === undefined ? 'greedy' : 'known wordings', report),
    ...(unseen === undefined ? [] : [row('unseen wordings', unseen)]),
    ...(live === undefined
      ? []
      : [
          row(`known wordings, temperature ${live.temperature}`, live),
          row(`unseen wordings, temperature ${live.temperature}`, live.unseen),
        ]),
  ]);
}
