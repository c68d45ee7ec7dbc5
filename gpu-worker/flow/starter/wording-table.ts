/**
 * What the planner reads instead of what people write: one form for a word's inflections and near synonyms, without politeness.
 * A line is `form: spellings, separated by commas`; a spelling may have several words; an empty form drops it; one after `^` is
 * replaced only where the sentence begins. Where a spelling stands twice, the first line counts.
 */
export const wordingTable = `
: $, €, £, please, pls, plz, please could you, thanks, thank you, thank you very much, thank you so much, thanks a lot, many thanks, thx, ty, kindly, hey, hi, hello, hiya, hey there, hi there, hello there, good morning, good afternoon, good evening, ok, okay, well, um, uh, hmm, ah, alright, alrighty, yo, ^so, ^oh, ^and so, ^now, ^also
: can you please, could you please, would you please, can you, could you, would you, will you, can u, could u, can you help me, could you help me, would you mind, do you mind, would you be so kind as to, be so kind as to, help me, help me out, i need help with, i need your help with, can i ask, may i ask, can i ask you, let me ask, let me ask you
: tell me, please tell me, let me know, i want to know, i would like to know, i need to know, i'd like to know, i'd love to know, i wanna know, do you know, do you happen to know, any idea, any chance you know, i wonder, i was wondering, i am wondering, i'm wondering, i'm trying to find out, i am trying to find out, just wondering, wondering, i'm curious, i am curious, curious, out of curiosity, for curiosity, tell us, we want to know, we need to know, does anyone know, anyone know, does anybody know, i forgot, i forget, i can't remember, i cannot remember, i don't remember, i have forgotten, i've forgotten
: quick question, quick one, ^one question, a question, ^question, ^one more thing, ^another one, ^one more, ^next one, next question, ^next, just, actually, basically, simply, literally, really, exactly, precisely, quickly, real quick, maybe, perhaps, for me, for us, for a friend, if you can, if possible, if you don't mind, asap, by the way, btw, lol, haha, sir, buddy, mate, foursight, say, let's say, suppose, suppose that, imagine, imagine that, assume, assume that, my friend, ^you know, here is a question, here's one, here is one, ^try this, ^try this one, ^answer this, ^answer, for today, for fun, ^and, ^then, ^right, ^cool, ^great, ^nice, ^perfect, ^good, ^awesome, ^sorry, ^listen, ^look, ^but
what is: what's, whats, wat is, wats, what is, what are, what're, what would be, what will be, what'll be, what was, what were, what would, what do i get for, what do we get for, what do you get for, what do i get if i, what do you get if you, what do we get if we, what do you get when you, what do i get when i, what do we get when we, what do i get if, what do you get when, what do you get if, what does, what do, what is it if i, ^give me, ^gimme, ^i need, ^we need, ^i want, ^i'd like, ^i would like, ^find, ^find out, ^show me, ^determine, ^get me, i'm looking for, i am looking for, ^need, ^looking for, what might be, ^state, what comes out if i, what comes out if you, what comes out of, what number is, which number is, what do i have if i, what happens if i, what if i, what if you, what if we, ^calculate, ^compute, ^evaluate, ^work out, ^figure out, ^solve, ^do the math, ^do the maths, ^do the sum, ^crunch, ^reckon, ^calc, ^eval, ^do, ^work this out, ^calculate this, ^compute this, ^do this calculation, ^solve this
calculate: calculate, compute, evaluate, work out, work that out, figure out, solve, do the math, do the maths, do the sum, calculation
how many: how many, howmany, what number of, what is the number of
how much: how much, howmuch, what amount of, what is the amount of, how much is, how much are
equal: equals, equal, come to, comes to, yield, yields, results in, result in, amount to, amounts to, is equal to, is the same as, corresponds to, equivalent to, is equivalent to, makes
result of: the result of, result of, the answer to, answer to, the value of, value of, the outcome of, the solution to, the solution of
that: that, it, this, the result, that result, this result, the last result, your last result, last result, the previous result, previous result, the previous answer, the last answer, your answer, that answer, that number, this number, that value, that figure, the answer, that amount, the value, the number you got, what you got, the last one, the previous one
plus: plus, added to, increased by, raised by, upped by
add: add, adding, added, adds, add up, tack on, put on, throw in
minus: minus, decreased by, reduced by, lowered by, diminished by, cut by, take away, takeaway
subtract: subtract, subtracting, subtracted, subtracts, deduct, deducted, deducting, take off, knock off
less than: less than, smaller than, lower than, cheaper than, shorter than, lighter than
: initially, originally, respectively, entire, single
times as many: times as old, times as tall, times as long, times as heavy, times as big, times as large, times as expensive
a day: daily
more than: more than, greater than, bigger than, larger than, longer than, taller than, heavier than, higher than
times: times, multiplied by, multiplied with
multiply: multiply, multiplying, multiplies, multiplied, multiply by
divided by: divided by, divided through
divide: divide, dividing, divides, divided
split: split, splits, splitting, share, shares, shared, sharing, distribute, distributes, distributed, divided among, divided between, divided equally among, divide among, divvied up, dealt, deal out, handed out equally, share out, shared out
equally: equally, evenly, fairly, in equal parts, into equal parts
double: double, doubled, doubles, doubling
twice: twice, two times
triple: triple, tripled, triples, tripling, treble, thrice, three times
half: half, halve, halved, halves, halving, half of, one half of, one half, cut in half, cut that in half, cut it in half
quarter: quarter, a fourth, one quarter, one fourth, one quarter of, a quarter of, quarter of
third: third, a third of, one third, one third of, third of
fifth: fifth, one fifth, a fifth of
tenth: tenth, one tenth, a tenth of
square: squared, square, squaring, squares, the square of, to the power of two, to the power of 2, to the second power, to the 2nd, to the 2nd power, to the second
cube: cubed, cubing, cubes, the cube of, to the third power, to the 3rd, to the 3rd power, to the third, to the power of three, to the power of 3
power: power, raised to the power of, to the power of, raised to the, raised to
percent: percent, per cent, %, pct, percentage
discount: discount, discounted, reduction, rebate, markdown, price cut, off the price
average: average, the mean, mean of, avg, on average
remain: remain, remains, remained, remaining, left, left over, leftover, are left, is left, still left, is left over, are left over, do i still have, does he still have, does she still have, still have, still has, do they still have
in total: in total, total, altogether, all together, all told, in all, overall, combined, in sum, the total number of, total number of
each: each, every, per, apiece, a piece
buy: buy, buys, bought, buying, purchase, purchases, purchased, order, orders, ordered, ordering
get: get, gets, got, getting, receive, receives, received, obtain, obtains, obtained, gain, gains, gained, win, wins, won, collect, collects, collected, finds, found, discover, discovers, discovered, grab, grabs, grabbed, pick, picks, picked, pick up, picks up, picked up, gather, gathers, gathered, borrow, borrows, borrowed, borrowing, inherit, inherits, inherited, acquire, acquires, acquired, catch, catches, caught, fetch, fetches, fetched, harvest, harvests, harvested, adopt, adopts, adopted, download, downloads, downloaded, score, scores, scored, is given, are given, was given, were given
get: earn, earns, earned, make an hour, is paid, gets paid, get paid
come: come, comes, came, arrive, arrives, arrived, join, joins, joined, get on, gets on, got on, hop on, hopped on, board, boards, boarded, enter, enters, entered, walk in, walked in, show up, showed up, come in, came in, come along, came along
leave: leave, leaves, leaving, go home, went home, goes home, get off, gets off, got off, hop off, hopped off, go away, went away, walk out, walked out, depart, departed, departs, exit, exited, quit, resign, resigned, moved away, fly away, flew away, flew off, run away, ran away, stepped out, drove off, drove away, swim away, swam away
give away: give away, gives away, gave away, given away, give, gives, gave, giving, hand out, hands out, handed out, donate, donates, donated, hand over, handed over, lend, lends, lent, lending, send back, sends back, sent back, send, sends, sent, sending, ship, ships, shipped, mail, mails, mailed, serve, serves, served, hand, hands, handed, loan, loaned, return, returned, returns, give back, gave back, gives back, gifted
lose: lose, loses, lost, losing, break, breaks, broke, broken, drop, drops, dropped, misplace, misplaced, throw away, throws away, threw away, thrown away, throw out, threw out, discard, discarded, damage, damaged, spoil, spoiled, rot, rotted, die, died, dies, wither, withered, ruin, ruined, disappear, disappeared, steal, stole, stolen, was stolen, were stolen, tear, torn, pop, popped, fell off, fell, smashed, crack, cracked, go missing, went missing, vanish, vanished, spill, spilled, spilt, melted, expired, hide, hides, hid, hidden, remove, removes, removed, delete, deletes, deleted, trade away, traded away, forgets, leave behind, left behind, chop, chopped, cut down, crash, crashed, escape, escapes, escaped, take out, takes out, took out, taken out, taken away, takes away, took away, sink, sank, burned, burnt, bad, rotten
eat: eat, eats, ate, eaten, eating, drink, drinks, drank, drunk, use up, uses up, used up, consume, consumed, consumes
use: use, uses, using, used
take: take, takes, took, taken, taking
make: make, makes, made, making
bring: bring, brings, brought, bring in, brings in, brought in, bringing
need: need, needs, needed, requires, require, required, needing
work: work, works, worked, working
grow: grow, grows, grew, grown, growing
get: hire, hires, hired, recruit, recruits, recruited
open: open, opens, opened
close: close, closes, closed, resolve, resolves, resolved
want: want, wants, wanted
count: count, counts, counted, counting
sell: sell, sells, sold, selling
spend: spend, spends, spent, spending, pay, pays, paid, paying
cost: cost, costs, costing, priced at, is priced at, sell for, sells for, go for, goes for, price, charge, charges, charged
save: save, saves, saved, saving, put aside, puts aside, set aside, sets aside, puts away, put away
have: have, has, had, having, own, owns, owned, hold, holds, held, contain, contains, contained, has got, have got, 've got, fit, fits, keep, keeps, kept, i've, i have got, i've got, carry, carries, carried
there is: there is, there are, there was, there were, there's
fill: fill, fills, filled, pack, packs, packed, packing, load, loads, loaded
put: put, puts, placed
bake: bake, bakes, baked, produce, produces, produced, build, builds, built, prepare, prepares, prepared, cook, cooks, cooked, knit, knits, knitted, assemble, assembles, assembled, paint, paints, painted, plant, plants, planted, sew, sews, manufacture, manufactures, manufactured
walk: walk, walks, walked, walking, run, runs, ran, running, cycle, cycles, cycled, drive, drives, drove, driving, travel, travels, travelled, traveled, travelling, swim, swims, swam, hike, hikes, hiked, jog, jogs, jogged, ride, rides, rode, goes, jump, jumps, jumped, fly, flies, flew, sail, sails, sailed, cover, covers, covered, move, moves, moving
read: read, reads, reading, study, studies, studied
people: people, persons, guests, friends, kids, children, students, pupils, employees, workers, colleagues, coworkers, players, members, classmates, teammates, participants, visitors, passengers, siblings, cousins, neighbours, neighbors, customers, roommates, housemates, brothers, sisters, grandchildren, attendees
person: person, guest, friend, kid, child, student, pupil, employee, worker, colleague, player, member, classmate, teammate, participant, visitor, passenger, customer, roommate
money: euros, euro, dollars, dollar, bucks, buck, cents, cent, pence, usd, eur, quid
more: more, additional, extra, further, another
fewer: fewer
equal parts: equal parts, equal groups, equal teams, equal piles
convert: convert, converts, converted, converting, transform, express, conversion
into: into, in terms of
^remember: keep that in mind, keep this in mind, keep it in mind, bear that in mind, bear this in mind, remember that for me, remember this for me, remember it for me, remember this for later, remember that for later, write that down for me, note that down, note this down, save that for later, don't forget that one, make a note of that, make a note of this, make a note of it, put that in your notes, put this in your notes, add that to your notes, add this to your notes, add to your notes, add to the notes, store that for later, please note, ^remember, ^remember that, ^remember this, keep in mind, keep in mind that, bear in mind, bear in mind that, ^make a note, ^make a note that, make a note of, make note of, make note that, make a note that, ^take a note, ^take a note that, ^note, ^note that, note down, note down that, jot down, jot down that, jot that down, write down, write down that, write that down, don't forget, don't forget that, do not forget, do not forget that, never forget, never forget that, save this, save that, store this, store that, ^store, ^memorize, ^memorise, ^memorize that, ^memorise that, put on record, put on record that, put down that, ^record that, ^record, ^save the fact that, ^store the fact that, note this, fyi, for the record, for your information, ^log that, add a note, add a note that, ^new note, note to self, ^learn that, here is something to remember, ^memo, hold on to this, save a note, save a note that, leave a note that, leave a note, i need you to remember, i need you to remember that, i want you to remember, i want you to remember that, i'd like you to remember, i'd like you to remember that, please note that, you should know, you should know that, mark down, mark down that
^recall: remind me, ^recall, what did i say, what did we say, what did i tell you, what did i tell you about, what did we say about, what did i say about, did i tell you, do you remember, can you recall, what do you know about, do you recall, have you noted, what was noted about, what note do we have about, what notes do we have on, ^look up, look up in your notes, check your notes, check the notes, check our notes, according to your notes, according to our notes, according to the notes, search your notes, what do your notes say about, what do the notes say about, what have you got on, what have i told you about, any notes on, any note on, what did you note about, from your notes, in your notes, from memory, in the notes, what have i said about, what did i ask you to remember, what did i ask you to remember about, what did you save about
weekday: what weekday is it, what weekday will it be, what weekday was it, which weekday is it, what day of the week is it, what day of the week will it be, what day of the week was it, which day of the week is it, weekday, day of the week, day of week, which day of the week, what day of the week, which weekday, what weekday, what is the weekday, on what day of the week, on which day of the week, on which weekday, on what weekday
what day: what day is it, what day will it be, what day was it, what day would it be, what day, which day, what is the day, on what day, on which day
what time: what time is it, what time will it be, what time was it, what time would it be, what time, what is the time, which time, the time, current time, the current time, local time, the local time, what is the local time, what is the current time, time of day, what hour, what does the clock say, what is the clock, how late, what is the hour
what date: what date is it, what date will it be, what date was it, what date would it be, what date, which date, what is the date, the date, date, what is the calendar date, on what date, on which date
today: today, todays, today's, this day
tomorrow: tomorrow, tomorrows, tomorrow's, tmrw, tmr
yesterday: yesterday, yesterdays, yesterday's
now: now, right now, at the moment, currently, at present, as of now, presently, this moment, this very moment
ago: ago
from now: from now, from today, from now on, hence, after today, from this day, counting from today, starting today, in the future, from tomorrow
until: until, till, til, 'til
how long: how long, how much time, what length of time, how far off, how far away, how soon
will: will, gonna, going to, shall, would
is: is, are, was, were, be, been, am
does: does, do, did
i: i, we, you
he: he, she, they
my: my, our, your
his: his, her, their
me: me, us, him, them
a: a, an, the, some, any, these, those, its
i is: i'm, we're, you're
he is: he's, she's, they're
that is: that's, it's
where is: where's, where is, where are
when is: when's, when is, when are, when was, when were
who is: who's, who is, who are, who was, who were
how is: how's, how is, how are
not: not, don't, doesn't, didn't, isn't, aren't, wasn't, can't, cannot, won't
game: game of 24, game of twenty-four, game of twenty four, the 24 game, 24 game, twenty-four game, 24-game
`;
