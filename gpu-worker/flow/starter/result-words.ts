const weekday = /^(?:mon|tues|wednes|thurs|fri|satur|sun)day\b/i;

/**
 * What the planner is shown of a turn's outcome. The game needs its numbers; elsewhere the kind of the result is enough, since
 * actions name it by `prev`.
 */
export function resultWords(turn: {
  readonly tool: string;
  readonly result: string;
  readonly error: string | null;
}): string {
  if (turn.tool === 'combine')
    return turn.error === null ? spell(turn.result) : spell(turn.error.replace(/^.*(?=\bleft\b)/, ''));
  if (turn.error !== null) return /^not all numbers/.test(turn.error) ? 'unused' : 'error';
  switch (turn.tool) {
    case 'calculator':
      return 'n';
    case 'convert':
      return 'n unit';
    case 'dates':
      return weekday.test(turn.result)
        ? 'dayname'
        : /\b(?:days?|weeks?)\b/.test(turn.result)
          ? 'n day'
          : /:\d\d/.test(turn.result)
            ? 'time'
            : 'date';
    case 'notes':
      return /\d/.test(turn.result) ? 'note n' : 'note';
    default:
      return turn.tool;
  }
}

/** `12, left 1 1 12` as words, fractions whole. */
const spell = (text: string): string =>
  (text.toLowerCase().match(/-?\d+(?:\/\d+)?|[a-z]+/g) ?? []).slice(0, 40).join(' ');
