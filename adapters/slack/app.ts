import {
  App,
  HTTPReceiver,
  type HTTPReceiverOptions,
  type Logger,
  LogLevel,
  type Receiver,
  type ReceiverEvent,
} from '@slack/bolt';
import { ConfigError, messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import type { Timers } from '../delivery/timers.ts';
import { callOptions, sdkLog } from './calls.ts';
import { answerFailedInstall } from './install-page.ts';
import type { Intake } from './intake.ts';
import { botScopes } from './scopes.ts';
import { openSocket } from './socket.ts';

/** How events come in, and with whose token things are posted: the configuration's, which an adapter does not import. */
export type SlackConnection =
  | { readonly mode: 'socket'; readonly botToken: string; readonly appToken: string }
  | { readonly mode: 'http'; readonly botToken: string; readonly signingSecret: string; readonly listen: Listen }
  | {
      readonly mode: 'oauth';
      readonly clientId: string;
      readonly clientSecret: string;
      readonly stateSecret: string;
      readonly signingSecret: string;
      readonly listen: Listen;
    };

interface Listen {
  readonly host: string;
  readonly port: number;
}

export interface ConnectionOptions {
  readonly connection: SlackConnection;
  readonly apiUrl: string | null;
  readonly intake: Intake;
  readonly installationStore: NonNullable<HTTPReceiverOptions['installationStore']>;
  /** What the SDK says of requests. @param sdk where it would say it otherwise */
  readonly requestLog: (sdk: Logger, signingSecret: string) => Logger;
  readonly log: Log;
  readonly timers: Timers;
  readonly onConnected: () => void;
  readonly onDisconnected: () => void;
}

/** The way from Slack to the intake. */
export interface Connection {
  /** @throws ConfigError where Slack refuses the app-level token; what listening throws */
  start(): Promise<void>;
  /** Nothing more comes in after it. */
  close(): Promise<void>;
  /** Where it listens; null in Socket Mode. */
  readonly address: string | null;
}

/** Bolt acknowledges an event before anything was done about it: here the intake says when. */
class StoringApp extends App {
  readonly #intake: Intake;
  readonly #log: Log;

  constructor(receiver: Receiver, { intake, log, apiUrl }: ConnectionOptions) {
    super({
      receiver,
      logger: sdkLog(log),
      clientOptions: callOptions(apiUrl, log),
      authorize: async () => ({}),
      ignoreSelf: false,
      convoStore: false,
    });
    this.#intake = intake;
    this.#log = log;
  }

  /** @throws what the intake throws, so that it is not acknowledged: Slack sends an event again, and tells whoever acted */
  override async processEvent({ body, ack }: ReceiverEvent): Promise<void> {
    await this.#intake.take(body);
    await ack().catch((error: unknown) =>
      this.#log.debug({ cause: messageOf(error) }, 'Slack was gone before it could be acknowledged'),
    );
  }
}

export function openConnection(options: ConnectionOptions): Connection {
  const { connection } = options;
  return connection.mode === 'socket' ? socketConnection(connection.appToken, options) : httpConnection(options);
}

const silent: Receiver = { init: () => undefined, start: async () => undefined, stop: async () => undefined };

function socketConnection(appToken: string, options: ConnectionOptions): Connection {
  const stop = new AbortController();
  let ended: Promise<void> = Promise.resolve();
  return {
    address: null,
    async start() {
      const app = new StoringApp(silent, options);
      const socket = openSocket(app, { ...options, appToken, signal: stop.signal });
      ended = socket.ended;
      await socket.first;
    },
    async close() {
      stop.abort();
      await ended;
    },
  };
}

/** Slack's page of consent beside its Web API. */
const authorizeUrl = (apiUrl: string | null): string =>
  new URL('../oauth/v2/authorize', apiUrl ?? 'https://slack.com/api/').href;

function receiverOf(options: ConnectionOptions): { receiver: HTTPReceiver; listen: Listen } {
  const { connection, apiUrl, log, installationStore } = options;
  if (connection.mode === 'socket') throw new TypeError('Socket Mode does not listen');
  const { signingSecret } = connection;
  const common = { signingSecret, logger: options.requestLog(sdkLog(log), signingSecret), logLevel: LogLevel.WARN };
  if (connection.mode === 'http') return { receiver: new HTTPReceiver(common), listen: connection.listen };
  const { clientId, clientSecret, stateSecret, listen } = connection;
  const receiver = new HTTPReceiver({
    ...common,
    clientId,
    clientSecret,
    stateSecret,
    scopes: botScopes.map(({ scope }) => scope),
    installationStore,
    installerOptions: {
      clientOptions: callOptions(apiUrl, log),
      authorizationUrl: authorizeUrl(apiUrl),
      directInstall: true,
      callbackOptions: { failure: answerFailedInstall(log) },
    },
  });
  return { receiver, listen };
}

function httpConnection(options: ConnectionOptions): Connection {
  const { receiver, listen } = receiverOf(options);
  receiver.init(new StoringApp(silent, options));
  let address: string | null = null;
  return {
    get address() {
      return address;
    },
    async start() {
      const server = await receiver.start({ host: listen.host, port: listen.port }).catch((cause: unknown) => {
        throw new ConfigError(
          'SLACK_PORT_UNUSABLE',
          `Slack's requests cannot be listened for at ${listen.host}:${listen.port} (${messageOf(cause)})`,
          'Set SLACK_HOST and SLACK_PORT to an address of this machine that is free.',
          { cause },
        );
      });
      server.on('error', (error) => options.log.error({ err: error }, 'the server for Slack failed'));
      const at = server.address();
      const port = typeof at === 'object' && at !== null ? at.port : listen.port;
      address = `http://${listen.host.includes(':') ? `[${listen.host}]` : listen.host}:${port}`;
      options.onConnected();
    },
    async close() {
      if (address === null) return;
      address = null;
      await receiver.stop();
    },
  };
}
