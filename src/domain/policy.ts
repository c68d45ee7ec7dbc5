/** Where a policy version stands. `live` is derived from the promotions log, it is not stored. */
export type PolicyStatus = 'live' | 'promoted' | 'candidate' | 'refused' | 'retired';

/** An immutable policy version as people see it. */
export interface PolicySummary {
  /** 0 is the base model without training of the workspace's own. */
  readonly version: number;
  readonly status: PolicyStatus;
  readonly parent: number | null;
  readonly baseModel: string;
  /** `base`: the base model itself; `lora`; `full`. */
  readonly kind: 'base' | 'lora' | 'full';
  readonly createdAt: string;
  readonly promotedAt: string | null;
  readonly reason: string | null;
}
