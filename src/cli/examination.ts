import { access, constants, statfs } from 'node:fs/promises';
import { type Config, readConfig } from '../config.ts';
import { databaseFolder, postgresOwner } from '../db/embedded/place.ts';
import { makeFolder } from '../db/folder.ts';
import type { ChatDesk } from '../domain/chat.ts';
import { type Finding, fine, type Outcome, problem, warning } from '../domain/finding.ts';
import { FoursightError, messageOf } from '../errors.ts';
import { examineSecretKeys } from './secret-keys.ts';

const LEAST_FREE_BYTES = 1024 ** 3;

/** Runs one check; what it throws becomes a problem with its remedy. */
async function run(check: string, examineIt: () => Promise<Outcome>): Promise<Finding> {
  try {
    return { check, ...(await examineIt()) };
  } catch (error) {
    const remedy = error instanceof FoursightError ? error.remedy : 'Look at the message; docs/operations.md may help.';
    return { check, ...problem(messageOf(error), remedy) };
  }
}

async function node(): Promise<Outcome> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return fine(`Node ${process.versions.node}`);
  return problem(`Node ${process.versions.node}`, 'Install Node 20.19 or later.');
}

async function home(config: Config): Promise<Outcome> {
  await makeFolder(config.home, process.getuid?.() === 0 ? 0o711 : 0o700);
  await access(config.home, constants.W_OK);
  const { bavail, bsize } = await statfs(config.home);
  const free = `${config.home}, ${((bavail * bsize) / 1024 ** 3).toFixed(1)} GiB free`;
  if (bavail * bsize >= LEAST_FREE_BYTES) return fine(free);
  return warning(free, 'Free at least 1 GiB, or move FOURSIGHT_HOME.');
}

async function runtime(): Promise<Outcome> {
  const { env } = await import('onnxruntime-node');
  return fine(`ONNX Runtime ${env.versions.node ?? env.versions.common}`);
}

async function model(config: Config): Promise<Outcome> {
  const { openModel } = await import('../../gpu-worker/models/model.ts');
  const { modelFolder } = await import('../../gpu-worker/models/location.ts');
  const opened = await openModel(modelFolder(config.model, config.home));
  const { layers, hiddenSize } = opened.config;
  return fine(`${config.model}: ${opened.config.modelType}, ${layers} layers of ${hiddenSize}`);
}

/** @param use what else is to be done while it can be used */
async function database(config: Config, use: (desk: ChatDesk) => Promise<void>): Promise<Outcome> {
  const folder = await databaseFolder(config.home, postgresOwner());
  const place = config.databaseUrl === null ? `embedded, data under ${folder}` : 'the server of DATABASE_URL';
  const { withSession } = await import('./session.ts');
  return withSession({ needsWorker: false }, async ({ loop, desk }) => {
    await use(desk);
    const { queue, questions } = await loop.status();
    const says = `${place}; schema up to date; queue on ${queue.backend}; ${questions.open} open questions`;
    if (queue.failed === 0) return fine(says);
    return warning(`${says}; ${queue.failed} failed jobs`, 'Look for their errors in the log.');
  });
}

/** @param desk undefined when the database cannot be used */
async function slack({ slack: settings, ...config }: Config, desk?: ChatDesk): Promise<Finding[]> {
  if (settings === null) return [{ check: 'slack', ...fine('not set up; docs/slack.md shows how') }];
  const { examineSlack } = await import('../../adapters/slack/examine.ts');
  const findings = await examineSlack(settings, desk);
  if (settings.connection.mode !== 'oauth') return findings;
  const keys = () => examineSecretKeys(config.home, config.secretKeys, config.databaseUrl !== null);
  return [await run('slack key', keys), ...findings];
}

async function discord({ discord: settings }: Config): Promise<Finding[]> {
  if (settings === null) return [{ check: 'discord', ...fine('not set up; docs/discord.md shows how') }];
  const { examineDiscord } = await import('../../adapters/discord/examine.ts');
  return examineDiscord(settings);
}

/** Checks everything that `start` needs, in the order in which it needs it. */
export async function examine(): Promise<Finding[]> {
  let config: Config | undefined;
  const findings = [
    await run('node', node),
    await run('settings', async () => {
      config = readConfig();
      return fine('the environment can be used');
    }),
  ];
  const read = config;
  if (read === undefined) return findings;
  findings.push(
    await run('home', () => home(read)),
    await run('runtime', runtime),
    await run('model', () => model(read)),
  );
  let ofSlack: readonly Finding[] | undefined;
  const withDesk = async (desk: ChatDesk): Promise<void> => {
    ofSlack = await slack(read, desk);
  };
  findings.push(await run('database', () => database(read, withDesk)));
  return [...findings, ...(ofSlack ?? (await slack(read))), ...(await discord(read))];
}
