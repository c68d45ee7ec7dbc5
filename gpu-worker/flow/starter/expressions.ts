import type { Token } from './fold.ts';
import { plainNumber } from './numbers.ts';

/** An expression in symbols with at least one operator, e.g. `(17 * 23) + 4`. */
export interface ReadExpression {
  readonly value: string;
  readonly next: number;
}

const number = /^[\d,]*\.?\d+$/;
const powers: Readonly<Record<string, string>> = { '²': '2', '³': '3' };

/**
 * Reads the longest expression of digits, signs and brackets that starts at a token and ends with a complete operand.
 * Returns undefined for a lone number.
 */
export function readExpression(tokens: readonly Token[], from: number): ReadExpression | undefined {
  const parts: string[] = [];
  let depth = 0;
  let operators = 0;
  let next = from;
  let wantsOperand = true;
  let best: { parts: number; next: number; depth: number; operators: number } | undefined;
  for (; next < tokens.length; next++) {
    const token = tokens[next];
    const text = token?.text ?? '';
    if (wantsOperand) {
      if (number.test(text)) {
        parts.push(plainNumber(text));
        wantsOperand = false;
      } else if ((text === 'sqrt' || text === '√') && isRoot(tokens, next)) {
        parts.push('sqrt');
        operators++;
        continue;
      } else if (text === '(' || text === '[') {
        parts.push('(');
        depth++;
        continue;
      } else if ((text === '-' || text === '+') && isSign(tokens, next, parts.length === 0)) {
        if (text === '-') parts.push('-');
        continue;
      } else break;
    } else if ((text === ')' || text === ']') && depth > 0) {
      parts.push(')');
      depth--;
    } else if (text === '%' && !number.test(tokens[next + 1]?.text ?? '')) {
      parts.push('%');
    } else if (powers[text] !== undefined) {
      parts.push('^', powers[text] ?? '');
      operators++;
    } else {
      const operator = operatorAt(tokens, next);
      if (operator === undefined) break;
      parts.push(operator);
      operators++;
      wantsOperand = true;
      continue;
    }
    if (depth === 0) best = { parts: parts.length, next: next + 1, depth, operators };
  }
  if (best === undefined || best.operators === 0) return undefined;
  return { value: spaced(parts.slice(0, best.parts)), next: best.next };
}

/** A sign in front of an operand; the first one of an expression must touch its number and follow a blank. */
function isSign(tokens: readonly Token[], at: number, first: boolean): boolean {
  const sign = tokens[at];
  const operand = tokens[at + 1];
  if (sign === undefined || operand === undefined || !(number.test(operand.text) || operand.text === '(')) return false;
  if (!first) return true;
  const before = tokens[at - 1];
  return operand.start === sign.end && (before === undefined || before.end < sign.start);
}

const isRoot = (tokens: readonly Token[], at: number): boolean =>
  /^[\d(]/.test(tokens[at + 1]?.text ?? '') || tokens[at]?.text === '√';

function operatorAt(tokens: readonly Token[], at: number): string | undefined {
  const text = tokens[at]?.text ?? '';
  if (text === '**') return '^';
  if (text === 'x') {
    const after = tokens[at + 1]?.text ?? '';
    return number.test(after) || after === '(' ? '*' : undefined;
  }
  return text.length === 1 && '+-*/^'.includes(text) ? text : undefined;
}

function spaced(parts: readonly string[]): string {
  let out = '';
  let unary = true;
  for (const part of parts) {
    if (part === '(') {
      out += '(';
      unary = true;
    } else if (part === ')' || part === '%') {
      out += part;
    } else if ('+-*/'.includes(part) && !unary) {
      out += ` ${part} `;
      unary = true;
    } else {
      out += part === 'sqrt' ? 'sqrt ' : part;
      unary = part === '^' || part === 'sqrt';
    }
  }
  return out;
}
