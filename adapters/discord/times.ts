import type { Positions } from '../delivery/read-position.ts';
import { PLATFORM } from './context.ts';
import { idAt, isId, msOfId } from './keys.ts';

/** Discord's ids tell moments. */
export const positions: Positions = { platform: PLATFORM, of: idAt, ms: msOfId, isOne: isId };
