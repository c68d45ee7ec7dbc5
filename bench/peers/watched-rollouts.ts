import type { QuestionSource } from '../../gpu-worker/jobs/practice-questions.ts';
import { createRng } from '../../gpu-worker/tasks/random.ts';

/** What a trajectory is on average. */
export interface TrajectoryShape {
  readonly turns: number;
  /** Of a turn's prompt, and of what the planner wrote for it. */
  readonly promptTokens: number;
  readonly actionTokens: number;
}

/** Looks at rollouts where they are judged. */
export interface WatchedRollouts {
  readonly watch: (source: QuestionSource) => QuestionSource;
  /** Of the rollouts judged so far. */
  shape(): TrajectoryShape;
}

/** @param rewards the checkers' or, so that no group is dropped for equal rewards, a coin's */
export function watchedRollouts(rewards: 'checker' | 'coin'): WatchedRollouts {
  const coin = createRng(0);
  let [rollouts, turns, promptTokens, actionTokens] = [0, 0, 0, 0];
  return {
    watch: (source) => (rng) => {
      const question = source(rng);
      return {
        ...question,
        isRight(run) {
          rollouts += 1;
          for (const { planner } of run.turns) {
            if (planner === null) continue;
            turns += 1;
            promptTokens += planner.promptIds.length;
            actionTokens += planner.actionIds.length;
          }
          return rewards === 'coin' ? coin.next() < 0.5 : question.isRight(run);
        },
      };
    },
    shape: () => ({
      turns: turns / rollouts,
      promptTokens: promptTokens / turns,
      actionTokens: actionTokens / turns,
    }),
  };
}
