import type { PastQuestion } from '../../../src/domain/ports.ts';
import { ToolError } from '../../../src/domain/tool.ts';
import type { Turn } from '../../../src/domain/trajectory.ts';
import { findUnits } from '../../../src/domain/units.ts';
import type { AnalysedState, Entity } from '../agents.ts';
import { analyseQuestion } from './analysis.ts';

const numberPattern = /-?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|-?\d+\/\d+|-?\d+(?:\.\d+)?/;

/** The first number of a result, as the calculator takes it; fractions stay exact. */
export function numberIn(result: string): string | undefined {
  return numberPattern.exec(result.replaceAll('−', '-'))?.[0].replaceAll(',', '');
}

const succeeded = (turn: Turn): boolean => turn.error === null && turn.tool !== 'help' && turn.tool !== '';

/** Successful turns, newest first: this trajectory's, then those of the conversation's earlier questions. */
function* newestTurns(state: AnalysedState): Generator<Turn> {
  yield* state.turns.filter(succeeded).toReversed();
  for (const past of state.past.toReversed()) yield* past.turns.filter(succeeded).toReversed();
}

/** The last result that holds a number. */
function previousNumber(state: AnalysedState): string {
  for (const turn of newestTurns(state)) {
    const number =
      turn.tool === 'combine' ? undefined : numberIn(turn.tool === 'notes' ? noteValue(turn.result) : turn.result);
    if (number !== undefined) return number;
  }
  throw new ToolError('there is no earlier result to go on from');
}

/** Notes are whole statements; what they state comes last ("room 12 has 40 chairs"), so the first number is the wrong one there. */
function noteValue(result: string): string {
  const entities = analyseQuestion(result).entities.filter(({ kind }) => kind === 'number' || kind === 'expression');
  return entities.at(-1)?.value ?? result;
}

/** What a conversion goes on from: the quantity that the last conversion started with, which is exact, or the last result with its unit. */
function previousQuantity(state: AnalysedState): string {
  for (const turn of newestTurns(state)) {
    if (turn.tool === 'convert') return turn.command.replace(/ to [^ ].*$/, '');
    if (turn.tool === 'notes') return quantityIn(turn.result);
    return turn.result.replace(/^.*≈\s*/, '');
  }
  throw new ToolError('there is no earlier result to go on from');
}

function quantityIn(note: string): string {
  const { entities } = analyseQuestion(note);
  const unit = entities.findLast(({ kind }, i) => kind === 'unit' && entities[i - 1]?.kind === 'number');
  const number = unit && entities[unit.slot - 2];
  return unit && number ? `${number.value} ${unit.value}` : (numberIn(note) ?? note);
}

function entityOf(state: AnalysedState, slot: number): Entity {
  const entity = state.analysis.entities.find((one) => one.slot === slot);
  if (entity === undefined) throw new ToolError(`the question has no value ${slot}`);
  return entity;
}

/** A value inside an expression: brackets where its own operators would bind differently. */
function operand(value: string, before: string, after: string): string {
  const bare = /^[\d.]+%?$/.test(value);
  const whole = /^\(.*\)$/.test(value) && !/\).*\(/.test(value);
  if (bare || whole) return value;
  const tight = /[*/^%-]\s*$/.test(before) || /^\s*[*/^%]/.test(after) || /sqrt\s*$/.test(before);
  const onlyTimes = !/[+\-/^]/.test(value.replace(/^-/, ''));
  if (!tight || (onlyTimes && !/^\s*\^/.test(after) && !/[/^]\s*$/.test(before) && !value.startsWith('-')))
    return value;
  return `(${value})`;
}

/** The calculator's expression: slots and `prev` replaced by values. @throws ToolError */
export function bindExpression(state: AnalysedState, args: string): string {
  const pattern = /<\|(\d+)\|>|\bprev\b/g;
  return args
    .replace(pattern, (token, slot: string | undefined, at: number) => {
      const value = slot === undefined ? previousNumber(state) : expressionOf(entityOf(state, Number(slot)));
      return operand(value, args.slice(0, at), args.slice(at + token.length));
    })
    .replace(/\( /g, '(')
    .replace(/ (?=[)%])/g, '');
}

function expressionOf(entity: Entity): string {
  if (entity.kind !== 'number' && entity.kind !== 'expression')
    throw new ToolError(`"${entity.value}" is a ${entity.kind}, not a number`);
  return entity.value;
}

/**
 * The command of `convert`. `prev to …` goes on from the last quantity; `… to prev` has the last conversion's aim, and `5 prev to prev`
 * its unit as well. @throws ToolError
 */
export function bindConversion(state: AnalysedState, args: string): string {
  const [, from = args, to = ''] = /^(.*) to (\S+)$/.exec(args) ?? [];
  if (to === '') return bindWords(state, args);
  const aim = to === 'prev' ? lastConversion(state).aim : bindWords(state, to);
  if (from === 'prev') return `${previousQuantity(state)} to ${aim}`;
  const quantity = bindWords(
    state,
    from.replace(/^prev\b/, () => previousNumber(state)).replace(/^(\d+) \/ (\d+) /, '$1/$2 '),
  );
  return `${powered(quantity, aim).replace(/\bprev\b/, () => lastConversion(state).unit)} to ${aim}`;
}

/** `20 m` of a calculated area or volume as `20 square metre`, when that is what the aim measures. */
function powered(quantity: string, aim: string): string {
  const [, number = '', unit = ''] = /^(\S+) (.+)$/.exec(quantity) ?? [];
  const [from, to] = [findUnits(unit)[0], findUnits(aim)[0]];
  const power = to?.dimension === 'area' ? 'square' : to?.dimension === 'volume' ? 'cubic' : undefined;
  if (power === undefined || from?.dimension !== 'length') return quantity;
  const lifted = `${power} ${from.name}`;
  return findUnits(lifted).length > 0 ? `${number} ${lifted}` : quantity;
}

/** The unit and the aim of the last conversion, e.g. `miles` and `km`. */
function lastConversion(state: AnalysedState): { unit: string; aim: string } {
  for (const turn of newestTurns(state)) {
    const [, unit, aim] = turn.tool === 'convert' ? (/^-?[\d.,/]+ (.+) to (.+)$/.exec(turn.command) ?? []) : [];
    if (unit !== undefined && aim !== undefined) return { unit, aim };
  }
  throw new ToolError('there is no earlier conversion to go on from');
}

/** Any other command: slots replaced by their values as text. @throws ToolError */
export function bindWords(state: AnalysedState, args: string): string {
  return args.replace(/<\|(\d+)\|>/g, (_, slot: string) => entityOf(state, Number(slot)).value);
}

/** Slots that hold a number of the question which no action used: an expression counts as one. */
export function unusedNumbers(entities: readonly Entity[], used: readonly number[]): readonly Entity[] {
  return entities.filter(({ slot, kind }) => (kind === 'number' || kind === 'expression') && !used.includes(slot));
}

/** The last question of the conversation that got a result. */
export const lastAnswered = (past: readonly PastQuestion[]): PastQuestion | undefined =>
  past.findLast(({ turns }) => turns.some(succeeded));
