import { describe, expect, it } from 'vitest';
import { reactionVotes } from '../../adapters/delivery/reaction-votes.ts';
import {
  parseEvent,
  parsePress,
  parseSlashCommand,
  parseSubmission,
  type SlackInput,
} from '../../adapters/slack/parse.ts';
import { damagedJson, seeded } from '../models/mutations.ts';
import { allEvents, allPresses, commandOf, eventOf, OWN_BOT, OWN_USER, submissionOf } from './payloads.ts';

const SEED = 20_261_127;
const context = { own: { user: OWN_USER, bot: OWN_BOT }, voteOf: reactionVotes() };

/** Every payload with what reads it. */
const readers: readonly (readonly [unknown, (payload: unknown) => SlackInput])[] = [
  ...allEvents.map((event) => [eventOf(event), (body: unknown) => parseEvent(body, context)] as const),
  ...allPresses.map((press) => [press, parsePress] as const),
  [submissionOf(['wrong'], 'because'), parseSubmission],
  [commandOf(), parseSlashCommand],
];

/** Where a value is no value of the domain. */
function complaint(input: SlackInput): string | undefined {
  if (input.type === 'ignored') return /^[a-z][\w ,-]+$/i.test(input.why) ? undefined : `why: ${input.why}`;
  const keys = [input.workspace, ...('channel' in input ? [input.channel ?? 'C1'] : [])];
  if (!keys.every((key) => /^[A-Z][A-Z0-9]+$/.test(key))) return `keys: ${keys}`;
  const places = ['message', 'conversation'].flatMap((name) => {
    const place: unknown = name in input ? input[name as keyof SlackInput] : null;
    return place === null ? [] : [String(place)];
  });
  if (!places.every((place) => /^[A-Z][A-Z0-9]+:\d+\.\d+$/.test(place))) return `places: ${places}`;
  if ('person' in input && (input.person.key === '' || input.person.name.length > 200)) return 'person';
  return undefined;
}

describe('damaged payloads', () => {
  it('are each read as a value or ignored, a thousand times and more', () => {
    const random = seeded(SEED);
    const types = new Map<string, number>();
    for (let round = 0; round < 2_000; round += 1) {
      const [payload, read] = readers[round % readers.length] ?? [{}, parsePress];
      let damaged: unknown = payload;
      for (let times = 1 + Math.floor(random() * 3); times > 0; times -= 1) damaged = damagedJson(damaged, random);
      const input = read(damaged);
      expect(complaint(input), JSON.stringify(damaged)?.slice(0, 1_000)).toBeUndefined();
      types.set(input.type, (types.get(input.type) ?? 0) + 1);
    }
    // Damage leaves enough whole to reach behind the first check.
    expect(types.size).toBeGreaterThan(12);
    expect(types.get('question')).toBeGreaterThan(100);
  });

  it('begin with whole ones, which are all understood or rightly ignored', () => {
    const read = readers.map(([payload, reader]) => reader(payload).type);
    expect(read.filter((type) => type === 'ignored')).toHaveLength(2);
  });
});
