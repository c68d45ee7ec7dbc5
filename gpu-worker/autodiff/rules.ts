import type { OpName } from '../onnx/ops.ts';
import { elementwiseRules } from './elementwise-rules.ts';
import { indexingRules } from './indexing-rules.ts';
import { normalisationRules } from './normalisation-rules.ts';
import { productRules } from './product-rules.ts';
import type { Rule } from './rule.ts';
import { shapeRules } from './shape-rules.ts';

/** One rule for every operator of `onnx/ops.ts`; the type checker refuses an operator without one. */
export const rules: { readonly [K in OpName]: Rule<K> } = {
  ...elementwiseRules,
  ...normalisationRules,
  ...productRules,
  ...shapeRules,
  ...indexingRules,
  GroupQueryAttention: 'none',
  Shape: 'constant',
  Equal: 'constant',
  Less: 'constant',
  LessOrEqual: 'constant',
  GreaterOrEqual: 'constant',
  And: 'constant',
  ArgMax: 'constant',
};
