const list = (text: string): readonly string[] => text.split(',');

/** Things that are counted, in the plural. */
export const ITEMS = list(
  'pens,apples,books,boxes,coins,cards,marbles,cookies,eggs,stickers,bottles,oranges,chairs,tickets,stamps,shirts,pencils,toys,cups,balls,plates,candles,bricks,batteries,flowers,muffins,photos,sandwiches,bananas,pears,peaches,lemons,plums,carrots,tomatoes,potatoes,onions,peppers,melons,cherries,strawberries,grapes,mangoes,nuts,bagels,rolls,croissants,cupcakes,brownies,pies,pizzas,doughnuts,chocolates,sweets,lollipops,crackers,notebooks,folders,envelopes,markers,crayons,erasers,rulers,staplers,laptops,monitors,keyboards,mice,cables,chargers,headsets,phones,tablets,printers,lamps,desks,bulbs,screws,nails,bolts,tiles,planks,pipes,beads,buttons,ribbons,balloons,dolls,puzzles,kites,blocks,dice,badges,medals,trophies,posters,magazines,newspapers,letters,parcels,leaflets,flyers,brochures,tulips,roses,trees,seeds,plants,shells,stones,feathers,leaves,fish,ducks,hens,cows,sheep,horses,hats,socks,gloves,scarves,shoes,towels,blankets,pillows,glasses,mugs,spoons,forks,knives,bowls,jars of jam,cans,cartons of milk,loaves of bread,bars of soap,rolls of tape,T-shirts,hoodies,vouchers,coupons,tokens,points,discs,games',
);
/** Things with a price, in the singular. */
export const WARES = list(
  'ticket,book,shirt,pen,cup,pizza,sandwich,coffee,notebook,lamp,chair,bag,hat,mug,ball,toy,game,cake,plant,bottle,candle,poster,cable,charger,desk,monitor,bike,umbrella,jacket,scarf,phone,tablet,camera,watch,ring,necklace,mattress,table,sofa,towel,pillow,plate,bowl,knife,pan,pot,kettle,toaster,blender,magazine,stamp,card,puzzle,kite,tent,backpack,helmet,racket,guitar,drum,carpet,mirror,clock,vase,licence,subscription,t-shirt,hoodie,burger,taco,muffin,bagel,salad,juice,smoothie,beer,croissant,melon,pineapple',
);
/** Containers: singular and plural. */
export const CONTAINERS: readonly (readonly [one: string, many: string])[] = list(
  'box/boxes,bag/bags,shelf/shelves,pack/packs,crate/crates,tray/trays,basket/baskets,row/rows,drawer/drawers,jar/jars,packet/packets,carton/cartons,case/cases,bucket/buckets,sack/sacks,tin/tins,folder/folders,container/containers,pallet/pallets,bin/bins,chest/chests,cupboard/cupboards,table/tables,stack/stacks,pile/piles,set/sets,bundle/bundles,parcel/parcels,rack/racks,suitcase/suitcases',
).map((pair) => {
  const [one = '', many = ''] = pair.split('/');
  return [one, many] as const;
});
/** Groups of people, in the plural. */
export const CROWDS = list(
  'children,kids,students,pupils,friends,people,guests,players,workers,colleagues,members,visitors,tourists,teams,families,classmates,employees,developers,volunteers,neighbours,cousins,scouts,campers,swimmers,dancers,soldiers,customers,patients,passengers',
);
export const CURRENCIES: readonly (readonly [word: string, sign: string])[] = [
  ['dollars', '$'],
  ['euros', '€'],
  ['pounds', '£'],
  ['dollars', '$'],
  ['euros', '€'],
  ['francs', ''],
  ['bucks', ''],
  ['coins', ''],
];
/** Places that hold people or things. */
export const ROOMS = list(
  'shop,library,school,office,warehouse,market,kitchen,museum,cinema,hotel,farm,garden,factory,bakery,store,zoo,club,restaurant,hall,stadium,gym,park,café,theatre,hospital,bookshop,garage,classroom',
);
export const DAYS = list('Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday');
export const PERIODS = list('day,week,month,hour,year,day,week,minute');
