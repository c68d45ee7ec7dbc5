import type { Engine } from '../../../gpu-worker/engine/engine.ts';
import { openEngine } from '../../../gpu-worker/engine/open-engine.ts';
import { loadAdapter } from '../../../gpu-worker/models/adapter.ts';
import { modelFolder } from '../../../gpu-worker/models/location.ts';
import type { LoadedModel } from '../../../gpu-worker/models/model.ts';
import { openModel } from '../../../gpu-worker/models/model.ts';
import type { Config } from '../../config.ts';
import { checkTokens } from '../training/tokens.ts';

export interface ModelOptions {
  /** A folder or a repository's name; default: the configured model. */
  readonly model?: string;
  readonly lora?: string;
}

export interface EngineSession {
  readonly model: LoadedModel;
  /** The token ids of each record. */
  readonly prompts: readonly (readonly number[])[];
  readonly engine: Engine;
  /** To be passed with each request: the LoRA weights, or nothing for the base. */
  readonly weights: { readonly weights: string } | Record<string, never>;
}

/** How many records are handed to the engine at once; it batches them itself. */
export const recordsInFlight = 32;

/**
 * Opens the model, its LoRA weights and an engine, as long as the records need it, for as long as `run` takes.
 * @param idsOf the token ids of the file's records; checked before anything is computed
 * @throws ModelError when a folder cannot be used; InputError for tokens that the model does not have or too many of them
 */
export async function withEngine<T>(
  config: Config,
  options: ModelOptions & { readonly input: string; readonly maxTokens?: number },
  idsOf: (model: LoadedModel) => readonly (readonly number[])[],
  run: (session: EngineSession) => Promise<T>,
): Promise<T> {
  const model = await openModel(modelFolder(options.model ?? config.model, config.home));
  const adapter = options.lora === undefined ? undefined : await loadAdapter(options.lora, model.config);
  const prompts = idsOf(model);
  prompts.forEach((ids, index) => {
    checkTokens(ids, model, `${options.input}, record ${index + 1}`);
  });
  const longest = prompts.reduce((most, { length }) => Math.max(most, length), 0);
  const { threads } = config.worker;
  const engine = await openEngine({
    model,
    maxLength: longest + (options.maxTokens ?? 0),
    ...(threads === null ? {} : { threads }),
  });
  try {
    if (adapter !== undefined)
      await engine.load('lora', { kind: 'lora', tensors: adapter.tensors, scale: adapter.scale });
    return await run({ model, engine, prompts, weights: adapter === undefined ? {} : { weights: 'lora' } });
  } finally {
    await engine.close();
  }
}
