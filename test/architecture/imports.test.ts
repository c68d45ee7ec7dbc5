import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What each room may import besides itself, packages, `src/errors.ts` and `src/log.ts`. The longest match of a path is its room. */
const allowed: Record<string, readonly string[]> = {
  'src/domain': [],
  'src/db': ['src/domain'],
  'src/queue': ['src/domain'],
  'src/loop': ['src/domain', 'src/db', 'src/queue'],
  'src/web': ['src/domain', 'src/loop'],
  'src/cli': ['*'],
  'src/main.ts': ['*'],
  'src/config.ts': ['src/config'],
  'src/config': [],
  'src/errors.ts': [],
  'src/log.ts': [],
  'adapters/slack': ['src/domain', 'adapters/delivery'],
  'adapters/discord': ['src/domain', 'adapters/delivery'],
  'adapters/console': ['src/domain', 'adapters/delivery'],
  'adapters/delivery': ['src/domain'],
  'gpu-worker/onnx': [],
  'gpu-worker/autodiff': ['gpu-worker/onnx'],
  'gpu-worker/runtime': ['gpu-worker/onnx'],
  'gpu-worker/models': ['gpu-worker/onnx'],
  'gpu-worker/engine': ['gpu-worker/models', 'gpu-worker/onnx', 'gpu-worker/runtime', 'src/domain'],
  'gpu-worker/train': [
    'gpu-worker/models',
    'gpu-worker/autodiff',
    'gpu-worker/onnx',
    'gpu-worker/runtime',
    'src/domain',
  ],
  'gpu-worker/flow': ['src/domain'],
  'gpu-worker/tools': ['src/domain'],
  'gpu-worker/tasks': ['src/domain'],
  'gpu-worker/jobs': ['gpu-worker', 'src/domain', 'src/db', 'src/queue'],
  'gpu-worker/main.ts': ['gpu-worker', 'src/domain', 'src/db', 'src/queue', 'src/config.ts'],
  'gpu-worker/training-main.ts': ['gpu-worker', 'src/domain', 'src/db', 'src/queue', 'src/config.ts'],
  starter: ['gpu-worker', 'src/domain'],
  test: ['*'],
  bench: ['*'],
};
const forAll = ['src/errors.ts', 'src/log.ts'];
const environmentReaders = ['src/config.ts'];

function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

const within = (path: string, room: string) => path === room || path.startsWith(`${room}/`);
const roomOf = (path: string): string | undefined =>
  Object.keys(allowed)
    .filter((room) => within(path, room))
    .sort((a, b) => b.length - a.length)[0];

const files = ['src', 'adapters', 'gpu-worker', 'starter', 'test', 'bench'].flatMap(filesUnder);
const importPattern = /(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g;

/** The rule that an import from `file` to `target` breaks, or undefined. */
function violation(file: string, target: string): string | undefined {
  const room = roomOf(file);
  if (room === undefined) return `${file} is in no room of the import table`;
  const may = allowed[room] ?? [];
  if (may.includes('*') || within(target, room) || forAll.includes(target)) return undefined;
  return may.some((other) => within(target, other)) ? undefined : `${file} (${room}) imports ${target}`;
}

describe('import table', () => {
  it('holds for every file', () => {
    expect(files.length).toBeGreaterThan(10);
    const broken = files.flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(importPattern)].flatMap(
        (match) => violation(file, normalize(join(dirname(file), match[1] ?? ''))) ?? [],
      ),
    );
    expect(broken).toEqual([]);
  });

  it('refuses an import against the arrows', () => {
    expect(violation('src/domain/x.ts', 'src/db/y.ts')).toBeDefined();
    expect(violation('gpu-worker/flow/x.ts', 'gpu-worker/engine/y.ts')).toBeDefined();
    expect(violation('src/loop/x.ts', 'src/db/y.ts')).toBeUndefined();
  });

  it('leaves reading the environment to the configuration', () => {
    const readers = files.filter(
      (file) =>
        !within(file, 'test') &&
        !within(file, 'bench') &&
        !environmentReaders.includes(file) &&
        /process\.env\b/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(readers).toEqual([]);
  });
});
