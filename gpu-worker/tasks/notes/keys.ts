import type { ValueSort } from './values.ts';

/** What people have noted, by the sort of its value. */
const TABLE: Readonly<Partial<Record<ValueSort, string>>> = {
  code: 'wifi password, wi-fi password, door code, gate code, alarm code, project code, customer number, booking code, discount code, license key, order number, ticket number, account number, locker code, invoice number, building code, garage code, safe combination, reservation number, PIN, cost centre, membership number, serial number, flight number, tracking number, promo code, server password, guest password, printer code, room key code',
  title:
    'project name, code name, release name, team name, server name, next release, mascot, product name, sprint name, staging server, printer, boat, band name, dog, cat, goldfish, company motto, newsletter, app name, backup server, network name, guest network, conference, production cluster',
  name: 'project lead, team lead, product owner, scrum master, office manager, new intern, contact person, accountant, dentist, landlord, head of sales, client contact, on-call engineer, tax adviser, lawyer, boss, designer, tester, plumber, doctor, neighbour, CTO, mentor, best friend, captain, treasurer, speaker, reviewer',
  number:
    'team size, port number, sprint length, room number, shoe size, house number, lucky number, head count, seat number, bus line, page limit, retry limit, number of licenses, table number, gate, batch size, sprint number, version number, parking spot',
  room: 'meeting room, conference room, training room, office, hotel room, standup room, parking space, exam room',
  amount:
    'budget, travel budget, project budget, marketing budget, rent, deposit, salary, price limit, monthly target, training budget, fee, petty cash',
  day: 'deploy day, release day, cleaning day, rubbish day, meeting day, sprint start, day off, bin day, payday, review day, laundry day, home office day',
  date: "launch date, release date, deadline, moving date, wedding day, start date, exam date, due date, code freeze, delivery date, renewal date, mum's birthday, wife's birthday, departure date, anniversary, kickoff",
  time: 'standup time, lunch time, meeting time, check-in time, closing time, pickup time, opening time, departure time, boarding time, bedtime, train, team call, retro, dentist appointment',
  city: 'offsite location, headquarters, next offsite, conference venue, data centre, holiday destination, home town, birthplace, venue, backup site, warehouse',
  colour: 'brand colour, favourite colour, logo colour, team colour, car colour, theme colour, wall colour',
  thing:
    'favourite food, favourite drink, hobby, team lunch, favourite sport, Friday treat, favourite game, allergy, dessert, party theme, lunch order',
  site: 'website, wiki address, status page, staging address, blog, intranet page, docs site, shop address, homepage, download page',
  mail: 'support address, email address, contact email, billing address, mailing list, press contact',
  phone:
    'phone number, emergency number, hotline, office phone, help desk number, mobile number, support line, fax number',
  word: 'password, passphrase, secret word, safe word, magic word, codeword, hashtag, slogan, main branch, database name, bucket, user name, default queue, topic, domain',
};

export interface NoteKey {
  readonly key: string;
  readonly sort: ValueSort;
}

export const KEYS: readonly NoteKey[] = (Object.keys(TABLE) as ValueSort[]).flatMap((sort) =>
  (TABLE[sort] ?? '').split(', ').map((key) => ({ key, sort })),
);
