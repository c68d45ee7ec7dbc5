import { MessageFlags } from 'discord.js';
import { refusalOf } from './complaints.ts';
import { LIMITS } from './limits.ts';
import { isJson } from './messages.ts';
import { badField, badForm, type Fault, Refusal } from './refusal.ts';
import { layout, rows } from './schemas/components.ts';
import type { MessageContents } from './schemas/messages.ts';
import type { Json, Message } from './types.ts';

/** Flags that a message may be sent with; answers to interactions may be ephemeral too. */
export const SENDABLE = MessageFlags.SuppressEmbeds | MessageFlags.SuppressNotifications | MessageFlags.IsComponentsV2;
export const ANSWERABLE = SENDABLE | MessageFlags.Ephemeral;
/** Flags that an edit may change. */
export const EDITABLE = MessageFlags.SuppressEmbeds | MessageFlags.IsComponentsV2;

export interface Contents {
  readonly content: string | undefined;
  readonly embeds: readonly Json[] | undefined;
  readonly components: readonly Json[] | undefined;
  readonly flags: number;
}

/** All components of some, nested ones too, each with its path. */
export function everyComponent(
  value: unknown,
  path: readonly PropertyKey[] = [],
): { path: PropertyKey[]; component: Json }[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => everyComponent(one, [...path, index]));
  if (!isJson(value)) return [];
  const nested = (['components', 'accessory', 'component'] as const).flatMap((key) =>
    everyComponent(value[key], [...path, key]),
  );
  return [{ path: [...path], component: value }, ...nested];
}

function duplicates(all: ReturnType<typeof everyComponent>): Fault[] {
  const ids = all.map(({ component }) => component.custom_id);
  return all
    .filter((_, index) => ids[index] !== undefined && ids.indexOf(ids[index]) < index)
    .map(({ path }) => ({
      path: [...path, 'custom_id'],
      code: 'COMPONENT_CUSTOM_ID_DUPLICATED',
      message: 'Component custom id cannot be duplicated',
    }));
}

/** Refuses components that Discord would not take; throws a Refusal with paths under `components`. */
export function checkComponents(components: readonly Json[], isLayout: boolean): void {
  const parsed = (isLayout ? layout : rows).safeParse(components);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => ({ ...issue, path: ['components', ...issue.path] }));
    throw refusalOf({ issues } as unknown as typeof parsed.error, { components });
  }
  const all = everyComponent(components);
  const faults = duplicates(all).map((fault) => ({ ...fault, path: ['components', ...fault.path] }));
  if (faults.length > 0) throw badForm(faults);
  if (all.length > LIMITS.components.all && isLayout)
    throw badField('components', 'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED', 'Too many components');
  const words = all.map(({ component: { type, content } }) => (type === 10 ? [...String(content)].length : 0));
  if (words.reduce((sum, length) => sum + length, 0) > LIMITS.message.textOfComponents)
    throw badField('components', 'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED', 'Displayable text is too long');
}

/** What a body says, checked as a whole; `before` is the message that it changes. Throws a Refusal. */
export function contentsOf(body: MessageContents, allowedFlags: number, before?: Message): Contents {
  const { content, embeds, components, flags } = body;
  const asked = flags ?? (before?.flags ?? 0) & EDITABLE;
  if ((asked & ~allowedFlags) !== 0)
    throw badField('flags', 'MESSAGE_FLAGS_INVALID', `flags ${asked & ~allowedFlags} cannot be set here`);
  const isLayout = (asked & MessageFlags.IsComponentsV2) !== 0;
  if (components != null) checkComponents(components, isLayout);
  const said = (content === undefined ? before?.content : content) ?? '';
  const shown = (embeds === undefined ? before?.embeds : embeds) ?? [];
  const held = (components === undefined ? before?.components : components) ?? [];
  if (isLayout && (said !== '' || shown.length > 0))
    throw badField('content', 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2', 'no content and embeds beside it');
  if (said.trim() === '' && shown.length === 0 && held.length === 0) throw new Refusal(50006);
  return {
    content: content === null ? '' : content,
    embeds: embeds === null ? [] : embeds?.map((embed) => ({ type: 'rich', ...embed })),
    components: components === null ? [] : components,
    flags: ((before?.flags ?? 0) & ~EDITABLE) | asked,
  };
}
