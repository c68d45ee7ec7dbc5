import { homedir, platform } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CronExpressionParser } from 'cron-parser';
import { z } from 'zod';
import { type DiscordConfig, discordConfig, discordVariables } from './config/discord.ts';
import { listOf, url, type ValuesOf, type Variable, whole } from './config/forms.ts';
import { type SlackConfig, slackConfig, slackVariables } from './config/slack.ts';
import { ConfigError } from './errors.ts';

/** The starter planner that comes with the program. */
export const STARTER_MODEL = fileURLToPath(new URL('../starter/model', import.meta.url));

/** Everything that the environment decides. */
export interface Config {
  /** Folder for the database, credentials, caches; absolute. */
  readonly home: string;
  /** A Postgres server of one's own; without one the embedded server runs under `home`. */
  readonly databaseUrl: string | null;
  /** Queues live in Redis when set, otherwise in Postgres. */
  readonly redisUrl: string | null;
  /** A model folder (absolute) or a Hugging Face name. */
  readonly model: string;
  readonly http: {
    readonly host: string;
    /** 0: any free port. */
    readonly port: number;
    /** The bearer token of the HTTP API; null: one is generated and kept under `home`. */
    readonly token: string | null;
  };
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** The IANA zone in which people without a zone of their own ask. */
  readonly zone: string;
  readonly budgets: { readonly turns: number; readonly seconds: number };
  /** Of live answers and of `retrain`'s rollouts. */
  readonly temperature: number;
  readonly worker: {
    /** Questions answered at the same time. */
    readonly concurrency: number;
    /** CPU threads of the model; null: the engine chooses. */
    readonly threads: number | null;
  };
  /** When the service retrains by itself, a cron pattern in `zone`; null: never. */
  readonly retrainCron: string | null;
  /** Questions that a candidate answers in its gate. */
  readonly gateQuestions: number;
  readonly huggingFace: { readonly endpoint: string; readonly token: string | null };
  /** null: Slack is not used. */
  readonly slack: SlackConfig | null;
  /** null: Discord is not used. */
  readonly discord: DiscordConfig | null;
  /** Questions a minute on chat platforms. */
  readonly limits: { readonly person: number; readonly workspace: number };
  /** What installations are sealed with: the first; the others open what was sealed before. None: one is kept under `home`. */
  readonly secretKeys: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

function defaultHome(env: Environment): string {
  if (platform() === 'darwin') return join(homedir(), 'Library', 'Application Support', 'foursight');
  if (platform() === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'foursight');
  return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'foursight');
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).format(0) !== '';
  } catch {
    return false;
  }
}

function isCron(pattern: string): boolean {
  try {
    CronExpressionParser.parse(pattern);
    return true;
  } catch {
    return false;
  }
}

/** Each variable's form, and what to do when it has another. */
const variables = {
  FOURSIGHT_HOME: { form: z.string(), wants: 'Name a folder that you may write to.' },
  DATABASE_URL: {
    form: url('postgres:', 'postgresql:'),
    wants: 'Write it like postgres://user:password@host:5432/name, or unset it for the embedded database.',
    isSecret: true,
  },
  REDIS_URL: {
    form: url('redis:', 'rediss:'),
    wants: 'Write it like redis://host:6379, or unset it to keep the queues in Postgres.',
    isSecret: true,
  },
  FOURSIGHT_MODEL: { form: z.string(), wants: 'Name a model folder or a Hugging Face repository.' },
  FOURSIGHT_HTTP_HOST: { form: z.string(), wants: 'Name an address to listen on, e.g. 127.0.0.1.' },
  FOURSIGHT_HTTP_PORT: { form: whole(0, 65_535), wants: 'Give a whole number from 0 (any free port) to 65535.' },
  FOURSIGHT_TOKEN: {
    form: z.string().regex(/^[\x21-\x7e]{16,200}$/),
    wants: 'Give at least 16 visible ASCII characters, or unset it to have one generated.',
    isSecret: true,
  },
  FOURSIGHT_LOG: {
    form: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
    wants: 'Choose one of debug, info, warn, error, silent.',
  },
  FOURSIGHT_ZONE: { form: z.string().refine(isZone), wants: 'Name an IANA time zone, e.g. Europe/Berlin.' },
  FOURSIGHT_TURNS: { form: whole(1, 50), wants: 'Give a whole number from 1 to 50.' },
  FOURSIGHT_SECONDS: { form: whole(1, 3_600), wants: 'Give a whole number from 1 to 3600.' },
  FOURSIGHT_TEMPERATURE: { form: z.coerce.number().min(0).max(2), wants: 'Give a number from 0 (greedy) to 2.' },
  FOURSIGHT_CONCURRENCY: { form: whole(1, 256), wants: 'Give a whole number from 1 to 256.' },
  FOURSIGHT_THREADS: { form: whole(1, 256), wants: 'Give a whole number from 1 to 256, or unset it.' },
  FOURSIGHT_RETRAIN_CRON: {
    form: z.string().refine((text) => text === 'off' || isCron(text)),
    wants: 'Write a cron pattern of minute, hour, day, month and weekday, like "0 3 * * *", or off.',
  },
  FOURSIGHT_GATE_QUESTIONS: { form: whole(500, 100_000), wants: 'Give a whole number from 500 to 100000.' },
  HF_ENDPOINT: { form: url('http:', 'https:'), wants: 'Write it like https://huggingface.co.' },
  HF_TOKEN: { form: z.string(), wants: 'Give a Hugging Face access token.', isSecret: true },
  FOURSIGHT_PERSON_LIMIT: { form: whole(1, 100_000), wants: 'Give a whole number from 1 to 100000.' },
  FOURSIGHT_WORKSPACE_LIMIT: { form: whole(1, 100_000), wants: 'Give a whole number from 1 to 100000.' },
  FOURSIGHT_SECRET_KEY: {
    form: listOf(/^[\x21-\x7e]{24,200}$/),
    wants: 'Give at least 24 visible ASCII characters without a comma; older keys follow it after commas.',
    isSecret: true,
  },
  ...slackVariables,
  ...discordVariables,
} as const satisfies Readonly<Record<string, Variable>>;
type Values = ValuesOf<typeof variables>;

