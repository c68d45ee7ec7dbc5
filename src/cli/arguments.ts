import { InvalidArgumentError } from 'commander';

/** @throws InvalidArgumentError unless the argument is a whole number from 0 */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

/** @throws InvalidArgumentError unless the argument is a whole number from 1 */
export function positiveNumber(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError('It must be at least 1.');
  return value;
}
