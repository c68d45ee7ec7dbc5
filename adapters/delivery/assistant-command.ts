/** What people ask of the assistant besides questions. */
export type AssistantCommand =
  | { readonly type: 'ask'; readonly text: string }
  | { readonly type: 'status' | 'report' | 'help' | 'policyList' | 'policyRollback' }
  | { readonly type: 'retrain'; readonly isDryRun: boolean }
  | { readonly type: 'policyShow'; readonly version: number }
  | { readonly type: 'policyPromote'; readonly version: number; readonly isForced: boolean }
  /** `null`: to be told which it is. */
  | { readonly type: 'training'; readonly isOn: boolean | null }
  | { readonly type: 'wrong'; readonly why: string };

/** How commands are written on a platform. */
export interface CommandWords {
  /** A command as it is typed there. @param command as `parseAssistantCommand` reads it, e.g. `policy promote N --force`; capitals stand for something */
  typed(command: string): string;
  /** What asking by command comes to there, e.g. `ask, seen by you alone`. */
  readonly asking: string;
}

/** Only admins may change what answers everybody. */
export const isForAdmins = (command: AssistantCommand): boolean =>
  command.type === 'policyPromote' ||
  command.type === 'policyRollback' ||
  (command.type === 'retrain' && !command.isDryRun);

const wrong = (why: string): AssistantCommand => ({ type: 'wrong', why });

function versionOf(word: string | undefined): number | undefined {
  const digits = /^v?(\d{1,9})$/i.exec(word ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function policyCommand([verb = 'list', ...rest]: readonly string[]): AssistantCommand {
  const [word, ...more] = rest.filter((one) => one !== '--force' && one !== 'force');
  const isForced = rest.length > (word === undefined ? 0 : 1 + more.length);
  if (more.length > 0 || (isForced && verb !== 'promote')) return wrong(`\`policy ${verb}\` takes less than that.`);
  if (verb === 'list' || verb === 'rollback') {
    if (word !== undefined) return wrong(`\`policy ${verb}\` takes nothing more.`);
    return { type: verb === 'list' ? 'policyList' : 'policyRollback' };
  }
  if (verb !== 'show' && verb !== 'promote')
    return wrong('A policy can be asked to `list`, `show`, `promote` or `rollback`.');
  const version = versionOf(word);
  if (version === undefined) return wrong(`\`policy ${verb}\` needs a version, e.g. \`policy ${verb} 3\`.`);
  return verb === 'show' ? { type: 'policyShow', version } : { type: 'policyPromote', version, isForced };
}

function trainingCommand(words: readonly string[]): AssistantCommand {
  const [word] = words;
  if (words.length > 1 || (word !== undefined && word !== 'on' && word !== 'off')) {
    return wrong('`training` takes `on` or `off`.');
  }
  return { type: 'training', isOn: word === undefined ? null : word === 'on' };
}

/** Reads what was typed after the command's name; nothing is help. */
export function parseAssistantCommand(typed: string): AssistantCommand {
  const text = typed.trim();
  const [word = '', ...rest] = text.split(/\s+/);
  const verb = word.toLowerCase();
  const words = rest.map((one) => one.toLowerCase());
  if (verb === 'ask') {
    const question = text.slice(word.length).trim();
    return question === '' ? wrong('`ask` needs a question.') : { type: 'ask', text: question };
  }
  if (verb === 'policy' || verb === 'policies') return policyCommand(words);
  if (verb === 'training') return trainingCommand(words);
  if (verb === 'retrain') {
    const [mode] = words;
    if (mode === undefined) return { type: 'retrain', isDryRun: false };
    const isDryRun = words.length === 1 && ['dry-run', '--dry-run', 'dryrun'].includes(mode);
    return isDryRun ? { type: 'retrain', isDryRun } : wrong('`retrain` takes `dry-run`, or nothing.');
  }
  if (verb === '' || verb === 'help') return { type: 'help' };
  if (verb === 'status' || verb === 'report') {
    return words.length === 0 ? { type: verb } : wrong(`\`${verb}\` takes nothing more.`);
  }
  return wrong(`There is no \`${word.replaceAll('`', '')}\`.`);
}
