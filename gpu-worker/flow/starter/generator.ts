import type { StopReason, Turn } from '../../../src/domain/trajectory.ts';
import type { AnalysedState } from '../agents.ts';
import { numberIn } from './binding.ts';
import { reached } from './verifier.ts';

const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A dates tool's result as a sentence. */
function moment(command: string, result: string): string {
  const parts = (pattern: RegExp): RegExpExecArray | null => pattern.exec(command);
  let match = parts(/^time (?:in|at|of) (?!\d)(.+)$/i);
  if (match) return `it is ${result} in ${match[1]}`;
  match = parts(/^(?:days|weeks) (until|till|to|before|since) (.+)$/i);
  if (match) return /\bago$|from now$/.test(result) ? `${match[2]}: ${result}` : `${result} ${match[1]} ${match[2]}`;
  match = parts(/^years since (.+)$/i);
  if (match) return `${result} since ${match[1]}`;
  match = parts(/^(?:days|weeks|hours|minutes|time) (?:between|from) (.+?) (?:and|to|until|till) (.+)$/i);
  if (match) return `${result} between ${match[1]} and ${match[2]}`;
  match = parts(/^zone (.+) (?:to|in) (.+)$/i);
  if (match) return `it is ${result} in ${match[2]} when it is ${match[1]}`;
  match = parts(/^(?:weekday|day|date) (?:of |on |for )?(.+)$/i);
  if (match)
    return /^in |ago$|from now$/.test(match[1] ?? '') ? `${match[1]} it is ${result}` : `${match[1]} is ${result}`;
  match = parts(/^time (.+)$/i);
  if (match) return `${match[1]} it is ${result}`;
  match = parts(/^(?:time )?difference/i);
  if (match) return result;
  return `it is ${result}`;
}

/** One successful turn in words. */
function tell(turn: Turn): string {
  switch (turn.tool) {
    case 'calculator':
      return result(turn.command, turn.result);
    case 'convert':
      return result(turn.command.replace(/ (?:to|into|in) (?!.* (?:to|into|in) ).*$/, ''), turn.result);
    case 'dates':
      return capital(moment(turn.command, turn.result));
    case 'notes':
      return turn.command.startsWith('remember') ? `Noted: ${turn.command.slice('remember '.length)}` : turn.result;
    case 'combine':
      return reached(turn.result) ? `Solved: ${turn.result.replace(/^.*reached: /, '')} = 24` : turn.result;
    default:
      return turn.result;
  }
}

const result = (command: string, value: string): string =>
  value.startsWith('≈') ? `${command} ${value}` : `${command} = ${value}`;

/** A result that only the next calculation is about. */
const isStep = ({ tool, result }: Turn, next: Turn | undefined): boolean => {
  const number = numberIn(result);
  return tool === 'dates' && next?.tool === 'calculator' && number !== undefined && next.command.includes(number);
};

const give: Readonly<Partial<Record<StopReason, string>>> = {
  turns: 'I have used all my turns',
  seconds: 'I have run out of time',
};

/** The generator agent: the final answer in a sentence or two, made from the memory. */
export async function generateAnswer(state: AnalysedState, stopReason: StopReason): Promise<string> {
  const good = state.turns.filter((turn) => turn.error === null && turn.tool !== 'help');
  const last = state.turns.at(-1);
  if (stopReason !== 'verified') return unfinished(state, good, stopReason);
  if (last?.tool === 'help') {
    const missed = state.turns.find((turn) => turn.tool === 'notes' && turn.error !== null);
    const first = missed ? 'I have noted nothing about that.' : 'I am not able to answer that.';
    return `${first} ${sentence(last.result)}`;
  }
  if (last?.tool === 'combine') return sentence(tell(last));
  const told = good.map((turn, index) => sentence(isStep(turn, good[index + 1]) ? turn.result : tell(turn)));
  return told.join(' ') || 'I found no answer to that.';
}

function unfinished(state: AnalysedState, good: readonly Turn[], stopReason: StopReason): string {
  const why = give[stopReason] ?? 'I had to stop';
  if (state.analysis.puzzle !== undefined) {
    const numbers = state.analysis.puzzle.numbers.join(', ');
    return `${why} without making ${state.analysis.puzzle.target} from ${numbers}.`;
  }
  const failure = state.turns.findLast((turn) => turn.error !== null)?.error;
  const problem = failure ? ` The last problem: ${sentence(failure)}` : '';
  const far = good.length > 0 ? ` So far: ${good.map((turn) => sentence(tell(turn))).join(' ')}` : '';
  return `${why} before I was sure of an answer.${far}${problem}`;
}
