import type { Writable } from 'node:stream';

/** Where the console writes: styled, with a line that can be rewritten, on a terminal; plain lines elsewhere. */
export interface Terminal {
  readonly isTty: boolean;
  /** Writes a whole line. */
  readonly line: (text: string) => void;
  /** Rewrites the last, unfinished line; nothing where lines cannot be rewritten. */
  readonly draft: (text: string) => void;
  readonly clearLine: () => void;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly cyan: (text: string) => string;
}

type Output = Writable & { readonly isTTY?: boolean; readonly hasColors?: () => boolean };

export function createTerminal(output: Output): Terminal {
  const isTty = output.isTTY === true;
  const colours = isTty && output.hasColors?.() === true;
  const style = (open: number, close: number) => (text: string) =>
    colours ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    isTty,
    line: (text) => void output.write(`${text}\n`),
    draft: (text) => (isTty ? void output.write(`\r\u001b[K${text}`) : undefined),
    clearLine: () => (isTty ? void output.write('\r\u001b[K') : undefined),
    bold: style(1, 22),
    dim: style(2, 22),
    red: style(31, 39),
    cyan: style(36, 39),
  };
}
