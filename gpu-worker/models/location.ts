import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ModelError } from './model-error.ts';

/** A Hugging Face repository: `owner/name`. */
export const isRepositoryName = (text: string): boolean => /^[A-Za-z0-9][\w.-]*\/[\w.-]*\w[\w.-]*$/.test(text);

/** Where `foursight model pull` puts a repository. */
export const pulledFolder = (home: string, name: string): string => join(home, 'models', name.replace('/', '--'));

/**
 * The folder that a model option means: a folder, or the name of a repository that has been pulled.
 * @param home the instance's folder, `Config.home`
 * @throws ModelError when there is neither
 */
export function modelFolder(model: string, home: string): string {
  const folder = resolve(model);
  if (existsSync(folder)) return folder;
  if (isRepositoryName(model)) {
    const pulled = pulledFolder(home, model);
    if (existsSync(pulled)) return pulled;
    throw new ModelError(
      'MODEL_NOT_PULLED',
      `${model} is neither a folder nor downloaded`,
      `Run \`foursight model pull ${model}\`.`,
    );
  }
  throw new ModelError(
    'MODEL_FOLDER_MISSING',
    `there is no folder ${folder}`,
    'Give a folder in Hugging Face format, or the name of a repository such as Qwen/Qwen2.5-0.5B-Instruct.',
  );
}
