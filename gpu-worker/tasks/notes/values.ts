import { CITIES } from '../dates/places.ts';
import type { Draft } from '../draft.ts';
import { PEOPLE, SURNAMES } from '../names.ts';
import { grouped } from '../numbers.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const ONSETS = 'b c d f g h j k l m n p r s t v w z br cr dr fl gl kr pl pr sh st th tr ch'.split(' ');
const VOWELS = 'a e i o u ai ea ie oo ou'.split(' ');
const CODAS = ['', '', 'n', 'r', 'l', 's', 'x', 'm', 'rk', 'nt', 'd', 'ck'];
const NICE =
  'falcon blue harbor sunrise maple tiger copper orion river mango comet pepper willow ember topaz lotus raven granite breeze cobalt fox panda koala saturn neptune aurora cedar amber violet crimson nimbus thunder pixel rocket nova delta bamboo cactus dolphin eagle glacier hazel indigo jasmine'.split(
    ' ',
  );
const COLOURS = 'red blue green yellow orange purple black white grey pink turquoise brown silver navy'.split(' ');
const DAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');
const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const THINGS =
  'pizza sushi curry tacos pasta coffee tea chess tennis football jazz opera hiking sailing cycling chocolate lasagna ramen noodles salad pancakes yoga painting poker rugby guitar piano knitting chili risotto'.split(
    ' ',
  );

/** A word that no list holds. */
export function inventedWord(draft: Draft): string {
  const part = () => draft.pick(ONSETS) + draft.pick(VOWELS) + draft.pick(CODAS);
  return part() + (draft.chance(0.7) ? part() : '') + (draft.chance(0.2) ? part() : '');
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const letters = (draft: Draft, count: number): string =>
  Array.from({ length: count }, () => LETTERS.charAt(draft.int(0, 25))).join('');
const digits = (draft: Draft, count: number): string =>
  Array.from({ length: count }, () => String(draft.int(0, 9))).join('');

/** What a note may say, by its sort. */
export const VALUE_SORTS = {
  word: (draft: Draft) => (draft.chance(0.5) ? draft.pick(NICE) : inventedWord(draft)),
  name: (draft: Draft) =>
    draft.chance(0.35) ? `${draft.value(PEOPLE).name} ${draft.pick(SURNAMES)}` : draft.value(PEOPLE).name,
  title: (draft: Draft) => capital(draft.chance(0.5) ? draft.pick(NICE) : inventedWord(draft)),
  code: (draft: Draft) => {
    const u = draft.rng.next();
    if (u < 0.3) return `${letters(draft, draft.int(2, 4)).toUpperCase()}-${digits(draft, draft.int(2, 4))}`;
    if (u < 0.55) return inventedWord(draft) + digits(draft, draft.int(1, 3));
    if (u < 0.75) return digits(draft, draft.int(4, 6));
    return `${draft.pick(NICE)}-${draft.pick(NICE)}-${digits(draft, 2)}`;
  },
  number: (draft: Draft) => String(draft.chance(0.6) ? draft.int(2, 99) : draft.int(100, 9999)),
  room: (draft: Draft) =>
    draft.chance(0.5) ? String(draft.int(1, 499)) : `${draft.pick(['B', 'C', 'A', 'D'])}${draft.int(1, 40)}`,
  amount: (draft: Draft) => {
    const n = draft.int(1, 90) * 100;
    return `${draft.chance(0.5) ? grouped(n) : n} ${draft.pick(['euros', 'dollars', 'pounds'])}`;
  },
  day: (draft: Draft) => draft.pick(DAYS),
  date: (draft: Draft) =>
    draft.chance(0.5) ? `${draft.int(1, 28)} ${draft.pick(MONTHS)}` : `${draft.pick(MONTHS)} ${draft.int(1, 28)}`,
  time: (draft: Draft) =>
    draft.chance(0.5)
      ? `${draft.int(7, 19)}:${draft.pick(['00', '15', '30', '45'])}`
      : `${draft.int(1, 11)}${draft.pick(['am', 'pm', ' pm', ' am'])}`,
  city: (draft: Draft) => draft.value(CITIES).name,
  colour: (draft: Draft) => draft.pick(COLOURS),
  year: (draft: Draft) => String(draft.int(1985, 2025)),
  coffee: (draft: Draft) =>
    draft.pick(['black', 'white', 'iced', 'decaf', 'Turkish', 'strong', 'sweet', 'filter', 'instant', 'oat milk']),
  'code language': (draft: Draft) =>
    draft.pick(['Python', 'Rust', 'Java', 'Go', 'Ruby', 'Kotlin', 'Elixir', 'Haskell', 'Scala', 'Perl']),
  few: (draft: Draft) => String(draft.int(3, 80)),
  month: (draft: Draft) => draft.pick(MONTHS),
  instrument: (draft: Draft) =>
    draft.pick('piano guitar drums violin flute cello trumpet saxophone harp bass ukulele accordion'.split(' ')),
  language: (draft: Draft) =>
    draft.pick(
      'French Spanish German Italian Portuguese Japanese Korean Arabic Hindi Polish Turkish Dutch Greek Swedish'.split(
        ' ',
      ),
    ),
  reason: (draft: Draft) =>
    draft.pick([
      'a power cut',
      'a full disk',
      'maintenance',
      'an expired certificate',
      'a broken cable',
      'the upgrade',
      'a memory leak',
      'overheating',
      'a network outage',
      'a failed deploy',
    ]),
  thing: (draft: Draft) => draft.pick(THINGS),
  site: (draft: Draft) =>
    `${draft.pick(['', 'www.', 'wiki.', 'docs.', 'status.'])}${inventedWord(draft)}.${draft.pick(['com', 'org', 'net', 'io', 'example'])}`,
  mail: (draft: Draft) =>
    `${draft.pick(PEOPLE).name.toLowerCase()}@${inventedWord(draft)}.${draft.pick(['com', 'org'])}`,
  phone: (draft: Draft) => `${digits(draft, 3)} ${digits(draft, 4)}`,
  spot: (draft: Draft) =>
    draft.pick([
      'in the top drawer',
      'under the doormat',
      'on the second shelf',
      'in the kitchen',
      'behind the printer',
      'in the blue cabinet',
      'at the reception',
      'in the basement',
      'on the third floor',
      'next to the coffee machine',
      'in the glove box',
      'in the garage',
      'in the red folder',
      'under the stairs',
      'on top of the fridge',
      'in locker twelve',
    ]),
} as const;
export type ValueSort = keyof typeof VALUE_SORTS;
