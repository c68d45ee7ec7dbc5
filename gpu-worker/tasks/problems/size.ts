/** What a calculation comes to with the numbers of its slots, in floats: only used to choose numbers that come out well. */
export type SizeFunction = (values: ReadonlyMap<string, number>) => number;

const known = new Map<string, SizeFunction>();

/** Reads `{a} * (1 - {p}) + {b}` once. */
export function sizeFunction(calculation: string): SizeFunction {
  let size = known.get(calculation);
  if (size === undefined) {
    size = read(calculation.match(/\{\w\}|\d+(?:\.\d+)?|[-+*/^()]/g) ?? []);
    known.set(calculation, size);
  }
  return size;
}

function read(tokens: readonly string[]): SizeFunction {
  let at = 0;
  const is = (...wanted: string[]): string | undefined => {
    const token = tokens[at];
    if (token === undefined || !wanted.includes(token)) return undefined;
    at += 1;
    return token;
  };
  const sum = (): SizeFunction => {
    let left = product();
    for (let op = is('+', '-'); op !== undefined; op = is('+', '-')) {
      const [a, b, sign] = [left, product(), op === '+' ? 1 : -1];
      left = (values) => a(values) + sign * b(values);
    }
    return left;
  };
  const product = (): SizeFunction => {
    let left = power();
    for (let op = is('*', '/'); op !== undefined; op = is('*', '/')) {
      const [a, b, divides] = [left, power(), op === '/'];
      left = divides ? (values) => a(values) / b(values) : (values) => a(values) * b(values);
    }
    return left;
  };
  const power = (): SizeFunction => {
    const base = atom();
    if (is('^') === undefined) return base;
    const exponent = atom();
    return (values) => base(values) ** exponent(values);
  };
  const atom = (): SizeFunction => {
    if (is('(') !== undefined) {
      const inner = sum();
      is(')');
      return inner;
    }
    const token = tokens[at++] ?? '0';
    const slot = /^\{(\w)\}$/.exec(token)?.[1];
    if (slot !== undefined) return (values) => values.get(slot) ?? 1;
    return () => Number(token);
  };
  return sum();
}
