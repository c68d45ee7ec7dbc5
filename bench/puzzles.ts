import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { heldPool } from '../gpu-worker/tasks/gameof24/puzzles.ts';

const usage = `npm run bench -- puzzles --out FILE
  The held-out puzzles as JSON lines, for \`foursight eval gameof24 --data FILE\`: every solvable four of the numbers 1 to 13
  whose sum is a multiple of 9, without the benchmark's.
`;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { out: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help || values.out === undefined) {
    process.stdout.write(usage);
    return;
  }
  const puzzles = heldPool();
  await writeFile(values.out, puzzles.map((numbers) => `${JSON.stringify({ numbers })}\n`).join(''));
  console.log(`${puzzles.length} puzzles in ${values.out}`);
}
