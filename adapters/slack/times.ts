import type { Positions } from '../delivery/read-position.ts';
import { PLATFORM } from './context.ts';

const TS = /^\d{10}\.\d{6}$/;

/** Slack's time of a moment, which sorts as text. */
export const tsOf = (ms: number): string => (ms / 1_000).toFixed(6);
export const msOf = (ts: string): number => Number(ts) * 1_000;

export const positions: Positions = {
  platform: PLATFORM,
  of: tsOf,
  ms: msOf,
  isOne: (given) => TS.test(given),
};
