import type { PastQuestion } from '../../src/domain/ports.ts';
import { normalisedAnswer, type RatedAnswer, type Votes } from '../../src/domain/reward.ts';
import { groupedBy } from '../train/flow-grpo-groups.ts';
import type { RolloutQuestion } from './rollouts.ts';

/** A question that people rated one or more answers of. */
export interface RatedQuestion {
  /** As it is rolled out; no checker judges it. */
  readonly rollout: RolloutQuestion;
  /** The live answers that were rated. */
  readonly live: readonly RatedAnswer[];
  /** On an answer; null for one that nobody rated: to differ from a 👎 proves nothing. */
  readonly votesOn: (answer: string) => Votes | null;
}

/** Rewards come from people alone. */
const unjudged = () => false;

/** Equal questions, asked in the same state on the same day, are one: their answers mean the same. */
export function ratedQuestions(rated: readonly RatedAnswer[], zone: string): RatedQuestion[] {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone });
  const keyOf = ({ question, past, notes, askedAt }: RatedAnswer): string =>
    JSON.stringify([question, past.map(seen), notes, day.format(askedAt)]);
  return groupedBy(rated, keyOf).flatMap((live) => {
    const [first] = live;
    if (first === undefined) return [];
    const { question, past, notes, askedAt } = first;
    const votes = new Map(
      groupedBy(live, ({ answer }) => normalisedAnswer(answer)).map((same) => [
        normalisedAnswer(same[0]?.answer ?? ''),
        same.reduce<Votes>(added, { up: 0, down: 0 }),
      ]),
    );
    return {
      rollout: { notes, questions: [question], past, askedAt, isRight: unjudged },
      live,
      votesOn: (answer) => votes.get(normalisedAnswer(answer)) ?? null,
    };
  });
}

/** An earlier question as the agents see it. */
const seen = ({ text, answer, turns }: PastQuestion) => [
  text,
  answer,
  turns.map(({ tool, command, result, error, planner }) => [tool, command, result, error, planner?.actionIds]),
];

const added = (a: Votes, b: Votes): Votes => ({ up: a.up + b.up, down: a.down + b.down });
