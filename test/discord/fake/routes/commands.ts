import { ApplicationCommandType } from 'discord.js';
import { z } from 'zod';
import { Refusal } from '../refusal.ts';
import { type Route, type RouteCall, type Routes, route } from '../route.ts';
import { allCommands, anyCommand } from '../schemas/commands.ts';
import { boolean } from '../schemas/values.ts';
import { commandShape } from '../shapes.ts';
import type { Command, Guild, Json } from '../types.ts';
import { guildOf, type World } from '../world.ts';

type Place = Pick<RouteCall<unknown, unknown>, 'world' | 'params' | 'param'>;

/** The guild whose commands are meant; undefined for those of all guilds. */
function placeOf({ world, params, param }: Place): Guild | undefined {
  if (param('application') !== world.app.id) throw new Refusal(10002);
  return params.guild === undefined ? undefined : guildOf(world, params.guild);
}

const commandsOf = (world: World, guild: Guild | undefined) => world.commands.get(guild?.id ?? '') ?? [];
const typeOf = ({ type = ApplicationCommandType.ChatInput }: Json) => type;

/** A command as it is kept: one of the same name and type keeps its id. */
function kept(world: World, guild: Guild | undefined, content: Json): Command {
  const before = commandsOf(world, guild).find(
    (command) => command.content.name === content.name && typeOf(command.content) === typeOf(content),
  );
  const { id: _, ...rest } = content;
  return { id: before?.id ?? world.id(), guild, version: world.id(), content: rest };
}

function found(place: Place): Command {
  const command = commandsOf(place.world, placeOf(place)).find(({ id }) => id === place.param('command'));
  if (command === undefined) throw new Refusal(10063);
  return command;
}

const others = (world: World, guild: Guild | undefined, { id }: Command) =>
  commandsOf(world, guild).filter((command) => command.id !== id);

const list = route({
  bucket: 'commands',
  query: z.strictObject({ with_localizations: boolean.optional() }),
  run: (call) => commandsOf(call.world, placeOf(call)).map((command) => commandShape(call.world, command)),
});
const overwrite = route({
  bucket: 'commands',
  body: allCommands,
  run(call) {
    const { world, body, desk } = call;
    const guild = placeOf(call);
    const commands = body.map((content) => kept(world, guild, content));
    world.commands.set(guild?.id ?? '', commands);
    desk.changed();
    return commands.map((command) => commandShape(world, command));
  },
});
const create = route({
  bucket: 'commands',
  body: anyCommand,
  run(call) {
    const { world, body, desk } = call;
    const guild = placeOf(call);
    const command = kept(world, guild, body);
    world.commands.set(guild?.id ?? '', [...others(world, guild, command), command]);
    desk.changed();
    return commandShape(world, command);
  },
});
const get = route({ bucket: 'commands', run: (call) => commandShape(call.world, found(call)) });
const remove = route({
  bucket: 'commands',
  run(call) {
    const command = found(call);
    call.world.commands.set(command.guild?.id ?? '', others(call.world, command.guild, command));
    call.desk.changed();
    return undefined;
  },
});

const at = (place: string): Record<string, Route> => ({
  [`GET ${place}/commands`]: list,
  [`PUT ${place}/commands`]: overwrite,
  [`POST ${place}/commands`]: create,
  [`GET ${place}/commands/:command`]: get,
  [`DELETE ${place}/commands/:command`]: remove,
});

export const commandRoutes: Routes = {
  ...at('/applications/:application'),
  ...at('/applications/:application/guilds/:guild'),
};
