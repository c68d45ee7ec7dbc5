import { resolve } from 'node:path';
import { isRepositoryName, pulledFolder } from '../../../gpu-worker/models/location.ts';
import { readConfig } from '../../config.ts';
import { InputError } from '../../errors.ts';
import { writeJson, writeLine } from '../output.ts';
import { ProgressBar } from '../progress-bar.ts';
import { downloadFile } from './download.ts';
import { describeFile, listFiles } from './hub.ts';

export interface PullOptions {
  readonly revision: string;
  readonly dir?: string;
  readonly json?: true;
}

/** `model pull`: the files of a repository that `openModel` reads, each checked against the hub's hash. */
export async function pull(name: string, options: PullOptions): Promise<void> {
  if (!isRepositoryName(name))
    throw new InputError(
      'REPOSITORY_NAME_INVALID',
      `${JSON.stringify(name)} is no repository's name`,
      'Write it like Qwen/Qwen2.5-0.5B-Instruct.',
    );
  const config = readConfig();
  const dir = options.dir === undefined ? pulledFolder(config.home, name) : resolve(options.dir);
  const hub = { ...config.huggingFace, name, revision: options.revision };
  const { commit, files } = await listFiles(hub);
  const pinned = { ...hub, revision: commit };
  const described = await Promise.all(files.map((file) => describeFile(pinned, file)));
  const bytes = described.reduce((sum, { size }) => sum + size, 0);
  const bar = new ProgressBar(name, bytes);
  // The configuration comes last: a folder that has it is complete.
  const last = (file: string) => (file === 'config.json' ? 1 : 0);
  for (const file of described.sort((a, b) => last(a.name) - last(b.name)))
    await downloadFile(pinned, file, dir, (count) => bar.advance(count, file.name));
  bar.close();
  if (options.json) writeJson({ dir, revision: commit, files: files.length, bytes });
  else writeLine(`${name} at ${commit.slice(0, 12)}: ${files.length} files, ${bytes} bytes in ${dir}`);
}
