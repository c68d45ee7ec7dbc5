import type { Agents, Generate } from '../agents.ts';
import { analyseQuestion } from './analysis.ts';
import { createExecutor } from './executor.ts';
import { generateAnswer } from './generator.ts';
import { createPlanner } from './planner.ts';
import { PromptWriter } from './prompt.ts';
import { verify } from './verifier.ts';
import type { StarterTokenizer } from './vocabulary.ts';

/** The temperature of live answers and of retrain's rollouts. */
export const STARTER_TEMPERATURE = 0.5;

/** Measured on unseen wordings: of the questions with a less likely action than this, one in six is answered rightly. */
export const LEAST_CONFIDENCE = -0.4;

export interface StarterOptions {
  readonly tokenizer: StarterTokenizer;
  /** An engine's `generate` with the policy's weights. */
  readonly generate: Generate;
  /** Default: the live temperature. 0 is greedy. */
  readonly temperature?: number;
  /** Mean log-probability under which an action is replaced by saying what can be done. Default `LEAST_CONFIDENCE`; rollouts may switch it off with −Infinity. */
  readonly leastConfidence?: number;
  /** Tokens that the model can read; default 1,024. */
  readonly maxLength?: number;
}

/**
 * The starter family: the planner is a small model, query analysis, executor, verifier and generator are rules.
 * @throws StarterModelError when the tokenizer is not the starter's
 */
export function starterAgents(options: StarterOptions): Agents {
  const writer = new PromptWriter(options.tokenizer);
  return {
    analyse: async (state) => analyseQuestion(state.question),
    plan: createPlanner({
      writer,
      generate: options.generate,
      temperature: options.temperature ?? STARTER_TEMPERATURE,
      leastConfidence: options.leastConfidence ?? LEAST_CONFIDENCE,
      maxLength: options.maxLength ?? 1_024,
    }),
    execute: createExecutor(writer),
    verify,
    generate: generateAnswer,
  };
}
