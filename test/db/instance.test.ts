import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { findInstance, type InstanceMember, type InstanceOwner, joinInstance } from '../../src/db/instance.ts';
import { startOwner } from './processes.ts';

async function newHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'foursight-home-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  return home;
}

async function ownerOf(home: string, kind: 'service' | 'oneshot' = 'oneshot'): Promise<InstanceOwner> {
  const joined = await joinInstance(home, kind);
  if (joined.role !== 'owner') throw new Error('somebody owns the home already');
  onTestFinished(() => joined.close());
  return joined;
}

async function memberOf(home: string, sharesService = false): Promise<InstanceMember> {
  const joined = await joinInstance(home, sharesService ? 'service' : 'oneshot', sharesService);
  if (joined.role !== 'member') throw new Error('nobody owned the home');
  onTestFinished(() => joined.leave());
  return joined;
}

/** Whether a promise is settled when everything that can happen at once has happened. */
const isPending = async (promise: Promise<unknown>): Promise<boolean> => {
  let pending = true;
  void promise.finally(() => {
    pending = false;
  });
  for (let i = 0; i < 50; i += 1) await new Promise(setImmediate);
  return pending;
};

const url = 'postgres://ada:secret@127.0.0.1:1/postgres';
const onLinux = process.platform === 'linux';
/** Names of the sockets of instances on this machine that are not in `known`. */
const sockets = () =>
  [...readFileSync('/proc/net/unix', 'utf8').matchAll(/@(foursight-\w+)/g)].map((match) => match[1]);

describe('the instance of a home', () => {
  it('has one owner, whoever comes together, and tells the others where the database is', async () => {
    const home = await newHome();
    const joined = await Promise.all(Array.from({ length: 6 }, () => joinInstance(home, 'oneshot')));
    const owners = joined.filter((one) => one.role === 'owner');
    expect(owners).toHaveLength(1);
    owners[0]?.ready(url);
    for (const one of joined) {
      if (one.role !== 'member') continue;
      expect(await one.databaseUrl()).toBe(url);
      one.leave();
    }
    await owners[0]?.lastLeft();
    await owners[0]?.close();
    expect((await stat(join(home, 'instance-secret'))).mode & 0o777).toBe(0o600);
  });

  it('is the same through another name of the folder', async () => {
    const home = await newHome();
    const name = `${home}-link`;
    await symlink(home, name);
    onTestFinished(() => rm(name));
    await ownerOf(home);
    expect((await joinInstance(name, 'oneshot')).role).toBe('member');
  });

  it('is kept until the last member has left, a killed one included', async () => {
    const home = await newHome();
    const owner = await ownerOf(home);
    owner.ready(url);
    const member = await memberOf(home);
    const child = await startOwner('member', home);
    expect(child.said).toEqual({ role: 'member' });
    const left = owner.lastLeft();
    member.leave();
    expect(await isPending(left)).toBe(true);
    await child.kill();
    await left;
  });

  it('goes to the next when its owner was killed, and the members are told', async () => {
    const home = await newHome();
    const child = await startOwner('owner', home);
    expect(child.said).toEqual({ role: 'owner' });
    const member = await memberOf(home);
    await child.kill();
    await member.ownerGone;
    await ownerOf(home);
  });

  it('passes from a one-shot owner, which takes no new members, to a service', async () => {
    const home = await newHome();
    const oneshot = await ownerOf(home);
    oneshot.ready(url);
    const member = await memberOf(home);
    const onWait = vi.fn();
    const service = joinInstance(home, 'service', false, { onWait });
    const left = oneshot.lastLeft();
    await vi.waitFor(() => expect(onWait).toHaveBeenCalledWith(process.pid));
    const late = joinInstance(home, 'oneshot', false, { onWait });
    await vi.waitFor(() => expect(onWait).toHaveBeenCalledTimes(2));
    expect(await isPending(left)).toBe(true);
    member.leave();
    await left;
    await oneshot.close();
    const owner = await service;
    if (owner.role !== 'owner') throw new Error('the service owns nothing');
    onTestFinished(() => owner.close());
    expect(await late).toMatchObject({ role: 'member', kind: 'service' });
  });

  it('is waited for until that is interrupted', async () => {
    const home = await newHome();
    const oneshot = await ownerOf(home);
    const interrupt = new AbortController();
    const told: number[] = [];
    const waiting = { signal: interrupt.signal, onWait: (pid: number) => told.push(pid) };
    const service = joinInstance(home, 'service', false, waiting);
    service.catch(() => undefined);
    await vi.waitFor(() => expect(told).toEqual([process.pid]));
    interrupt.abort();
    await expect(service).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await oneshot.close();
    await ownerOf(home);
  });

  it('belongs to one service; only a part of one may share it', async () => {
    const home = await newHome();
    const service = await ownerOf(home, 'service');
    service.ready(url);
    await expect(joinInstance(home, 'service')).rejects.toMatchObject({ code: 'ALREADY_RUNNING' });
    expect(await (await memberOf(home, true)).databaseUrl()).toBe(url);
    expect(await findInstance(home)).toMatchObject({ kind: 'service', knownUrl: url });
  });

  it.skipIf(!onLinux)('tells nothing to who does not know its secret, and does not wait for them', async () => {
    const home = await newHome();
    const before = new Set(sockets());
    const owner = await ownerOf(home);
    owner.ready(url);
    const path = `\0${sockets().find((name) => !before.has(name))}`;
    const stranger = connect(path);
    let heard = '';
    stranger.on('data', (chunk) => {
      heard += String(chunk);
    });
    stranger.write(`${JSON.stringify({ proof: 'x'.repeat(64), challenge: '' })}\ntakeover\n`);
    await once(stranger, 'close');
    expect(heard).toContain('challenge');
    expect(heard).not.toContain('secret');
    const silent = connect(path);
    await once(silent, 'connect');
    expect(await (await findInstance(home))?.databaseUrl()).toBe(url);
    expect(await (await memberOf(home)).databaseUrl()).toBe(url);
    silent.destroy();
  });

  it.skipIf(!onLinux)('is not waited for when its owner hangs', async () => {
    const home = await newHome();
    const before = new Set(sockets());
    const owner = await ownerOf(home);
    const path = `\0${sockets().find((name) => !before.has(name))}`;
    await owner.close();
    const silent = createServer((socket) => socket.on('error', () => undefined));
    silent.listen(path);
    await once(silent, 'listening');
    onTestFinished(() => void silent.close());
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const joined = once(silent, 'connection');
    const joining = joinInstance(home, 'oneshot');
    joining.catch(() => undefined);
    await joined;
    vi.advanceTimersByTime(60_000);
    await expect(joining).rejects.toMatchObject({ code: 'INSTANCE_SILENT' });
  });

  it.skipIf(!onLinux)('is not taken from a program that does not know the secret', async () => {
    const home = await newHome();
    const before = new Set(sockets());
    const owner = await ownerOf(home);
    const path = `\0${sockets().find((name) => !before.has(name))}`;
    await owner.close();
    const said = { phase: 'ready', kind: 'service', pid: 1, databaseUrl: 'postgres://thief/' };
    const impostor = createServer((socket) => {
      socket.on('error', () => undefined);
      for (const line of [{ challenge: 'c' }, { proof: 'x' }, said]) socket.write(`${JSON.stringify(line)}\n`);
    });
    impostor.listen(path);
    await once(impostor, 'listening');
    onTestFinished(() => void impostor.close());
    await expect(joinInstance(home, 'oneshot')).rejects.toMatchObject({ code: 'INSTANCE_IMPOSTOR' });
  });
});
