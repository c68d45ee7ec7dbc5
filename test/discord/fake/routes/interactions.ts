import { z } from 'zod';
import { callback, callbackShape, follow, respond, rewrite } from '../answering.ts';
import type { Desk } from '../desk.ts';
import { messageShape } from '../message-shapes.ts';
import { remove } from '../messages.ts';
import { Refusal } from '../refusal.ts';
import { type Routes, route } from '../route.ts';
import { someMessage } from '../schemas/messages.ts';
import { boolean } from '../schemas/values.ts';
import type { Interaction, Message } from '../types.ts';

/** An interaction by its token, for as long as that is good. */
function answered({ world, tokenMs }: Desk, application: string, token: string): Interaction {
  const interaction = [...world.interactions.values()].find((one) => one.token === token);
  if (application !== world.app.id || interaction === undefined) throw new Refusal(10015);
  if (Date.now() - interaction.at > tokenMs) throw new Refusal(50027);
  if (interaction.acknowledgement === undefined) throw new Refusal(10015);
  return interaction;
}

function answerOf({ original, answers }: Interaction, id: string): Message {
  const message = id === '@original' ? original : answers.find((one) => one.id === id);
  if (message === undefined || message.isDeleted) throw new Refusal(10008);
  return message;
}

const ONE = '/webhooks/:application/:token/messages/:message';

export const interactionRoutes: Routes = {
  'POST /interactions/:interaction/:token/callback': route({
    needsToken: false,
    body: callback,
    query: z.strictObject({ with_response: boolean.optional() }),
    run({ desk, world, param, body, query }) {
      const interaction = world.interactions.get(param('interaction'));
      if (interaction === undefined || interaction.token !== param('token')) throw new Refusal(10062);
      if (interaction.acknowledgement !== undefined) throw new Refusal(40060);
      if (Date.now() - interaction.at > desk.ackMs) throw new Refusal(10062);
      const acknowledgement = respond(desk, interaction, body);
      interaction.acknowledgement = acknowledgement;
      desk.changed();
      return query.with_response ? callbackShape(world, interaction, acknowledgement) : undefined;
    },
  }),
  'POST /webhooks/:application/:token': route({
    needsToken: false,
    bucket: 'webhook',
    body: someMessage,
    query: z.strictObject({ wait: boolean.optional(), with_components: boolean.optional() }),
    run({ desk, world, param, body }) {
      const interaction = answered(desk, param('application'), param('token'));
      return messageShape(world, follow(desk, interaction, body));
    },
  }),
  [`GET ${ONE}`]: route({
    needsToken: false,
    bucket: 'webhook',
    query: z.strictObject({ thread_id: z.string().optional() }),
    run({ desk, world, param }) {
      const interaction = answered(desk, param('application'), param('token'));
      return messageShape(world, answerOf(interaction, param('message')));
    },
  }),
  [`PATCH ${ONE}`]: route({
    needsToken: false,
    bucket: 'webhook',
    body: someMessage,
    query: z.strictObject({ thread_id: z.string().optional(), with_components: boolean.optional() }),
    run({ desk, world, param, body }) {
      const interaction = answered(desk, param('application'), param('token'));
      const message = answerOf(interaction, param('message'));
      rewrite(desk, interaction, message, body);
      return messageShape(world, message);
    },
  }),
  [`DELETE ${ONE}`]: route({
    needsToken: false,
    bucket: 'webhook',
    query: z.strictObject({ thread_id: z.string().optional() }),
    run({ desk, param }) {
      const interaction = answered(desk, param('application'), param('token'));
      remove(desk, answerOf(interaction, param('message')));
      return undefined;
    },
  }),
};
