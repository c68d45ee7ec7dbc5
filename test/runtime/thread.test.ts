import { afterEach, describe, expect, it } from 'vitest';
import { RuntimeError } from '../../gpu-worker/runtime/runtime-error.ts';
import { openThread, type Thread } from '../../gpu-worker/runtime/thread.ts';
import type { ToyProgram } from './toy-program.ts';

const program = new URL('./toy-program.ts', import.meta.url);
const threads: Thread<ToyProgram>[] = [];
const openToy = async (width: number) => {
  const thread = await openThread<ToyProgram>(program, { width });
  threads.push(thread);
  return thread;
};
afterEach(async () => {
  await Promise.all(threads.splice(0).map((thread) => thread.close()));
});

describe('a thread', () => {
  it('runs a graph with weights that it keeps between calls', async () => {
    const thread = await openToy(2);
    await thread.call('put', Float32Array.of(1, 2, 3, 4));
    expect(await thread.call('run', Float32Array.of(1, 1))).toEqual(Float32Array.of(3, 7));
    expect(await thread.call('run', Float32Array.of(1, 0, 0, 1))).toEqual(Float32Array.of(1, 3, 2, 4));
  });

  it('takes buffers over without a copy where they are transferred', async () => {
    const thread = await openToy(2);
    const data = Float32Array.of(5, 6);
    await thread.call('put', data, [data.buffer]);
    expect(data.length).toBe(0);
    expect(await thread.call('run', Float32Array.of(1, 1))).toEqual(Float32Array.of(11));
  });

  it('leaves the main thread free while it works', async () => {
    const width = 512;
    const thread = await openToy(width);
    await thread.call('put', new Float32Array(width * width).fill(0.1), []);
    const before = performance.eventLoopUtilization();
    await thread.call('repeat', { rows: new Float32Array(width * width), times: 20 });
    expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5);
  });

  it('passes errors on with code and remedy', async () => {
    const refused = openThread<ToyProgram>(program, { width: 7, fail: true });
    await expect(refused).rejects.toMatchObject({
      code: 'TOY_REFUSED',
      message: 'a width of 7 is refused',
      remedy: 'Take another one.',
    });
    const thread = await openToy(2);
    await expect(thread.call('wrongShape', undefined)).rejects.toMatchObject({ code: 'SESSION_RUN_FAILED' });
    await expect(openThread(new URL('./absent.ts', import.meta.url), {})).rejects.toBeInstanceOf(RuntimeError);
  });

  it('refuses calls when it has died or was closed', async () => {
    const thread = await openToy(2);
    await expect(thread.call('die', undefined)).rejects.toMatchObject({ code: 'THREAD_FAILED' });
    await expect(thread.call('run', Float32Array.of(1, 1))).rejects.toMatchObject({ code: 'THREAD_FAILED' });
    expect((await thread.died).code).toBe('THREAD_FAILED');
    await thread.close();

    const other = await openToy(64);
    await other.call('put', new Float32Array(64 * 64));
    const refused = expect(other.call('repeat', { rows: new Float32Array(64 * 64), times: 50 })).rejects.toMatchObject({
      code: 'THREAD_CLOSED',
    });
    await other.close();
    await refused;
    await expect(other.call('run', new Float32Array(64))).rejects.toMatchObject({ code: 'THREAD_CLOSED' });
    await other.close();
  });
});
