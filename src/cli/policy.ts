import type { Command } from 'commander';
import type { PolicySummary, PromotionReceipt } from '../domain/policy.ts';
import { wholeNumber } from './arguments.ts';
import { writeJson, writeLine, writeTable } from './output.ts';

interface Json {
  readonly json?: true;
}
interface Reason extends Json {
  readonly reason?: string;
}

/** `policy`: the versions of this workspace's planner, and which of them answers. */
export function registerPolicy(program: Command): void {
  const policy = program.command('policy').description('versions of the planner');
  policy
    .command('list')
    .description('all versions of this workspace, the live one among them')
    .option('--json', 'print them as JSON')
    .action(list);
  policy
    .command('show')
    .description('where a version comes from, what its gate measured, when it was live')
    .argument('<version>', 'a version of `policy list`', wholeNumber)
    .option('--json', 'print it as JSON')
    .action(show);
  policy
    .command('promote')
    .description('answer with this version from the next question on')
    .argument('<version>', 'a version of `policy list`; 0 is the base model', wholeNumber)
    .option('--force', 'even if its gate did not let it pass')
    .option('--reason <text>', 'why; kept with the version')
    .option('--json', 'print the outcome as JSON')
    .action(promote);
  policy
    .command('rollback')
    .description('answer again with the version that was live before the present one')
    .option('--reason <text>', 'why; kept with the version')
    .option('--json', 'print the outcome as JSON')
    .action(rollback);
  policy
    .command('export')
    .description(
      'write a version for other programs: LoRA weights as a PEFT folder, all weights as a Hugging Face folder',
    )
    .argument('<dir>', 'a new or empty folder')
    .option('--policy <version>', 'the version (default: the live one)', wholeNumber)
    .option('--json', 'print the outcome as JSON')
    .action(exportTo);
}

async function list({ json }: Json): Promise<void> {
  const { withSession } = await import('./session.ts');
  const policies = await withSession({ needsWorker: false }, ({ loop, workspaceId }) => loop.policies(workspaceId));
  if (json) return writeJson(policies);
  const row = (p: PolicySummary) => [
    String(p.version),
    p.status,
    p.kind,
    String(p.parent ?? '–'),
    p.createdAt,
    p.reason ?? '–',
  ];
  writeTable([['VERSION', 'STATUS', 'KIND', 'PARENT', 'CREATED', 'REASON'], ...policies.map(row)]);
}

async function show(version: number, { json }: Json): Promise<void> {
  const { withSession } = await import('./session.ts');
  const { showPolicy } = await import('./policy/show.ts');
  const detail = await withSession({ needsWorker: false }, ({ loop, workspaceId }) =>
    loop.policy(workspaceId, version),
  );
  if (json) writeJson(detail);
  else showPolicy(detail);
}

async function promote(version: number, options: Reason & { readonly force?: true }): Promise<void> {
  const { withSession } = await import('./session.ts');
  const { force = false, reason = null } = options;
  const receipt = await withSession({ needsWorker: false }, ({ loop, workspaceId }) =>
    loop.promote({ workspaceId, version, force, reason }),
  );
  tell(receipt, options);
}

async function rollback(options: Reason): Promise<void> {
  const { withSession } = await import('./session.ts');
  const receipt = await withSession({ needsWorker: false }, ({ loop, workspaceId }) =>
    loop.rollback({ workspaceId, reason: options.reason ?? null }),
  );
  tell(receipt, options);
}

function tell(receipt: PromotionReceipt, { json }: Json): void {
  if (json) writeJson(receipt);
  else
    writeLine(
      `Policy version ${receipt.version} answers from the next question on, instead of ${receipt.previous} (${receipt.reason}).`,
    );
}

async function exportTo(dir: string, { policy, json }: Json & { readonly policy?: number }): Promise<void> {
  const { exportPolicy } = await import('./policy/export.ts');
  const receipt = await exportPolicy(dir, policy);
  if (json) writeJson(receipt);
  else writeLine(`Policy version ${receipt.version} is in ${receipt.dir}.`);
}
