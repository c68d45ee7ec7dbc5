import { moving } from '../runtime/message.ts';
import { RuntimeError } from '../runtime/runtime-error.ts';
import { type Decoder, type DecoderSource, openDecoderSessions } from './decoder-sessions.ts';
import type { Generation, WeightSet } from './engine.ts';
import { Lane, type LaneLimits, type SequenceRequest } from './lane.ts';

export interface DecodeStart extends DecoderSource, LaneLimits {}

export interface GenerateCall extends SequenceRequest {
  /** Names the request for `abort`. */
  readonly id: number;
  readonly weights: string;
}

export interface ScoreCall {
  readonly ids: readonly number[];
  readonly temperature: number;
  readonly weights: string;
}

/** The name of the weights that the model was opened with. */
export const baseWeights = 'base';

export type DecodeProgram = Awaited<ReturnType<typeof open>>;

/** The engine's side of the thread: one lane for each set of weights, served in turns while there is work. */
export async function open(start: DecodeStart) {
  const sessions = await openDecoderSessions(start);
  const decoders = new Map<string, Decoder>([[baseWeights, sessions.base]]);
  const lanes = new Map<Decoder, Lane>();
  const aborts = new Map<number, () => void>();
  let running = false;

  const laneOf = (weights: string): Lane => {
    const decoder = decoders.get(weights);
    if (decoder === undefined)
      throw new RuntimeError('WEIGHTS_UNKNOWN', `no weights are loaded as ${weights}`, 'Load them first.');
    const lane = lanes.get(decoder) ?? new Lane(decoder, start);
    lanes.set(decoder, lane);
    return lane;
  };
  const work = async () => {
    if (running) return;
    running = true;
    const busy = () => [...lanes.values()].filter((lane) => lane.busy);
    for (let lanesNow = busy(); lanesNow.length > 0; lanesNow = busy()) for (const lane of lanesNow) await lane.turn();
    running = false;
    dropUnused();
  };
  /** Replaced and unloaded weights go when their last request has been served. */
  const dropUnused = () => {
    const used = new Set(decoders.values());
    for (const [decoder, lane] of lanes) if (!used.has(decoder) && !lane.busy) lanes.delete(decoder);
  };

  return {
    generate({ id, weights, ...request }: GenerateCall): Promise<Generation> {
      const lane = laneOf(weights);
      return new Promise<Generation>((finish, fail) => {
        const sequence = { ...request, aborted: false, finish, fail };
        aborts.set(id, () => {
          sequence.aborted = true;
          fail(new RuntimeError('ABORTED', 'the request was aborted', 'Ask again.'));
        });
        lane.add(sequence);
        void work();
      }).finally(() => aborts.delete(id));
    },
    abort(id: number): void {
      aborts.get(id)?.();
    },
    async score({ weights, ids, temperature }: ScoreCall): Promise<Float32Array<ArrayBuffer>> {
      const lane = laneOf(weights);
      const logprobs = await new Promise<Float32Array<ArrayBuffer>>((finish, fail) => {
        lane.scores.add({ ids, temperature, finish, fail });
        void work();
      });
      return moving(logprobs, [logprobs.buffer]);
    },
    async load({ name, weights }: { name: string; weights: WeightSet }): Promise<void> {
      decoders.set(name, await sessions.with(weights));
      dropUnused();
    },
    unload(name: string): void {
      decoders.delete(name);
      dropUnused();
    },
    close: () => sessions.close(),
  };
}
