/** A unit of the questions: how it is written, and its size in its group's base unit as an exact fraction. */
export interface Unit {
  /** The canonical name in commands, e.g. `km`. */
  readonly id: string;
  readonly group: string;
  /** `p/q` or a decimal; for temperatures the size of a degree. */
  readonly size: string;
  /** Added after scaling: only temperatures have one. In kelvin. */
  readonly offset: string;
  readonly singular: readonly string[];
  readonly plural: readonly string[];
  /** Same in singular and plural. */
  readonly short: readonly string[];
  /** How often it is drawn. */
  readonly weight: number;
}

/** id | size | singular/plural, … | short, … | weight */
const TABLE: Readonly<Record<string, string>> = {
  length: `km|1000|kilometer/kilometers,kilometre/kilometres|km,kms|6
    m|1|meter/meters,metre/metres|m|6
    cm|0.01|centimeter/centimeters,centimetre/centimetres|cm|5
    mm|0.001|millimeter/millimeters,millimetre/millimetres|mm|3
    mi|1609.344|mile/miles|mi|6
    yd|0.9144|yard/yards|yd,yds|3
    ft|0.3048|foot/feet|ft|5
    in|0.0254|inch/inches|in,inch|5
    nmi|1852|nautical mile/nautical miles|nmi|1`,
  mass: `kg|1|kilogram/kilograms,kilo/kilos,kilogramme/kilogrammes|kg,kgs|6
    g|0.001|gram/grams,gramme/grammes|g,gr|5
    mg|0.000001|milligram/milligrams|mg|2
    t|1000|tonne/tonnes,metric ton/metric tons|t|2
    lb|0.45359237|pound/pounds|lb,lbs|6
    oz|0.028349523125|ounce/ounces|oz|5
    st|6.35029318|stone/stone|st|2`,
  volume: `l|1|liter/liters,litre/litres|l,L|6
    ml|0.001|milliliter/milliliters,millilitre/millilitres|ml,mL|5
    cl|0.01|centiliter/centiliters,centilitre/centilitres|cl|2
    dl|0.1|deciliter/deciliters,decilitre/decilitres|dl|1
    gal|3.785411784|gallon/gallons,US gallon/US gallons|gal|5
    qt|0.946352946|quart/quarts|qt|3
    pt|0.473176473|pint/pints|pt|3
    cup|0.2365882365|cup/cups||5
    tbsp|0.01478676478125|tablespoon/tablespoons|tbsp|4
    tsp|0.00492892159375|teaspoon/teaspoons|tsp|4
    fl oz|0.0295735295625|fluid ounce/fluid ounces|fl oz|2
    m3|1000|cubic meter/cubic meters,cubic metre/cubic metres|m3,m³|1`,
  time: `s|1|second/seconds|s,sec,secs|5
    min|60|minute/minutes|min,mins|5
    h|3600|hour/hours|h,hrs,hr|5
    day|86400|day/days||5
    week|604800|week/weeks||4
    ms|0.001|millisecond/milliseconds|ms|1`,
  speed: `km/h|1/3.6|kilometer per hour/kilometers per hour,kilometre per hour/kilometres per hour|km/h,kmh,kph|5
    mph|0.44704|mile per hour/miles per hour|mph|5
    m/s|1|meter per second/meters per second,metre per second/metres per second|m/s|4
    kn|1852/3600|knot/knots|kn|2
    ft/s|0.3048|foot per second/feet per second|ft/s|1`,
  temperature: `C|1|degree Celsius/degrees Celsius,degree centigrade/degrees centigrade|Celsius,°C,C,celsius,centigrade|6
    F|5/9|degree Fahrenheit/degrees Fahrenheit|Fahrenheit,°F,F,fahrenheit|6
    K|1|kelvin/kelvin|Kelvin,K|2`,
  area: `m2|1|square meter/square meters,square metre/square metres|m2,m²,sqm|5
    km2|1000000|square kilometer/square kilometers,square kilometre/square kilometres|km2,km²|3
    cm2|0.0001|square centimeter/square centimeters,square centimetre/square centimetres|cm2,cm²|1
    ha|10000|hectare/hectares|ha|4
    ac|4046.8564224|acre/acres||4
    ft2|0.09290304|square foot/square feet|sq ft,ft2,sqft|4
    mi2|2589988.110336|square mile/square miles|sq mi,mi2|2`,
  data: `B|1|byte/bytes|B|2
    KB|1000|kilobyte/kilobytes|KB,kB|4
    MB|1000000|megabyte/megabytes,meg/megs|MB|5
    GB|1000000000|gigabyte/gigabytes,gig/gigs|GB|5
    TB|1000000000000|terabyte/terabytes|TB|3
    bit|1/8|bit/bits||2`,
  energy: `J|1|joule/joules|J|3
    kJ|1000|kilojoule/kilojoules|kJ|3
    cal|4.184|calorie/calories|cal|2
    kcal|4184|kilocalorie/kilocalories|kcal|3
    kWh|3600000|kilowatt hour/kilowatt hours|kWh|2`,
  power: `W|1|watt/watts|W|2
    kW|1000|kilowatt/kilowatts|kW|3
    hp|745.69987158227022|horsepower/horsepower|hp|3`,
  pressure: `Pa|1|pascal/pascals|Pa|1
    kPa|1000|kilopascal/kilopascals|kPa|2
    bar|100000|bar/bars|bar|3
    psi|6894.757293168|pound per square inch/pounds per square inch|psi|3
    atm|101325|atmosphere/atmospheres|atm|1`,
};

const OFFSETS: Readonly<Record<string, string>> = { C: '273.15', F: '45967/180' };

const listed = (text: string | undefined): string[] => (text ?? '').split(',').filter((word) => word !== '');

export const UNITS: readonly Unit[] = Object.entries(TABLE).flatMap(([group, rows]) =>
  rows.split('\n').map((row) => {
    const [id = '', size = '1', names, short, weight = '1'] = row.trim().split('|');
    const pairs = listed(names).map((pair) => pair.split('/'));
    return {
      id,
      group,
      size,
      offset: OFFSETS[id] ?? '0',
      singular: pairs.map(([one = '']) => one),
      plural: pairs.map(([one = '', many = one]) => many),
      short: listed(short),
      weight: Number(weight),
    };
  }),
);

const byId = new Map(UNITS.map((unit) => [unit.id, unit]));

/** @throws RangeError for an unknown id */
export function unitOf(id: string): Unit {
  const unit = byId.get(id);
  if (unit === undefined) throw new RangeError(`no unit ${id}`);
  return unit;
}

export const unitsOfGroup = (group: string): readonly Unit[] => UNITS.filter((unit) => unit.group === group);
