import { Argument, type Command } from 'commander';
import { writeJson, writeLine } from './output.ts';

interface TrainingOptions {
  readonly user?: string;
  readonly json?: true;
}

/** `training`: whether a person's direct messages may be trained on. */
export function registerTraining(program: Command): void {
  program
    .command('training')
    .description('whether direct messages of yours may be trained on; without an argument, how it stands')
    .addArgument(new Argument('[setting]', 'on or off').choices(['on', 'off']))
    .option('--user <name>', 'of this person instead of yourself')
    .option('--json', 'print how it stands as JSON')
    .addHelpText(
      'after',
      `
Off, as it is at first, \`retrain\` leaves out the votes on answers to direct messages. Questions in channels, at the prompt and
by \`ask\` are the team's and are not concerned.`,
    )
    .action(training);
}

async function training(setting: 'on' | 'off' | undefined, options: TrainingOptions): Promise<void> {
  const { withSession } = await import('./session.ts');
  const { user, trainsOnDirect } = await withSession({ needsWorker: false }, async (session) => {
    const { loop, workspace } = session;
    const person = options.user === undefined ? session.person : { key: options.user, name: options.user };
    const place = { platform: 'console', workspace, person };
    if (setting !== undefined) await loop.setTrainsOnDirect(place, setting === 'on');
    return { user: person.key, trainsOnDirect: await loop.trainsOnDirect(place) };
  });
  if (options.json) writeJson({ user, trainsOnDirect });
  else
    writeLine(
      trainsOnDirect
        ? `Direct messages of ${user} may be trained on: the next \`retrain\` counts the votes on answers to them.`
        : `Direct messages of ${user} are not trained on. What was learnt from them earlier stays in the versions made then.`,
    );
}
