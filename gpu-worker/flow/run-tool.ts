import { type Tool, type ToolContext, ToolError } from '../../src/domain/tool.ts';
import { messageOf } from '../../src/errors.ts';
import { deadline, Interrupted, untilAborted } from './budget.ts';

/** Longest result or error kept in the memory, in characters. */
const maxText = 2_000;

const cut = (text: string): string => (text.length > maxText ? `${text.slice(0, maxText - 1)}…` : text);

/** Either a result or an error, never neither: an empty result of a tool is an error. */
export type ToolOutcome =
  | { readonly result: string; readonly error: null }
  | { readonly result: ''; readonly error: string };

export const failed = (error: string): ToolOutcome => ({ result: '', error: cut(error === '' ? 'failed' : error) });

/**
 * Runs a tool for at most `seconds`. Whatever it throws becomes an error that the planner sees.
 * @throws Interrupted only when the context's signal fires
 */
export async function runTool(
  tool: Tool,
  command: string,
  context: ToolContext,
  seconds: number,
): Promise<ToolOutcome> {
  const tooLong = deadline(seconds * 1_000);
  const signal = AbortSignal.any([context.signal, tooLong.signal]);
  try {
    const { result } = await untilAborted(signal, () => tool.run(command, { ...context, signal }));
    return result.trim() === '' ? failed(`${tool.metadata.name} found nothing`) : { result: cut(result), error: null };
  } catch (error) {
    if (context.signal.aborted)
      throw error instanceof Interrupted ? error : new Interrupted('interrupted', { cause: error });
    if (tooLong.signal.aborted) return failed(`${tool.metadata.name} took longer than ${seconds} s`);
    return failed(error instanceof ToolError ? error.message : `${tool.metadata.name} failed: ${messageOf(error)}`);
  } finally {
    tooLong.clear();
  }
}
