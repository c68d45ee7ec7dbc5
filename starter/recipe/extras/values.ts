import type { Random } from '../random.ts';
import { pick, type Value } from './asked.ts';

export const number = (random: Random): Value => ({
  kind: 'number',
  text: String(2 + random.below(random.next() < 0.7 ? 90 : 900)),
});
export const places =
  'Tokyo,London,New York,Paris,Sydney,Berlin,Mumbai,Toronto,Cairo,Singapore,Madrid,Chicago,Dubai,Oslo,Lima'.split(',');
export const place = (random: Random): Value => ({ kind: 'place', text: pick(random, places) });
export const dates =
  'Christmas,24 December,1 May,New Year,July 4,3 October,Halloween,15 August,tomorrow,Easter,next Friday'.split(',');
export const date = (random: Random): Value => ({ kind: 'date', text: pick(random, dates) });
export const unitGroups = [
  'km,miles,meters,feet,cm,inches,yards,kilometres',
  'kg,pounds,grams,ounces,kilograms,lbs',
  'liters,gallons,ml,cups,pints,litres',
  'hours,minutes,seconds,days',
  'Celsius,Fahrenheit,kelvin',
  'km/h,mph,m/s,knots',
].map((group) => group.split(','));

export function twoUnits(random: Random): readonly [Value, Value, Value] {
  const group = pick(random, unitGroups);
  const texts = [0, 0, 0].reduce<string[]>(
    (taken) => [
      ...taken,
      pick(
        random,
        group.filter((unit) => !taken.includes(unit)),
      ),
    ],
    [],
  );
  const [a = '', b = '', c = ''] = texts;
  const unit = (text: string): Value => ({ kind: 'unit', text });
  return [unit(a), unit(b), unit(c)];
}
