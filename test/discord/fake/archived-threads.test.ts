import { ChannelType } from 'discord.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, callerOf } from './caller.ts';
import { createFakeDiscord, type FakeDiscord } from './fake-discord.ts';
import type { Channel, Json, User } from './types.ts';

let discord: FakeDiscord;
let call: Caller;
let ann: User;
let general: Channel;

beforeAll(async () => {
  discord = await createFakeDiscord({ rateLimits: { mode: 'off' } });
  call = callerOf(discord);
  ann = discord.addUser('ann');
  general = discord.addChannel('general');
});
afterAll(() => discord.close());

const publicOnes = (channel = general) => `/channels/${channel.id}/threads/archived/public`;
const privateOnes = (channel = general) => `/channels/${channel.id}/threads/archived/private`;
const ownOnes = (channel = general) => `/channels/${channel.id}/users/@me/threads/archived/private`;

/** A thread that was archived later than every other. */
async function archived(name: string, options: { readonly isPrivate?: boolean } = {}): Promise<Channel> {
  const thread = discord.startThread(general, ann, name, options);
  discord.archive(thread);
  const at = Date.now();
  await expect.poll(() => Date.now(), { interval: 1 }).toBeGreaterThan(at);
  return thread;
}

async function listed(path: string): Promise<{ readonly names: unknown[]; readonly hasMore: unknown }> {
  const { body } = await call('GET', path);
  return { names: (body.threads as Json[]).map(({ name }) => name), hasMore: body.has_more };
}

describe("the fake's archived threads", () => {
  it('are listed those archived last first, page by page', async () => {
    await archived('one');
    const two = await archived('two');
    await archived('three');
    discord.startThread(general, ann, 'open');
    expect(await listed(`${publicOnes()}?limit=2`)).toEqual({ names: ['three', 'two'], hasMore: true });
    const before = encodeURIComponent(two.thread?.archivedAt ?? '');
    expect(await listed(`${publicOnes()}?before=${before}`)).toEqual({ names: ['one'], hasMore: false });
  });

  it('are private ones for moderators, and for those who are in them by id', async () => {
    expect(await call('GET', privateOnes())).toMatchObject({ status: 403, body: { code: 50013 } });
    const early = discord.startThread(general, ann, 'early', { isPrivate: true });
    const late = discord.startThread(general, ann, 'late', { isPrivate: true });
    for (const thread of [early, late]) discord.invite(thread, discord.bot);
    for (const thread of [late, early]) discord.archive(thread);
    const at = Date.now();
    await expect.poll(() => Date.now(), { interval: 1 }).toBeGreaterThan(at);
    await archived('outside', { isPrivate: true });
    expect((await listed(ownOnes())).names).toEqual(['late', 'early']);
    expect((await listed(`${ownOnes()}?before=${late.id}`)).names).toEqual(['early']);
    discord.setPermissions(general, 'bot', { allow: ['ManageThreads'] });
    const { names } = await listed(privateOnes());
    expect(names[0]).toBe('outside');
    expect(names).toHaveLength(3);
    discord.setPermissions(general, 'bot', {});
  });

  it('are refused where there can be none, where the bot may not read, and for what is no moment, id or number', async () => {
    const voice = discord.addChannel('voice', { type: ChannelType.GuildVoice });
    const forum = discord.addChannel('forum', { type: ChannelType.GuildForum });
    const mute = discord.addChannel('mute');
    discord.setPermissions(mute, 'everyone', { deny: ['ReadMessageHistory'] });
    expect((await call('GET', publicOnes(forum))).status).toBe(200);
    const refused: readonly (readonly [path: string, code: number])[] = [
      [publicOnes(voice), 50024],
      [privateOnes(forum), 50024],
      [ownOnes(forum), 50024],
      [publicOnes(mute), 50013],
      [ownOnes(mute), 50013],
      [`${publicOnes()}?before=${general.id}`, 50035],
      [`${ownOnes()}?before=2026-01-01T00:00:00.000Z`, 50035],
      [`${publicOnes()}?limit=1`, 50035],
      [`${publicOnes()}?limit=101`, 50035],
    ];
    for (const [path, code] of refused) expect((await call('GET', path)).body.code, path).toBe(code);
  });
});
