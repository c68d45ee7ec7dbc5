import { GatewayOpcodes } from 'discord.js';
import { expect, it } from 'vitest';
import { isReadable } from '../../adapters/discord/careful-sharding.ts';
import { damagedJson, seeded } from '../models/mutations.ts';
import type { Json } from './fake/types.ts';
import { useOffice } from './office.ts';

const office = useOffice();
const SEED = 20_261_129;
const MUTATIONS = 1_000;
const AT_ONCE = 100;
/** What Discord says to calls that it does not understand, whatever the event was. */
const WRONG_CALLS = /50035|50006|50109/;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** One of everything that people do. */
async function doEverything(): Promise<void> {
  const { discord, general, ann } = office;
  const boss = discord.addUser('boss', { roles: [discord.addRole('bosses', ['ManageGuild'])] });
  const question = office.ask('one');
  const answer = await office.said(question, 'answer to one');
  await office.idle();
  discord.react(answer, ann, '👍');
  discord.unreact(answer, ann, '👍');
  discord.clearReactions(answer);
  await office.press(answer, '👍');
  const { modal } = await office.press(answer, '👎');
  if (modal !== undefined) await discord.submit(modal, { chosen: ['wrong'], written: 'because' });
  await office.press(answer, 'How I got there');
  await discord.command(general, ann, 'ask', { question: 'two' });
  await discord.messageCommand(question, ann, 'Ask Foursight about this');
  await discord.command(general, boss, 'foursight policy list');
  const direct = discord.say(discord.directMessages(ann), ann, 'three');
  await office.said(direct, 'answer to three');
  discord.edit(question, `${discord.mention()} changed`);
  discord.remove(question);
  await office.idle();
}

it('goes on after a thousand damaged payloads', { timeout: 300_000 }, async () => {
  await office.openAdapter();
  await doEverything();
  const { discord } = office;
  const random = seeded(SEED);
  const seen = discord.journal.events.map(({ seq, t, d }) => ({ op: GatewayOpcodes.Dispatch, s: seq, t, d }));
  const others: readonly Json[] = [
    { op: GatewayOpcodes.Hello, d: { heartbeat_interval: 41_250 }, s: null, t: null },
    { op: GatewayOpcodes.InvalidSession, d: true, s: null, t: null },
  ];
  const frames: readonly Json[] = [...seen, ...others];
  for (let sent = 0; sent < MUTATIONS; sent += 1) {
    let damaged: unknown = frames[sent % frames.length];
    for (let times = 1 + Math.floor(random() * 3); times > 0; times -= 1) damaged = damagedJson(damaged, random);
    discord.sendFrame(isObject(damaged) ? damaged : { damaged });
    if (sent % AT_ONCE === 0) await office.said(office.ask(`number ${sent}`), `answer to number ${sent}`);
  }
  await office.said(office.ask('and a sound one'), 'answer to and a sound one');
  await office.idle();
  expect(discord.complaints().filter((complaint) => WRONG_CALLS.test(complaint))).toEqual([]);
});

it('reads nothing with which a connection could not go on', () => {
  const ready = { session_id: 'x', resume_gateway_url: 'wss://gateway.discord.gg' };
  const frame = (more: object) => ({ op: 0, s: 1, t: 'MESSAGE_CREATE', d: {}, ...more });
  for (const sound of [
    frame({}),
    frame({ t: 'READY', d: ready }),
    { op: 10, d: { heartbeat_interval: 41_250 } },
    { op: 11 },
  ])
    expect(isReadable(sound), JSON.stringify(sound)).toBe(true);
  for (const broken of [
    null,
    5,
    {},
    frame({ s: 'x' }),
    frame({ t: null }),
    frame({ t: 'READY', d: null }),
    frame({ t: 'READY', d: { ...ready, resume_gateway_url: 'x' } }),
    { op: 10, d: { heartbeat_interval: 0 } },
    { op: 9, d: null },
  ])
    expect(isReadable(broken), JSON.stringify(broken)).toBe(false);
});
