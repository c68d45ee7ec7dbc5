import { App, LogLevel, SocketModeReceiver } from '@slack/bolt';
import type { FakeSlack } from './fake-slack.ts';

/** A Bolt app in Socket Mode on the fake. */
export function socketApp(slack: FakeSlack): App {
  const clientOptions = { slackApiUrl: slack.apiUrl };
  const { appToken } = slack.app;
  return new App({
    token: slack.team.botToken ?? '',
    // It waits as long as a pong may take before it connects again.
    receiver: new SocketModeReceiver({
      appToken,
      clientPingTimeout: 300,
      installerOptions: { clientOptions },
      logLevel: LogLevel.ERROR,
    }),
    logLevel: LogLevel.ERROR,
    clientOptions,
  });
}
