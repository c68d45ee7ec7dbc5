import { placeTable } from './place-table.ts';

/** A place whose clock can be told. */
export interface Place {
  /** As results show it, e.g. `São Paulo`. */
  readonly name: string;
  /** IANA name, e.g. `America/Sao_Paulo`. */
  readonly zone: string;
}

const letters: Readonly<Record<string, string>> = { ł: 'l', ø: 'o', ß: 'ss', æ: 'ae', đ: 'd', ı: 'i' };

/** Lower case, without accents and full stops, `_` and `-` as spaces: `St. Gallen` and `st gallen` are one name. */
export const foldPlace = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[łøßæđı]/g, (letter) => letters[letter] ?? letter)
    .replace(/[’]/g, "'")
    .replace(/[._-]+/g, (mark) => (mark === '.' ? '' : ' '))
    .replace(/\s+/g, ' ')
    .trim();

/** Zones by their abbreviation; only those that mean one thing to most people. */
const abbreviations: Readonly<Record<string, string>> = {
  UTC: 'UTC',
  GMT: 'UTC',
  CET: 'Europe/Berlin',
  CEST: 'Europe/Berlin',
  EET: 'Europe/Helsinki',
  EEST: 'Europe/Helsinki',
  BST: 'Europe/London',
  EST: 'America/New_York',
  EDT: 'America/New_York',
  PST: 'America/Los_Angeles',
  PDT: 'America/Los_Angeles',
  JST: 'Asia/Tokyo',
  KST: 'Asia/Seoul',
  IST: 'Asia/Calcutta',
  AEST: 'Australia/Sydney',
};
/** Last parts of zone names that are directions or names of something else. */
const notPlaces = new Set([
  'center',
  'beulah',
  'knox',
  'easter',
  'mst',
  'est',
  'hst',
  'north',
  'south',
  'east',
  'west',
  'eastern',
  'central',
]);

function read(): Map<string, Place> {
  const found = new Map<string, Place>();
  const enter = (name: string, zone: string) => {
    const key = foldPlace(name);
    if (!found.has(key)) found.set(key, { name: name.replace(/^the /, ''), zone });
  };
  for (const line of placeTable.trim().split('\n')) {
    const [zone = '', names = ''] = line.split(': ');
    const city = zone.split('/').at(-1)?.replaceAll('_', ' ');
    if (city !== undefined) enter(city, zone);
    for (const name of names.split(', ')) enter(name, zone);
  }
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    const city = zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone;
    if (zone.includes('/') && !notPlaces.has(foldPlace(city))) enter(city, zone);
  }
  for (const [name, zone] of Object.entries(abbreviations)) enter(name, zone);
  return found;
}

const places: ReadonlyMap<string, Place> = read();
const zones = new Map(
  [...Intl.supportedValuesOf('timeZone'), ...[...places.values()].map((place) => place.zone)].map((zone) => [
    zone.toLowerCase(),
    zone,
  ]),
);

/** Folded names (see `foldPlace`) of all places; the longest has five words. */
export const placeNames: ReadonlySet<string> = new Set(places.keys());

/** True when Intl knows the zone, also under an old or new name that it does not list, e.g. `Asia/Kolkata`. */
function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The place a name means: a city, a country, an IANA zone or a zone's abbreviation; undefined when it is none. */
export function findPlace(name: string): Place | undefined {
  const trimmed = name.trim().replace(/[?!.,]+$/, '');
  const known = places.get(foldPlace(trimmed)) ?? places.get(foldPlace(trimmed.replace(/^the /i, '')));
  if (known) return known;
  const zone = zones.get(trimmed.toLowerCase());
  if (zone !== undefined) return { name: zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone, zone };
  if (/^[a-z_]+(?:\/[a-z_+\-0-9]+)+$/i.test(trimmed) && isZone(trimmed)) {
    return { name: trimmed.split('/').at(-1)?.replaceAll('_', ' ') ?? trimmed, zone: trimmed };
  }
  const [city, ...rest] = trimmed.split(',');
  return rest.length > 0 && city !== undefined && city.trim() !== '' ? findPlace(city) : undefined;
}
