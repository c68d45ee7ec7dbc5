import { cp, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { baseModelLabel, baseModelName, isSameBase } from '../../gpu-worker/models/base-model.ts';
import { openModel, saveModel } from '../../gpu-worker/models/model.ts';
import { weightsOf } from '../practice/starter.ts';
import { copyOf, temporaryFolder } from './golden-folder.ts';

it('names a model by what it is, wherever its folder lies', async () => {
  const folder = await copyOf('qwen2-tied');
  const name = await baseModelName(await openModel(folder));
  expect(name).toMatch(/^qwen2-\d\.\dM@[0-9a-f]{16}$/);
  const moved = join(await temporaryFolder(), 'elsewhere');
  await rename(folder, moved);
  expect(await baseModelName(await openModel(moved))).toBe(name);
  const pulled = join(await temporaryFolder(), 'Owner--Name-1B');
  await cp(moved, pulled, { recursive: true });
  const repository = await baseModelName(await openModel(pulled));
  expect(baseModelLabel(repository)).toBe('Owner/Name-1B');
  expect(isSameBase(repository, name)).toBe(true);
});

it('tells a model from one that was trained further, and from another', async () => {
  const model = await openModel(await copyOf('qwen2-tied'));
  const name = await baseModelName(model);
  const folder = await temporaryFolder();
  const weights = weightsOf(model);
  await saveModel(join(folder, 'same'), weights, model.config.dtype, { copyFrom: model.dir });
  const further = new Map(
    [...weights].map(([tensor, { dims, data }]) => [tensor, { dims, data: data.map((x) => 1.5 * x) }]),
  );
  await saveModel(join(folder, 'trained'), further, model.config.dtype, { copyFrom: model.dir });
  const same = await baseModelName(await openModel(join(folder, 'same')));
  const trained = await baseModelName(await openModel(join(folder, 'trained')));
  const other = await baseModelName(await openModel(await copyOf('qwen3')));
  expect(isSameBase(trained, same)).toBe(false);
  expect(isSameBase(other, name)).toBe(false);
});
