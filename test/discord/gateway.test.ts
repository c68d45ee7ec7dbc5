import { GatewayCloseCodes as Close } from 'discord.js';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { openRest } from '../../adapters/discord/calls.ts';
import { type Gateway, openGateway } from '../../adapters/discord/gateway.ts';
import { eventually } from '../db/chat-office.ts';
import { ManualTimers } from '../delivery/manual-timers.ts';
import { createFakeDiscord, type FakeDiscord } from './fake/fake-discord.ts';

interface Opened {
  readonly gateway: Gateway;
  readonly timers: ManualTimers;
  readonly logged: { readonly msg?: string; readonly remedy?: string }[];
  gaps: number;
  connected: number;
}

function open(discord: FakeDiscord): Opened {
  const timers = new ManualTimers();
  const logged: Opened['logged'] = [];
  const seen = { gaps: 0, connected: 0 };
  const gateway = openGateway({
    ...{ rest: openRest(discord.token, discord.apiUrl), token: discord.token, timers },
    log: pino({ level: 'error', base: {} }, { write: (line: string) => logged.push(JSON.parse(line)) }),
    readsAll: () => true,
    onEvent: () => undefined,
    onGap: () => {
      seen.gaps += 1;
    },
    onConnected: () => {
      seen.connected += 1;
    },
  });
  return Object.assign(seen, { gateway, timers, logged });
}

/** How many sessions there have been. */
const begun = (discord: FakeDiscord): number => discord.journal.eventsOf('READY').length;

describe("Discord's gateway", { timeout: 60_000 }, () => {
  it('has one connection after starts that failed, and none when it was closed', async () => {
    await using discord = await createFakeDiscord();
    const first = open(discord);
    discord.setFaults({ refuseSockets: true });
    for (let tries = 0; tries < 3; tries += 1) await expect(first.gateway.start()).rejects.toThrow('503');
    discord.setFaults({});
    await first.gateway.start();
    // What was left of the others would have begun again by now.
    const later = Date.now() + 1_500;
    await eventually(() => expect(Date.now()).toBeGreaterThan(later));
    expect(begun(discord)).toBe(1);
    expect([discord.connections, first.connected]).toEqual([1, 1]);
    await first.gateway.close();
    await eventually(() => expect(discord.connections).toBe(0));
  });

  it('is closed at once also while it waits for Discord to say hello', async () => {
    await using discord = await createFakeDiscord();
    discord.setFaults({ dispatchDelayMs: 20_000 });
    const { gateway } = open(discord);
    void gateway.start();
    await eventually(() => expect(discord.sockets).toBe(1));
    const begun = performance.now();
    await gateway.close();
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  it('does not connect when it is closed meanwhile', async () => {
    await using discord = await createFakeDiscord();
    const { gateway } = open(discord);
    const starting = gateway.start();
    await gateway.close();
    await starting;
    await gateway.start();
    expect([discord.connections, begun(discord)]).toEqual([0, 0]);
  });

  it.each([Close.AuthenticationFailed, Close.InvalidShard, Close.ShardingRequired, Close.InvalidIntents])(
    'connects again after it was closed for good (%i), ever more rarely while that is of no use',
    async (code) => {
      await using discord = await createFakeDiscord();
      const one = open(discord);
      await one.gateway.start();
      discord.setFaults({ refuseSockets: true });
      discord.closeSockets(code);
      await eventually(() => expect(one.gaps).toBe(1));
      const failed = () => one.logged.filter(({ msg }) => msg?.includes('again yet')).length;
      for (const [index, ms] of [1_000, 2_000, 4_000].entries()) {
        await eventually(async () => {
          await one.timers.pass(index === 0 ? 10 : 0);
          expect(discord.connections).toBe(0);
        });
        await one.timers.pass(ms);
        await eventually(() => expect(failed()).toBe(index + 1));
      }
      discord.setFaults({});
      await one.timers.pass(8_000);
      await eventually(() => expect([discord.connections, one.connected]).toEqual([1, 2]));
      await one.gateway.close();
    },
  );

  it('says which switch is missing when what it reads is refused meanwhile, and goes on without', async () => {
    await using discord = await createFakeDiscord();
    const one = open(discord);
    await one.gateway.start();
    discord.world.app.privileged.messageContent = false;
    discord.closeSockets(Close.DisallowedIntents);
    await eventually(() =>
      expect(one.logged).toContainEqual(
        expect.objectContaining({ remedy: expect.stringContaining('Message Content Intent') }),
      ),
    );
    await eventually(async () => {
      await one.timers.pass(1_000);
      expect([discord.connections, one.connected]).toEqual([1, 2]);
    });
    await one.gateway.close();
  });
});

it('goes on calling after Discord refused its token once', async () => {
  await using discord = await createFakeDiscord();
  const rest = openRest(discord.token, discord.apiUrl);
  discord.failNext('GET /users/@me', { status: 401 });
  await expect(rest.get('/users/@me')).rejects.toThrow();
  await expect(rest.get('/users/@me')).resolves.toMatchObject({ bot: true });
});
