import { z } from 'zod';
import type { Acknowledgement } from './delivery.ts';
import type { Desk } from './desk.ts';
import { actionOf, elementsOf, valuesOf } from './elements-used.ts';
import { isJson } from './messages.ts';
import { openView, updateView } from './methods/views.ts';
import { applyResponse, createResponseUrl } from './response-urls.ts';
import { anyView } from './schemas/views.ts';
import { messageShape, viewShape } from './shapes.ts';
import type { Channel, Ephemeral, Json, Message, User, View } from './types.ts';
import { grantOf } from './world.ts';

const viewResponse = z.discriminatedUnion('response_action', [
  z.strictObject({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string()) }),
  z.strictObject({ response_action: z.literal('clear') }),
  z.strictObject({ response_action: z.literal('update'), view: anyView }),
  z.strictObject({ response_action: z.literal('push'), view: anyView }),
]);

const isView = (where: Message | Ephemeral | View): where is View => 'content' in where;
const isMessage = (where: Message | Ephemeral): where is Message => 'reactions' in where;

/** What people do with buttons, modals and commands. Each act resolves with the app's acknowledgement. */
export function createInteractions(desk: Desk) {
  const { world } = desk;

  function trigger(user: User): string {
    const id = `${world.id('1')}.${world.id('2')}.fake`;
    world.triggers.set(id, { user, at: Date.now(), isUsed: false });
    return id;
  }

  const fromUser = (user: User, team = user.team): Json => ({
    user: { id: user.id, username: user.name, name: user.name, team_id: user.team.id },
    api_app_id: world.app.id,
    token: world.app.verificationToken,
    trigger_id: trigger(user),
    team: { id: team.id, domain: team.domain },
    enterprise: team.enterprise,
    is_enterprise_install: grantOf(world, team)?.isOrgWide ?? false,
  });

  function placeOf(where: Message | Ephemeral, user: User): Json {
    const { channel, ts, threadTs } = where;
    const inThread = threadTs === undefined ? {} : { thread_ts: threadTs };
    return {
      container: {
        type: 'message',
        message_ts: ts,
        channel_id: channel.id,
        is_ephemeral: !isMessage(where),
        ...inThread,
      },
      channel: { id: channel.id, name: channel.name },
      ...(isMessage(where) ? { message: messageShape(world, where) } : {}),
      state: { values: {} },
      response_url: createResponseUrl(desk, { channel, user, threadTs, original: where }),
    };
  }

  return {
    /** Clicks an element of a message, an ephemeral or a view; `choice` is a value of a menu, or positive or negative. */
    async click(
      user: User,
      where: Message | Ephemeral | View,
      actionId: string,
      choice?: string,
    ): Promise<Acknowledgement> {
      const blocks = isView(where) ? where.content.blocks : where.blocks;
      const place = isView(where)
        ? { container: { type: 'view', view_id: where.id }, view: viewShape(world, where) }
        : placeOf(where, user);
      return desk.interact('interactive', {
        type: 'block_actions',
        ...fromUser(user, isView(where) ? where.team : where.channel.team),
        ...place,
        actions: [{ ...actionOf(elementsOf(blocks), actionId, choice), action_ts: world.ts() }],
      });
    },

    /** Submits a modal; values are by action id. The view closes unless the app answers otherwise. */
    async submit(
      user: User,
      view: View,
      values: Readonly<Record<string, string | readonly string[]>>,
    ): Promise<Acknowledgement> {
      const acknowledgement = await desk.interact('interactive', {
        type: 'view_submission',
        ...fromUser(user),
        view: viewShape(world, view, valuesOf(view, values)),
        response_urls: [],
      });
      if (!acknowledgement.isAcked) return acknowledgement;
      const { response } = acknowledgement;
      if (!isJson(response) || Object.keys(response).length === 0) view.isOpen = false;
      else {
        const action = viewResponse.parse(response);
        if (action.response_action === 'update') updateView(desk, view, action.view);
        else if (action.response_action === 'push') openView(desk, user, action.view);
        else if (action.response_action === 'clear') view.isOpen = false;
      }
      desk.changed();
      return acknowledgement;
    },

    async close(user: User, view: View): Promise<void> {
      view.isOpen = false;
      if (view.content.notify_on_close)
        await desk.interact('interactive', {
          type: 'view_closed',
          ...fromUser(user),
          view: viewShape(world, view),
          is_cleared: false,
        });
    },

    /** Types a slash command; a text in the acknowledgement is shown as an answer. */
    async command(channel: Channel, user: User, command: string, text = ''): Promise<Acknowledgement> {
      const { commands } = world.app;
      if (commands !== null && !commands.includes(command)) throw new Error(`the manifest has no command ${command}`);
      const origin = { channel, user, threadTs: undefined, original: undefined };
      const acknowledgement = await desk.interact('slash_commands', {
        token: world.app.verificationToken,
        team_id: channel.team.id,
        team_domain: channel.team.domain,
        channel_id: channel.id,
        channel_name: channel.name,
        user_id: user.id,
        user_name: user.name,
        command,
        text,
        api_app_id: world.app.id,
        ...(channel.team.enterprise === null ? {} : { enterprise_id: channel.team.enterprise.id }),
        is_enterprise_install: String(grantOf(world, channel.team)?.isOrgWide ?? false),
        response_url: createResponseUrl(desk, origin),
        trigger_id: trigger(user),
      });
      const { response } = acknowledgement;
      if (isJson(response) && Object.keys(response).length > 0) applyResponse(desk, origin, response);
      return acknowledgement;
    },
  };
}
