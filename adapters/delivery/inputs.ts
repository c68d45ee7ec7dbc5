export interface Person {
  readonly key: string;
  /** Empty where the payload does not tell. */
  readonly name: string;
}

/** What a platform told and nothing is done about. @remarks `why` holds nothing that a person wrote: it may be logged. */
export interface Ignored {
  readonly type: 'ignored';
  readonly why: string;
}

export const ignored = (why: string): Ignored => ({ type: 'ignored', why });

/** Something that a platform told and that is handled. */
export interface Input {
  readonly type: string;
  readonly workspace: string;
}

/** What is done about each type of input. Every handler may be called twice for the same input. */
export type HandlersOf<Some extends Input, Context> = {
  readonly [Type in Some['type']]: (input: Extract<Some, { readonly type: Type }>, context: Context) => Promise<void>;
};

/** Calls the handler of an input's type. */
export function handle<Some extends Input, Context>(
  input: Some,
  handlers: HandlersOf<Some, Context>,
  context: Context,
): Promise<void> {
  // Each type has a handler that takes just this type, which the type of the table says and an index into it does not.
  const handler: (input: never, context: Context) => Promise<void> = handlers[input.type as Some['type']];
  return handler(input as never, context);
}
