import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeSlack, startFakeSlack } from './fake-slack.ts';
import type { Channel, User } from './types.ts';

let slack: FakeSlack;
let ann: User;
let general: Channel;
const open: { stop(): Promise<unknown> }[] = [];

/** A Bolt app that listens on a free port for the fake's signed requests. */
async function boltApp(signingSecret = slack.app.signingSecret): Promise<App> {
  const receiver = new HTTPReceiver({ signingSecret, logLevel: LogLevel.ERROR, processBeforeResponse: false });
  const app = new App({
    token: slack.team.botToken ?? '',
    receiver,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
  const server = await app.start({ port: 0, host: '127.0.0.1' });
  open.push(app);
  slack.useHttp(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
  return app;
}

beforeEach(async () => {
  slack = await startFakeSlack({ ackMs: 300, retryDelaysMs: [0, 10, 10] });
  ann = slack.addUser('ann', { isAdmin: true });
  general = slack.addChannel('general', { members: [ann] });
});
afterEach(async () => {
  for (const app of open.splice(0)) await app.stop();
  await slack.close();
});

describe('the fake over HTTP', () => {
  it('signs what it sends, so that Bolt takes it', async () => {
    const app = await boltApp();
    app.event('app_mention', async ({ event, say }) => {
      await say({ text: 'it is 4', thread_ts: event.ts });
    });
    const question = slack.say(general, ann, `${slack.mention()} 2+2?`);
    await slack.waitFor(() => slack.replies(question)[0], 'an answer');
    await slack.settled();
    // A busy machine may be too late for the first attempt; what is signed wrongly is lost after the last.
    expect(slack.journal.events.map(({ outcome }) => outcome)).toEqual(slack.journal.events.map(() => 'acked'));
    expect(slack.journal.events.length).toBeGreaterThan(0);
  });

  it('is refused by an app with another signing secret, and tries three times more', async () => {
    await boltApp('another secret');
    slack.say(slack.directMessages(ann), ann, 'hello');
    await slack.settled();
    expect(slack.journal.events.map(({ outcome, attempts, reason }) => [outcome, attempts, reason])).toEqual([
      ['lost', 4, 'http_error'],
    ]);
  });

  it('numbers its retries and gives the reason, until the app acknowledges', async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push([request.headers['x-slack-retry-num'], request.headers['x-slack-retry-reason']].flat().join(' '));
      // The first request is left without an answer.
      if (seen.length === 2) response.writeHead(500).end();
      if (seen.length === 3) response.writeHead(200).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    slack.useHttp(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    slack.say(slack.directMessages(ann), ann, 'hello');
    await slack.settled();
    expect(seen).toEqual([' ', '1 http_timeout', '2 http_error']);
    expect(slack.journal.events[0]).toMatchObject({ outcome: 'acked', attempts: 3 });
    server.closeAllConnections();
    server.close();
  });

  it('carries commands, buttons, modals and their answers', async () => {
    const app = await boltApp();
    app.command('/foursight', async ({ ack, respond, command, client }) => {
      await ack(`you said ${command.text}`);
      await client.views.open({ trigger_id: command.trigger_id, view: reasonModal });
      await respond({ text: 'and later this', response_type: 'in_channel' });
    });
    app.view('reason', async ({ ack, view }) => {
      const text = view.state.values.why?.text?.value ?? '';
      if (text.length < 3) await ack({ response_action: 'errors', errors: { why: 'say more' } });
      else await ack();
    });
    await slack.command(general, ann, '/foursight', 'status');
    expect(slack.ephemeralsOf(ann).map(({ text }) => text)).toEqual(['you said status']);
    await slack.waitFor(() => slack.messagesOf(general).find(({ text }) => text === 'and later this'), 'the response');
    const view = await slack.waitFor(() => slack.openViewOf(ann), 'the modal');

    const short = await slack.submit(ann, view, { text: 'x', kind: 'wrong' });
    expect(short.response).toEqual({ response_action: 'errors', errors: { why: 'say more' } });
    expect(view.isOpen).toBe(true);
    await slack.submit(ann, view, { text: 'it is five', kind: 'wrong' });
    expect(view.isOpen).toBe(false);
    await expect(slack.submit(ann, view, { kind: 'wrong' })).rejects.toThrow('text is required');
    expect(slack.journal.refusals()).toEqual([]);
  });

  it('carries clicks with the message they are on', async () => {
    const app = await boltApp();
    const clicks: unknown[] = [];
    app.action('stop', async ({ ack, action, body, respond }) => {
      await ack();
      if (body.type === 'block_actions') clicks.push([action.type, body.message?.text]);
      await respond({ replace_original: true, text: 'stopped' });
    });
    app.action('feedback', async ({ ack, action }) => {
      await ack();
      clicks.push([action.type, 'value' in action ? action.value : undefined]);
    });
    const { ts = '' } = await app.client.chat.postMessage({
      channel: general.id,
      text: 'working',
      blocks: [
        {
          type: 'actions',
          elements: [{ type: 'button', action_id: 'stop', text: { type: 'plain_text', text: 'Stop' } }],
        },
        {
          type: 'context_actions',
          elements: [
            {
              type: 'feedback_buttons',
              action_id: 'feedback',
              positive_button: { text: { type: 'plain_text', text: 'Good' }, value: 'up' },
              negative_button: { text: { type: 'plain_text', text: 'Bad' }, value: 'down' },
            },
          ],
        },
      ],
    });
    const message = general.messages.get(ts);
    if (message === undefined) throw new Error('the message is not there');
    await slack.click(ann, message, 'feedback', 'negative');
    await slack.click(ann, message, 'stop');
    await slack.waitFor(() => message.text === 'stopped', 'the message to be replaced');
    expect(clicks).toEqual([
      ['feedback_buttons', 'down'],
      ['button', 'working'],
    ]);
    await expect(slack.click(ann, message, 'stop')).rejects.toThrow('no stop here');
  });
});

const reasonModal = {
  type: 'modal' as const,
  callback_id: 'reason',
  title: { type: 'plain_text' as const, text: 'Why?' },
  submit: { type: 'plain_text' as const, text: 'Send' },
  blocks: [
    {
      type: 'input' as const,
      block_id: 'kind',
      label: { type: 'plain_text' as const, text: 'Kind' },
      element: {
        type: 'static_select' as const,
        action_id: 'kind',
        options: [{ text: { type: 'plain_text' as const, text: 'Wrong' }, value: 'wrong' }],
      },
    },
    {
      type: 'input' as const,
      block_id: 'why',
      label: { type: 'plain_text' as const, text: 'Reason' },
      element: { type: 'plain_text_input' as const, action_id: 'text', max_length: 200 },
    },
  ],
};
