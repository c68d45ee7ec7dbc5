import { FoursightError, messageOf } from '../errors.ts';

/** What to do about the operating system's errors, which may come from any file. */
function remedyOf(code: unknown): string {
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return 'Make room on that disk, or move FOURSIGHT_HOME; nothing that was stored is lost.';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return 'Let this user write there, or set FOURSIGHT_HOME to another folder.';
  return 'This is not expected: run `foursight doctor`, or again with FOURSIGHT_LOG=debug, and report it.';
}

/** Writes what failed and what to do about it to stderr. Causes are for the log; `FOURSIGHT_LOG=debug` shows them here too. */
export function reportError(error: unknown): void {
  const remedy = error instanceof FoursightError ? error.remedy : remedyOf((error as { code?: unknown } | null)?.code);
  process.stderr.write(`error: ${messageOf(error)}\nremedy: ${remedy.replaceAll('\n', '\n        ')}\n`);
}

export const writeLine = (text = ''): void => void process.stdout.write(`${text}\n`);

/** One JSON value on one line, for machines. */
export const writeJson = (value: unknown): void => writeLine(JSON.stringify(value));

/** Columns aligned by their widest cell; the first row is the header. */
export function writeTable(rows: readonly (readonly string[])[]): void {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  for (const row of rows)
    writeLine(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}
