import type { Queryable } from '../db/database.ts';
import { lockedPromotions, viewPolicy } from '../db/policy-queries.ts';
import { insertPromotion } from '../db/policy-store.ts';
import {
  liveStack,
  type PolicyDetail,
  type PromotionReceipt,
  type PromotionWish,
  type RollbackWish,
} from '../domain/policy.ts';
import { storable } from '../domain/storable.ts';
import { InputError } from '../errors.ts';
import type { LoopSetting } from './loop.ts';

/** @throws InputError for an unknown version */
export async function policyDetail(db: Queryable, workspaceId: string, version: number): Promise<PolicyDetail> {
  const detail = await viewPolicy(db, workspaceId, version);
  if (detail !== undefined) return detail;
  throw new InputError(
    'POLICY_UNKNOWN',
    `there is no policy version ${version}`,
    '`foursight policy list` shows which there are.',
  );
}

/**
 * One more row of the promotions log: `version` answers the next question. Version 0 needs no gate.
 * @throws InputError for an unknown version, the live one, and one whose gate did not pass unless forced
 */
export function promotePolicy(setting: LoopSetting, wish: PromotionWish): Promise<PromotionReceipt> {
  const { workspaceId, version, force } = wish;
  const given = wish.reason === null ? null : storable(wish.reason);
  return changeLive(setting, workspaceId, async (tx) => {
    const policy = await policyDetail(tx, workspaceId, version);
    if (policy.status === 'live')
      throw new InputError('POLICY_LIVE', `policy version ${version} is live already`, 'Name another version.');
    const isProven = version === 0 || policy.gate === 'passed';
    if (isProven) return { version, reason: given ?? 'promoted by hand' };
    if (!force) throw ungated(policy);
    return { version, reason: given === null ? 'forced by hand' : `forced: ${given}` };
  });
}

/** Back to the version before the live one, also several times. @throws InputError when there was none */
export function rollbackPolicy(setting: LoopSetting, wish: RollbackWish): Promise<PromotionReceipt> {
  const given = wish.reason === null ? '' : `: ${storable(wish.reason)}`;
  return changeLive(setting, wish.workspaceId, async (_, promoted) => {
    const [version, live] = liveStack(promoted).slice(-2);
    if (version === undefined || live === undefined)
      throw new InputError(
        'NO_POLICY_BEFORE',
        'no other policy version was live before the present one',
        '`foursight policy promote VERSION` makes one live.',
      );
    return { version, reason: `rolled back from ${live}${given}` };
  });
}

type Change = (
  tx: Queryable,
  promoted: readonly number[],
) => Promise<{ readonly version: number; readonly reason: string }>;

async function changeLive({ db, log }: LoopSetting, workspaceId: string, change: Change): Promise<PromotionReceipt> {
  let tried: PromotionReceipt | undefined;
  const receipt = await db.transaction(async (tx) => {
    const promoted = await lockedPromotions(tx, workspaceId);
    const previous = promoted.at(-1) ?? 0;
    // The commit went through, only its acknowledgement was lost.
    if (tried !== undefined && previous === tried.version) return tried;
    tried = { ...(await change(tx, promoted)), previous };
    await insertPromotion(tx, { workspaceId, version: tried.version, reason: tried.reason });
    return tried;
  });
  log.info({ workspaceId, version: receipt.version, previous: receipt.previous }, 'another policy is live');
  return receipt;
}

function ungated({ version, gate, gateReport }: PolicyDetail): InputError {
  const reasons = gateReport?.reasons.join('; ') ?? '';
  return new InputError(
    'POLICY_UNGATED',
    gate === 'refused'
      ? `the gate refused policy version ${version}${reasons === '' ? '' : `: ${reasons}`}`
      : `policy version ${version} has not been through its gate`,
    '`foursight policy promote VERSION --force` makes it live all the same; `foursight policy show VERSION` prints what its gate measured.',
  );
}
