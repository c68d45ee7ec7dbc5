import { FoursightError } from '../errors.ts';
import type { NoteStore } from './ports.ts';
import type { Puzzle } from './puzzle.ts';
import type { Turn } from './trajectory.ts';

/** How a tool describes itself to the agents. */
export interface ToolMetadata {
  readonly name: string;
  /** What it does, in one sentence. */
  readonly does: string;
  /** The commands it takes, each with an example. */
  readonly inputs: readonly string[];
  readonly output: string;
  readonly limits: string;
  readonly bestPractice: string;
}

/** What a tool may know besides its command. Nothing is kept between two runs but what is in here. */
export interface ToolContext {
  readonly workspaceId: string;
  readonly questionId: string | null;
  /** The question as the person wrote it. */
  readonly question: string;
  /** The moment of asking: the clock of every tool. */
  readonly now: Date;
  /** The person's IANA time zone. */
  readonly zone: string;
  /** The trajectory's turns so far, oldest first: the memory that `combine` plays from. */
  readonly turns: readonly Turn[];
  /** The puzzle that the analysis found in the question; without one `combine` reads the question's numbers. */
  readonly puzzle?: Puzzle;
  readonly notes: NoteStore;
  /** Rollouts and evaluations write nothing. */
  readonly readOnly: boolean;
  readonly signal: AbortSignal;
}

/** One tool of the flow. */
export interface Tool {
  readonly metadata: ToolMetadata;
  /**
   * Runs one command. The result is short: it becomes part of the planner's prompt.
   * @throws ToolError with a message that the planner can use
   */
  run(command: string, context: ToolContext): Promise<{ readonly result: string }>;
}

/** A command that a tool cannot carry out; the message is short and goes into the planner's prompt. */
export class ToolError extends FoursightError {
  override readonly name = 'ToolError';

  constructor(message: string, options: { cause?: unknown; remedy?: string } = {}) {
    super(
      'TOOL_FAILED',
      message,
      options.remedy ?? 'Write the command as the tool describes it, or choose another tool.',
      {
        cause: options.cause,
      },
    );
  }
}