function parse(env: Environment): Values {
  const values: Record<string, unknown> = {};
  const problems: { said: string; wants: string }[] = [];
  for (const [name, { form, wants, isSecret }] of Object.entries<Variable>(variables)) {
    const text = env[name]?.trim();
    if (text === undefined || text === '') continue;
    const parsed = form.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else problems.push({ said: isSecret ? name : `${name}=${JSON.stringify(text)}`, wants: `${name}: ${wants}` });
  }
  if (problems.length > 0) {
    throw new ConfigError(
      'CONFIG_INVALID',
      `the environment cannot be used: ${problems.map(({ said }) => said).join(', ')}`,
      problems.map(({ wants }) => wants).join('\n'),
    );
  }
  return values as Values;
}

/** A name with one slash that is no folder is a Hugging Face repository; everything else is a path. */
const modelOf = (text: string): string =>
  /^[\w-][\w.-]*\/[\w.-]+$/.test(text) && !isAbsolute(text) && !text.startsWith('starter/') ? text : resolve(text);

/**
 * Reads the configuration from the environment. Empty variables count as unset.
 * @throws ConfigError naming every variable that cannot be used, with a remedy for each
 */
export function readConfig(env: Environment = process.env): Config {
  const values = parse(env);
  return {
    home: resolve(values.FOURSIGHT_HOME ?? defaultHome(env)),
    databaseUrl: values.DATABASE_URL ?? null,
    redisUrl: values.REDIS_URL ?? null,
    model: values.FOURSIGHT_MODEL === undefined ? STARTER_MODEL : modelOf(values.FOURSIGHT_MODEL),
    http: {
      host: values.FOURSIGHT_HTTP_HOST ?? '127.0.0.1',
      port: values.FOURSIGHT_HTTP_PORT ?? 4724,
      token: values.FOURSIGHT_TOKEN ?? null,
    },
    logLevel: values.FOURSIGHT_LOG ?? 'warn',
    zone: values.FOURSIGHT_ZONE ?? new Intl.DateTimeFormat().resolvedOptions().timeZone,
    budgets: { turns: values.FOURSIGHT_TURNS ?? 6, seconds: values.FOURSIGHT_SECONDS ?? 60 },
    temperature: values.FOURSIGHT_TEMPERATURE ?? 0.5,
    worker: { concurrency: values.FOURSIGHT_CONCURRENCY ?? 16, threads: values.FOURSIGHT_THREADS ?? null },
    retrainCron: values.FOURSIGHT_RETRAIN_CRON === 'off' ? null : (values.FOURSIGHT_RETRAIN_CRON ?? '0 3 * * *'),
    gateQuestions: values.FOURSIGHT_GATE_QUESTIONS ?? 5_000,
    huggingFace: { endpoint: values.HF_ENDPOINT ?? 'https://huggingface.co', token: values.HF_TOKEN ?? null },
    slack: slackConfig(values),
    discord: discordConfig(values),
    limits: { person: values.FOURSIGHT_PERSON_LIMIT ?? 20, workspace: values.FOURSIGHT_WORKSPACE_LIMIT ?? 300 },
    secretKeys: values.FOURSIGHT_SECRET_KEY ?? [],
  };
}
