import type { TensorType, Value } from './tensor-type.ts';

export type AttributeKind = 'int' | 'ints' | 'float' | 'string';
export type AttributeKinds = Readonly<Record<string, AttributeKind>>;

interface ByKind {
  int: number;
  ints: readonly number[];
  float: number;
  string: string;
}

/** The attributes of an operator; ONNX gives each a default. */
export type AttributeValues<A extends AttributeKinds> = { readonly [N in keyof A]?: ByKind[A[N]] };

export type OperatorInputs = readonly (Value | undefined)[];
export type Domain = '' | 'com.microsoft';

export interface Operator<
  I extends OperatorInputs = OperatorInputs,
  A extends AttributeKinds = AttributeKinds,
  O extends readonly TensorType[] = readonly TensorType[],
> {
  readonly domain: Domain;
  readonly attributes: A;
  /** Types and shapes of the outputs. @throws GraphError when the inputs do not fit together */
  infer(inputs: I, attributes: AttributeValues<A>): O;
}

/** An entry of the operator table. */
export function operator<
  const A extends AttributeKinds,
  I extends OperatorInputs,
  const O extends readonly TensorType[],
>(attributes: A, infer: (inputs: I, attributes: AttributeValues<A>) => O, domain: Domain = ''): Operator<I, A, O> {
  return { domain, attributes, infer };
}
