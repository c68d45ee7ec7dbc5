import type { ModelConfig } from '../models/config.ts';
import { type ServeOptions, serveGraph } from '../models/decoder-serve.ts';
import { type LoraModule, loraModules, loraShapes, storedWeights } from '../models/decoder-weights.ts';
import type { StoredTensor } from '../models/safetensors.ts';
import { encode } from '../onnx/encode.ts';
import { openSession, type Session, type Tensors, tensor } from '../runtime/session.ts';
import type { WeightSet } from './engine.ts';

/** What the decoder's sessions are made of. Plain data: it crosses into the thread. */
export interface DecoderSource {
  readonly config: ModelConfig;
  /** Folder of the checkpoint; its files lie in it. */
  readonly dir: string;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly maxLength: number;
  readonly threads: number;
}

/** The decoder with one set of weights. */
export type Decoder = (feeds: Tensors) => Promise<Tensors>;

export interface DecoderSessions {
  readonly base: Decoder;
  with(weights: WeightSet): Promise<Decoder>;
  close(): Promise<void>;
}

/**
 * Sessions of the serving graph, opened when first needed. The base's weights are part of its graph, which lets ONNX
 * Runtime arrange them for its kernels beforehand (a third faster at these sizes than weights as inputs); they are read
 * straight from the checkpoint's files. All full sets share one session, all LoRA sets of the same modules another.
 */
export async function openDecoderSessions(source: DecoderSource): Promise<DecoderSessions> {
  const sessions = new Map<string, Promise<Session>>();
  const sessionOf = (kind: string, options: Omit<ServeOptions, 'maxLength'>): Promise<Session> => {
    const opened = sessions.get(kind) ?? openServeSession(source, options);
    sessions.set(kind, opened);
    // What failed for want of memory may succeed another time.
    opened.catch(() => sessions.delete(kind));
    return opened;
  };
  const stored = storedWeights(source.tensors);
  const base = await sessionOf('base', { weights: stored });

  return {
    base: (feeds) => base.run(feeds),
    async with({ kind, tensors, scale = 1 }) {
      if (kind === 'full') {
        const session = await sessionOf('full', { weights: 'inputs' });
        const weights = feedsOf(tensors);
        return (feeds) => session.run({ ...weights, ...feeds });
      }
      const modules = loraModules.filter((module) => [...tensors.keys()].some((name) => name.includes(`.${module}.`)));
      const session = await sessionOf(`lora ${modules.join()}`, {
        weights: stored,
        lora: { rank: 'rank', modules },
      });
      const weights: Tensors = {
        ...feedsOf(withEveryLayer(source.config, modules, tensors)),
        lora_scale: tensor('float32', Float32Array.of(scale), []),
      };
      return (feeds) => session.run({ ...weights, ...feeds });
    },
    async close() {
      for (const session of sessions.values()) await (await session).close();
    },
  };
}

/** Shapes change from run to run, so a plan of memory by shapes would only grow. */
const openServeSession = (
  { config, dir, maxLength, threads }: DecoderSource,
  options: Omit<ServeOptions, 'maxLength'>,
): Promise<Session> =>
  openSession(encode(serveGraph(config, { ...options, maxLength })), { threads, memoryPattern: false, folder: dir });

const feedsOf = (tensors: WeightSet['tensors']): Tensors =>
  Object.fromEntries([...tensors].map(([name, { dims, data }]) => [name, tensor('float32', data, dims)]));

/** LoRA that leaves some layers out (PEFT's `layers_to_transform`) has matrices of zeros there. */
function withEveryLayer(
  config: ModelConfig,
  modules: readonly LoraModule[],
  tensors: WeightSet['tensors'],
): WeightSet['tensors'] {
  const rank = loraRank(tensors);
  return new Map(
    [...loraShapes(config, rank, modules)].map(([name, dims]) => [
      name,
      tensors.get(name) ?? { dims, data: new Float32Array(dims.reduce((a, b) => a * b, 1)) },
    ]),
  );
}

/** r: the rows of any A. */
export const loraRank = (tensors: WeightSet['tensors']): number =>
  [...tensors].find(([name]) => name.includes('.lora_A.'))?.[1].dims[0] ?? 0;
