import { type MethodCall, type Methods, method, needs } from '../method.ts';
import { Refusal } from '../refusal.ts';
import * as schemas from '../schemas/other.ts';
import type { Channel } from '../types.ts';
import { channelOf, messageOf } from '../world.ts';

function threadOf(args: { channel_id: string; thread_ts: string }, { desk, team }: MethodCall): Channel {
  const channel = channelOf(desk.world, team, args.channel_id);
  messageOf(channel, args.thread_ts, 'invalid_thread_ts');
  if (!channel.members.has(team.bot.userId)) throw new Refusal('not_in_channel');
  return channel;
}

function checkAgent({ desk }: MethodCall): void {
  if (!desk.world.app.isAgent) throw new Refusal('not_agent_app');
}

export const assistantMethods: Methods = {
  'assistant.threads.setStatus': method({
    schema: schemas.setStatus,
    tier: null,
    scopes: needs('chat:write', 'assistant:write'),
    run(args, call) {
      const { id } = threadOf(args, call);
      const { thread_ts: threadTs, status, loading_messages: loadingMessages = [] } = args;
      call.desk.world.statuses.push({ channel: id, threadTs, status, loadingMessages, at: Date.now() });
      call.desk.changed();
      return {};
    },
  }),
  'assistant.threads.setSuggestedPrompts': method({
    schema: schemas.setSuggestedPrompts,
    tier: 'tier4',
    scopes: needs('assistant:write'),
    run(args, call) {
      checkAgent(call);
      const { world } = call.desk;
      const { channel_id, thread_ts } = args;
      const channel =
        thread_ts === undefined ? channelOf(world, call.team, channel_id) : threadOf({ channel_id, thread_ts }, call);
      world.prompts.set(`${channel.id}:${thread_ts ?? ''}`, args.prompts);
      call.desk.changed();
      return {};
    },
  }),
  'assistant.threads.setTitle': method({
    schema: schemas.setTitle,
    tier: 'tier4',
    scopes: needs('assistant:write'),
    run(args, call) {
      checkAgent(call);
      call.desk.world.titles.set(`${threadOf(args, call).id}:${args.thread_ts}`, args.title);
      call.desk.changed();
      return {};
    },
  }),
};
