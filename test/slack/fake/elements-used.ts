import { isJson } from './messages.ts';
import type { Json, View } from './types.ts';

/** An interactive element with the block that holds it. */
interface Placed {
  readonly element: Json;
  readonly block: Json;
}

/** The interactive elements of blocks, in order. */
export function elementsOf(blocks: unknown): readonly Placed[] {
  if (!Array.isArray(blocks)) return [];
  return blocks.filter(isJson).flatMap((block) => {
    const held = [block.elements, block.element, block.accessory].flat().filter(isJson);
    return held.filter(({ action_id }) => action_id !== undefined).map((element) => ({ element, block }));
  });
}

function optionOf(element: Json, value: string | undefined): Json {
  const groups = Array.isArray(element.option_groups) ? element.option_groups.filter(isJson) : [];
  const options = [element.options, ...groups.map((group) => group.options)].flat().filter(isJson);
  const option = options.find((candidate) => candidate.value === value);
  if (option === undefined)
    throw new Error(`${String(element.action_id)} has no option ${value}: ${options.map((o) => o.value).join(', ')}`);
  return option;
}

/** The `actions` entry of somebody's click. */
export function actionOf(placed: readonly Placed[], actionId: string, choice?: string): Json {
  const found = placed.find(({ element }) => element.action_id === actionId);
  if (found === undefined)
    throw new Error(`no ${actionId} here: ${placed.map(({ element }) => element.action_id).join(', ') || 'nothing'}`);
  const { element, block } = found;
  const common = { type: element.type, action_id: actionId, block_id: block.block_id };
  if (element.type === 'button' || element.type === 'icon_button') {
    const { text, value, style } = element;
    return { ...common, text, ...(value === undefined ? {} : { value }), ...(style === undefined ? {} : { style }) };
  }
  if (element.type === 'feedback_buttons') {
    const button = element[`${choice}_button`];
    if (!isJson(button)) throw new Error(`feedback is positive or negative, not ${choice}`);
    return { ...common, text: button.text, value: button.value };
  }
  if (element.type === 'users_select') return { ...common, selected_user: choice };
  if (element.type === 'conversations_select') return { ...common, selected_conversation: choice };
  if (element.type === 'checkboxes' || element.type === 'multi_static_select')
    return { ...common, selected_options: (choice ?? '').split(',').map((value) => optionOf(element, value)) };
  return { ...common, selected_option: optionOf(element, choice) };
}

const asList = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value);

function stateOf(element: Json, value: string | readonly string[] | undefined): Json {
  const { type } = element;
  if (type === 'plain_text_input' || type === 'number_input') {
    const text = value ?? element.initial_value ?? null;
    const { max_length: most } = element;
    if (typeof text === 'string' && typeof most === 'number' && text.length > most)
      throw new Error(`${String(element.action_id)} takes ${most} characters, not ${text.length}`);
    return { type, value: text };
  }
  if (type === 'users_select') return { type, selected_user: value ?? null };
  if (type === 'conversations_select') return { type, selected_conversation: value ?? null };
  if (type === 'checkboxes' || type === 'multi_static_select')
    return { type, selected_options: asList(value ?? []).map((one) => optionOf(element, one)) };
  const initial = isJson(element.initial_option) ? element.initial_option : null;
  return { type, selected_option: value === undefined ? initial : optionOf(element, asList(value)[0]) };
}

const isEmpty = (state: Json) =>
  Object.entries(state).some(
    ([key, held]) => key !== 'type' && (held === null || held === '' || (Array.isArray(held) && held.length === 0)),
  );

/** `view.state.values` of a modal that was filled in; like the real client it does not let a required input be empty. */
export function valuesOf(view: View, values: Readonly<Record<string, string | readonly string[]>>): Json {
  const result: Record<string, Json> = {};
  const placed = elementsOf(view.content.blocks);
  for (const name of Object.keys(values))
    if (!placed.some(({ element }) => element.action_id === name)) throw new Error(`the view has no input ${name}`);
  for (const { element, block } of placed) {
    if (block.type !== 'input') continue;
    const state = stateOf(element, values[String(element.action_id)]);
    if (isEmpty(state) && block.optional !== true) throw new Error(`${String(element.action_id)} is required`);
    result[String(block.block_id)] = { [String(element.action_id)]: state };
  }
  return result;
}
