import { describe, expect, it } from 'vitest';
import { convertUnits } from '../../gpu-worker/tools/convert.ts';
import { findUnits, units } from '../../src/domain/units.ts';
import { outcome } from './tool-context.ts';

describe('convert', () => {
  it.each([
    ['26 mi to km', '41.843 km'],
    ['26 miles to kilometers', '41.843 km'],
    ['26mi to kms', '41.843 km'],
    ['26.2 Miles in Kilometres', '42.165 km'],
    ['1 km to mi', '0.62137 mi'],
    ['10 inches to cm', '25.4 cm'],
    ['12 in in cm', '30.48 cm'],
    ['5 ft in in', '60 in'],
    ['5 ft 11 in to cm', '180.34 cm'],
    [`5'11" to m`, '1.8034 m'],
    ['6 feet and 2 inches into centimetres', '187.96 cm'],
    ['150 lbs to kg', '68.039 kg'],
    ['70 kg to pounds', '154.324 lb'],
    ['10 stone to kg', '63.503 kg'],
    ['8 oz to g', '226.796 g'],
    ['8 oz to ml', '236.588 ml'],
    ['2 tons to kg', '1814.369 kg'],
    ['2 tonnes to kg', '2000 kg'],
    ['3 gallons to liters', '11.356 l'],
    ['1 imperial gallon to litres', '4.5461 l'],
    ['1/2 cup to ml', '118.294 ml'],
    ['1 1/2 cups to ml', '354.882 ml'],
    ['2½ cups to ml', '591.471 ml'],
    ['½ cup to ml', '118.294 ml'],
    ['-1 1/2 C to F', '29.3 °F'],
    ['1,000 1/2 m to km', '1.0005 km'],
    ['5 ft 11 1/2 in to cm', '181.61 cm'],
    ['5 ft ½ in to cm', '153.67 cm'],
    ['2 tbsp to tsp', '6 tsp'],
    ['2 m3 to l', '2000 l'],
    ['2 cubic metres to litres', '2000 l'],
    ['98.6 F to C', '37 °C'],
    ['−40 °C to °F', '-40 °F'],
    ['98.6 degrees fahrenheit to celsius', '37 °C'],
    ['350°F to °C', '176.667 °C'],
    ['-40 C to F', '-40 °F'],
    ['0 celsius to kelvin', '273.15 K'],
    ['100 sq ft to m²', '9.2903 m²'],
    ['2 hectares to acres', '4.9421 ac'],
    ['2.5 hours to minutes', '150 min'],
    ['24 h to days', '1 day'],
    ['3 weeks to days', '21 days'],
    ['60 mph to m/s', '26.822 m/s'],
    ['100 km/h to mph', '62.137 mph'],
    ['10 kilometres per hour in miles per hour', '6.2137 mph'],
    ['8 Mb to MB', '1 MB'],
    ['1 GiB to MB', '1073.742 MB'],
    ['1 kWh to MJ', '3.6 MJ'],
    ['100 hp to kW', '74.57 kW'],
    ['30 psi to bar', '2.0684 bar'],
    ['30 mpg to l/100 km', '7.8405 l/100 km'],
    ['180 degrees to radians', '3.1416 rad'],
    ['1,500 m to km', '1.5 km'],
    ['a mile to km', '1.6093 km'],
    ['mile to km', '1.6093 km'],
    ['1 nmi → km', '1.852 km'],
  ])('%s is %s', (command, result) => {
    expect(convertUnits(command)).toBe(result);
  });

  it.each([
    ['1 mi to kg', 'cannot convert mi (length) to kg (mass)'],
    ['5 ft 3 kg to m', 'cannot convert ft (length) to m (length)'],
    ['3 foo to m', 'unknown unit "foo"'],
    ['3 m to foo', 'unknown unit "foo"'],
    ['3 to m', 'a unit is missing'],
    ['1 kg', 'say what to convert to, like 26 mi to km'],
    ['', 'say what to convert to, like 26 mi to km'],
    ['-300 C to K', 'that is below absolute zero'],
    ['0 l/100km to mpg', '0 l/100 km has no counterpart'],
    [`${'9'.repeat(80)} m to km`, '"99999999999999999999" is no number'],
    ['1/0 m to km', '"1/0" is no number'],
    ['1 1/0 m to km', '"1 1/0" is no number'],
    ['1 3/2 m to km', '"1 3/2" is no number'],
    [`${'m '.repeat(200)} to km`, 'the command is too long'],
  ])('%s fails', async (command, message) => {
    expect(await outcome(() => convertUnits(command))).toMatch(
      command.startsWith('5 ft') ? /^error: cannot convert/ : `error: ${message}`,
    );
  });

  it('comes back to the same value for every pair of units of a dimension', () => {
    for (const a of units) {
      for (const b of units) {
        if (a.dimension !== b.dimension || a.inverse || b.inverse) continue;
        const there = convertUnits(`1000 ${a.symbol} to ${b.symbol}`);
        const value = Number(there.replace(/[^\d.-].*$/, ''));
        const back = convertUnits(`${there.replace(/°$/, ' °')} to ${a.symbol}`);
        const error = Math.abs(Number(back.replace(/[^\d.-].*$/, '')) - 1000);
        expect(Number.isFinite(value) && error < 0.5, `${a.symbol} ${b.symbol} ${there} ${back}`).toBe(true);
      }
    }
  });

  it('knows units by many names', () => {
    for (const name of [
      'meters squared',
      'square meters',
      'sq. feet',
      'Feet',
      'liters per 100 km',
      'μm',
      'µm',
      '℃',
      'lb.',
    ]) {
      expect(findUnits(name), name).not.toEqual([]);
    }
    expect(findUnits('Mb')[0]?.symbol).toBe('Mbit');
    expect(findUnits('mb')[0]?.symbol).toBe('MB');
    expect(findUnits('wombat')).toEqual([]);
  });
});
