/** What a unit measures. */
export type Dimension =
  | 'length'
  | 'mass'
  | 'volume'
  | 'time'
  | 'speed'
  | 'temperature'
  | 'area'
  | 'data'
  | 'data rate'
  | 'energy'
  | 'power'
  | 'pressure'
  | 'force'
  | 'angle'
  | 'frequency'
  | 'fuel consumption';

/**
 * One unit a line: symbol | factor to the dimension's first unit | words | other spellings. Factors are exact (definitions of the
 * SI, the international yard and pound agreement, US customary volumes; IEC 80000-13 for data). Words get their plural by rule, or
 * after a slash; `metre` and `litre` are also spelt the American way. Among units with the same name the first one is meant, unless the
 * other side of the conversion fits another. Years have 365 days, months a twelfth of that.
 */
export const unitTable: Readonly<Record<Dimension, string>> = {
  length: `
    m | 1 | metre |
    km | 1000 | kilometre | kms, klick, klicks
    cm | 0.01 | centimetre | cms
    mm | 0.001 | millimetre | mms
    dm | 0.1 | decimetre |
    μm | 0.000001 | micrometre, micron | um
    nm | 0.000000001 | nanometre |
    mi | 1609.344 | mile, statute mile | mls
    ft | 0.3048 | foot/feet | ', foots
    in | 0.0254 | inch/inches | ", ins
    yd | 0.9144 | yard | yds
    nmi | 1852 | nautical mile, sea mile | NM
    fathom | 1.8288 | fathom |
    furlong | 201.168 | furlong |
    chain | 20.1168 | chain |
    rod | 5.0292 | rod |
    league | 4828.032 | league |
    hand | 0.1016 | hand |
    thou | 0.0000254 | thou/thou, mil |
    AU | 149597870700 | astronomical unit | au
    ly | 9460730472580800 | light year, light-year, lightyear |
    pc | 30856775814913673 | parsec |`,
  mass: `
    kg | 1 | kilogram, kilogramme, kilo | kgs
    g | 0.001 | gram, gramme | gr, gs, gm
    mg | 0.000001 | milligram, milligramme |
    μg | 0.000000001 | microgram | ug, mcg
    t | 1000 | tonne, metric ton | mt
    lb | 0.45359237 | pound | lbs, lbm, #
    oz | 0.028349523125 | ounce, avoirdupois ounce |
    st | 6.35029318 | stone/stone, stone |
    US ton | 907.18474 | ton, short ton, US ton | tons
    long ton | 1016.0469088 | long ton, imperial ton |
    ct | 0.0002 | carat |
    gr | 0.00006479891 | grain |
    oz t | 0.0311034768 | troy ounce | ozt
    cwt | 50.80234544 | hundredweight |`,
  volume: `
    l | 1 | litre | L, lt, ltr, ltrs
    ml | 0.001 | millilitre | mL, mls
    cl | 0.01 | centilitre | cL
    dl | 0.1 | decilitre | dL
    hl | 100 | hectolitre | hL
    m³ | 1000 | cubic metre | m3, m^3, cbm
    cm³ | 0.001 | cubic centimetre | cm3, cm^3, cc, ccm
    dm³ | 1 | cubic decimetre | dm3, dm^3
    mm³ | 0.000001 | cubic millimetre | mm3, mm^3
    km³ | 1000000000000 | cubic kilometre | km3, km^3
    gal | 3.785411784 | gallon, US gallon | gals, US gal
    qt | 0.946352946 | quart, US quart | qts
    pt | 0.473176473 | pint, US pint | pts
    cup | 0.2365882365 | cup, US cup | cups
    fl oz | 0.0295735295625 | fluid ounce, US fluid ounce | floz, fl. oz., fl.oz., fl. oz, oz, ounce, ounces
    tbsp | 0.01478676478125 | tablespoon | tbs, tbsps
    tsp | 0.00492892159375 | teaspoon | tsps
    imp gal | 4.54609 | imperial gallon, UK gallon, British gallon | imperial gal, UK gal
    imp pt | 0.56826125 | imperial pint, UK pint, British pint | UK pt
    imp fl oz | 0.0284130625 | imperial fluid ounce, UK fluid ounce |
    in³ | 0.016387064 | cubic inch/cubic inches | in3, in^3, cu in
    ft³ | 28.316846592 | cubic foot/cubic feet | ft3, ft^3, cu ft
    yd³ | 764.554857984 | cubic yard | yd3, yd^3, cu yd
    bbl | 158.987294928 | barrel, oil barrel |`,
  time: `
    s | 1 | second | sec, secs
    ms | 0.001 | millisecond | msec, msecs
    μs | 0.000001 | microsecond | us
    ns | 0.000000001 | nanosecond |
    min | 60 | minute | mins
    h | 3600 | hour | hr, hrs
    days | 86400 | day | d
    weeks | 604800 | week | wk, wks
    fortnights | 1209600 | fortnight |
    months | 2628000 | month | mo
    years | 31536000 | year | yr, yrs
    decades | 315360000 | decade |
    centuries | 3153600000 | century/centuries |
    millennia | 31536000000 | millennium/millennia |`,
  speed: `
    m/s | 1 | metre per second, metre a second | mps, m/sec
    km/h | 5/18 | kilometre per hour, kilometre an hour | kph, kmh, kmph, km/hr, kmh-1, km per hour
    mph | 0.44704 | mile per hour, mile an hour | mi/h, mi/hr
    kn | 1852/3600 | knot | kt, kts
    ft/s | 0.3048 | foot per second/feet per second | fps, ft/sec
    km/s | 1000 | kilometre per second |
    c | 299792458 | speed of light, light speed |`,
  temperature: `
    K | 1 | kelvin |
    °C | 1 | degree Celsius/degrees Celsius, celsius/celsius, degree centigrade/degrees centigrade, centigrade/centigrade | C, ℃, deg C, degree C, degrees C, degC, ° C, ºC
    °F | 5/9 | degree Fahrenheit/degrees Fahrenheit, fahrenheit/fahrenheit | F, ℉, deg F, degree F, degrees F, degF, ° F, ºF
    °R | 5/9 | degree Rankine/degrees Rankine, rankine/rankine |`,
  area: `
    m² | 1 | square metre | m2, m^2, sqm, sq m, qm
    km² | 1000000 | square kilometre | km2, km^2, sqkm, sq km
    cm² | 0.0001 | square centimetre | cm2, cm^2, sq cm
    mm² | 0.000001 | square millimetre | mm2, mm^2, sq mm
    ha | 10000 | hectare | hectar
    are | 100 | are |
    ac | 4046.8564224 | acre |
    ft² | 0.09290304 | square foot/square feet | ft2, ft^2, sqft, sq ft, sq. ft.
    in² | 0.00064516 | square inch/square inches | in2, in^2, sq in
    yd² | 0.83612736 | square yard | yd2, yd^2, sq yd
    mi² | 2589988.110336 | square mile | mi2, mi^2, sq mi`,
  data: `
    B | 1 | byte | bytes
    kB | 1000 | kilobyte | KB
    MB | 1000000 | megabyte, meg | mb
    GB | 1000000000 | gigabyte | gb, gig, gigs
    TB | 1000000000000 | terabyte | tb
    PB | 1000000000000000 | petabyte | pb
    EB | 1000000000000000000 | exabyte |
    KiB | 1024 | kibibyte |
    MiB | 1048576 | mebibyte |
    GiB | 1073741824 | gibibyte |
    TiB | 1099511627776 | tebibyte |
    PiB | 1125899906842624 | pebibyte |
    bit | 0.125 | bit | bits
    kbit | 125 | kilobit | kb
    Mbit | 125000 | megabit | Mb
    Gbit | 125000000 | gigabit | Gb
    Tbit | 125000000000 | terabit | Tb`,
  'data rate': `
    bit/s | 1 | bit per second | bps
    kbit/s | 1000 | kilobit per second | kbps, kb/s
    Mbit/s | 1000000 | megabit per second | Mbps, Mb/s
    Gbit/s | 1000000000 | gigabit per second | Gbps, Gb/s
    B/s | 8 | byte per second |
    kB/s | 8000 | kilobyte per second | KB/s
    MB/s | 8000000 | megabyte per second |
    GB/s | 8000000000 | gigabyte per second |`,
  energy: `
    J | 1 | joule |
    kJ | 1000 | kilojoule |
    MJ | 1000000 | megajoule |
    GJ | 1000000000 | gigajoule |
    cal | 4.184 | calorie, small calorie |
    kcal | 4184 | kilocalorie, food calorie, large calorie | Cal
    Wh | 3600 | watt hour, watt-hour |
    kWh | 3600000 | kilowatt hour, kilowatt-hour |
    MWh | 3600000000 | megawatt hour, megawatt-hour |
    BTU | 1055.05585262 | british thermal unit | btus
    eV | 0.0000000000000000001602176634 | electronvolt, electron volt |
    ft⋅lb | 1.3558179483314004 | foot-pound, foot pound | ft-lb, ft lb, ftlb`,
  power: `
    W | 1 | watt |
    kW | 1000 | kilowatt |
    MW | 1000000 | megawatt |
    GW | 1000000000 | gigawatt |
    mW | 0.001 | milliwatt |
    hp | 745.69987158227022 | horsepower/horsepower, mechanical horsepower/mechanical horsepower |
    PS | 735.49875 | metric horsepower/metric horsepower |`,
  pressure: `
    Pa | 1 | pascal |
    hPa | 100 | hectopascal |
    kPa | 1000 | kilopascal |
    MPa | 1000000 | megapascal |
    bar | 100000 | bar |
    mbar | 100 | millibar |
    atm | 101325 | atmosphere, standard atmosphere |
    psi | 6894.757293168361 | pound per square inch, pound-force per square inch | lb/in2
    mmHg | 133.322387415 | millimetre of mercury | mm Hg
    Torr | 101325/760 | torr/torr |
    inHg | 3386.388640341 | inch of mercury/inches of mercury | in Hg`,
  force: `
    N | 1 | newton |
    kN | 1000 | kilonewton |
    lbf | 4.4482216152605 | pound-force, pound force |
    kgf | 9.80665 | kilogram-force, kilogram force | kp`,
  angle: `
    rad | 1 | radian |
    ° | 3141592653589793238462643383279/180000000000000000000000000000000 | degree | deg, degs
    gon | 3141592653589793238462643383279/200000000000000000000000000000000 | gradian, gon, grad |
    turns | 3141592653589793238462643383279/500000000000000000000000000000 | turn, revolution, full circle |
    arcmin | 3141592653589793238462643383279/10800000000000000000000000000000000 | arcminute, minute of arc, arc minute |
    arcsec | 3141592653589793238462643383279/648000000000000000000000000000000000 | arcsecond, second of arc, arc second |`,
  frequency: `
    Hz | 1 | hertz/hertz |
    kHz | 1000 | kilohertz/kilohertz |
    MHz | 1000000 | megahertz/megahertz |
    GHz | 1000000000 | gigahertz/gigahertz |
    rpm | 1/60 | revolution per minute |`,
  'fuel consumption': `
    km/l | 1 | kilometre per litre | kmpl, km/L
    l/100 km | 100 | litre per 100 kilometre/litres per 100 kilometres, litre per 100 km/litres per 100 km | l/100km, L/100km, L/100 km
    mpg | 1609.344/3785.411784 | mile per gallon, mile per US gallon | US mpg
    imp mpg | 1609.344/4546.09 | mile per imperial gallon, mile per UK gallon | UK mpg`,
};
