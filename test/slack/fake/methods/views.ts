import type { Desk } from '../desk.ts';
import { LIMITS } from '../limits.ts';
import { withIds } from '../messages.ts';
import { type MethodCall, type Methods, method, needs } from '../method.ts';
import { Refusal } from '../refusal.ts';
import * as schemas from '../schemas/views.ts';
import { viewShape } from '../shapes.ts';
import type { Json, User, View } from '../types.ts';
import { userOf } from '../world.ts';

interface Content extends Json {
  readonly blocks: readonly Json[];
  readonly external_id?: string | undefined;
}

function contentOf(desk: Desk, content: Content, besides?: View): Json {
  if (JSON.stringify(content).length > LIMITS.view.bytes) throw new Refusal('view_too_large');
  const isTaken = [...desk.world.views.values()].some(
    (view) => view !== besides && content.external_id !== undefined && view.content.external_id === content.external_id,
  );
  if (isTaken) throw new Refusal('duplicate_external_id');
  return { ...content, blocks: withIds(desk, content.blocks) };
}

export function openView(desk: Desk, user: User, content: Content): View {
  const { world } = desk;
  const view: View = {
    id: world.id('V'),
    team: user.team,
    user: user.id,
    content: contentOf(desk, content),
    hash: world.id('h'),
    isOpen: true,
  };
  world.views.set(view.id, view);
  desk.changed();
  return view;
}

export function updateView(desk: Desk, view: View, content: Content): void {
  view.content = contentOf(desk, content, view);
  view.hash = desk.world.id('h');
  desk.changed();
}

function userOfTrigger({ desk }: MethodCall, id: string): User {
  const trigger = desk.world.triggers.get(id);
  if (trigger === undefined) throw new Refusal('invalid_trigger_id');
  if (trigger.isUsed) throw new Refusal('exchanged_trigger_id');
  if (Date.now() - trigger.at > LIMITS.triggerMs) throw new Refusal('expired_trigger_id');
  trigger.isUsed = true;
  return trigger.user;
}

function checkHash(view: View | undefined, hash: string | undefined): void {
  if (hash !== undefined && view !== undefined && view.hash !== hash) throw new Refusal('hash_conflict');
}

const shown = ({ desk }: MethodCall, view: View): Json => ({ view: viewShape(desk.world, view) });

export const viewMethods: Methods = {
  'views.open': method({
    schema: schemas.viewsOpen,
    tier: 'tier4',
    scopes: needs(),
    run(args, call) {
      const trigger = args.trigger_id ?? args.interactivity_pointer;
      if (trigger === undefined) throw new Refusal('invalid_arguments');
      return shown(call, openView(call.desk, userOfTrigger(call, trigger), args.view));
    },
  }),
  'views.publish': method({
    schema: schemas.viewsPublish,
    tier: 'tier4',
    scopes: needs(),
    run(args, call) {
      const { world } = call.desk;
      const user = userOf(world, args.user_id);
      const home = world.homes.get(user.id);
      checkHash(home, args.hash);
      if (home !== undefined) updateView(call.desk, home, args.view);
      const view = home ?? openView(call.desk, user, args.view);
      world.homes.set(user.id, view);
      return shown(call, view);
    },
  }),
  'views.update': method({
    schema: schemas.viewsUpdate,
    tier: 'tier4',
    scopes: needs(),
    run(args, call) {
      const view = [...call.desk.world.views.values()].find(({ id, content, isOpen }) =>
        args.view_id === undefined
          ? args.external_id !== undefined && content.external_id === args.external_id
          : isOpen && id === args.view_id,
      );
      if (view === undefined) throw new Refusal('not_found');
      checkHash(view, args.hash);
      updateView(call.desk, view, args.view);
      return shown(call, view);
    },
  }),
};
