const EIGHTHS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const WIDTH = 60;

/** A row of blocks, the highest value full; many values are averaged into `WIDTH` of them. */
export function plot(values: readonly number[]): string {
  const count = Math.min(WIDTH, values.length);
  const columns = Array.from({ length: count }, (_, i) => {
    const part = values.slice(Math.floor((i * values.length) / count), Math.floor(((i + 1) * values.length) / count));
    return part.reduce((a, b) => a + b, 0) / part.length;
  });
  const [low, high] = [Math.min(...columns), Math.max(...columns)];
  return columns
    .map(
      (value) => EIGHTHS[high === low ? 3 : Math.round(((value - low) / (high - low)) * (EIGHTHS.length - 1))] ?? ' ',
    )
    .join('');
}
