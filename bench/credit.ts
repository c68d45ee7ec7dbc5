import { parseArgs } from 'node:util';
import { type Skill, type Variant, withToy } from './credit/learn.ts';

const names = ['broadcast', 'last turn', 'shuffled'] as const satisfies readonly Variant[];

const usage = `npm run bench -- credit [--seeds N] [--first N] [--variants A,B] [--updates N] [--questions N]
  Which turns does an outcome's reward teach? A toy of three turns learns on-policy with the reward broadcast to every turn
  (Flow-GRPO), on the last turn only, and with rewards shuffled over the trajectories of each update. Accuracies in per cent.
  --first N: the first of the seeds. --variants: only these, of ${names.join(', ')}.
`;

const columns = ['all turns', 'change', 'turn 1', 'turn 2', 'turn 3'];

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '3' },
      first: { type: 'string', default: '1' },
      variants: { type: 'string', default: names.join(',') },
      updates: { type: 'string', default: '40' },
      questions: { type: 'string', default: '24' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const first = Number(values.first);
  const chosen = chosenOf(values.variants);
  const before: Skill[] = [];
  const after: Record<Variant, Skill[]> = { broadcast: [], 'last turn': [], shuffled: [] };
  for (let seed = first; seed < first + Number(values.seeds); seed++)
    await withToy(seed, Number(values.questions), async (toy) => {
      before.push(toy.before);
      printHead(`seed ${seed}`);
      print('before', toy.before);
      for (const name of chosen) {
        const skill = await toy.learn(name, Number(values.updates));
        after[name].push(skill);
        print(name, skill, toy.before);
      }
    });
  const start = meanOf(before);
  printHead(`mean of ${values.seeds}`);
  print('before', start);
  for (const name of chosen) print(name, meanOf(after[name]), start);
}

/** @throws RangeError for a variant that there is not */
function chosenOf(list: string): Variant[] {
  const unknown = list.split(',').find((name) => !names.some((known) => known === name));
  if (unknown !== undefined) throw new RangeError(`no variant '${unknown}': choose of ${names.join(', ')}`);
  return names.filter((name) => list.split(',').includes(name));
}

function meanOf(skills: readonly Skill[]): Skill {
  const mean = (of: (skill: Skill) => number) => skills.reduce((sum, skill) => sum + of(skill), 0) / skills.length;
  return {
    accuracy: mean(({ accuracy }) => accuracy),
    byTurn: (skills[0]?.byTurn ?? []).map((_, turn) => mean(({ byTurn }) => byTurn[turn] ?? 0)),
  };
}

const row = (name: string, cells: readonly string[]): void =>
  console.log(name.padEnd(12) + cells.map((cell) => cell.padStart(11)).join(''));
const printHead = (title: string): void => row(title, columns);

function print(name: string, { accuracy, byTurn }: Skill, from?: Skill): void {
  const percent = (share: number) => (100 * share).toFixed(1);
  const change = from === undefined ? 0 : accuracy - from.accuracy;
  const signed = from === undefined ? '' : `${change < 0 ? '' : '+'}${percent(change)}`;
  row(name, [percent(accuracy), signed, ...byTurn.map(percent)]);
}
