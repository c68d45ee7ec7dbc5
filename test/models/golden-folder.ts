import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const goldens = fileURLToPath(new URL('../goldens/', import.meta.url));

export const goldenFolder = (name: string): string => join(goldens, name);
export const goldenModels = ['qwen2-tied', 'qwen3', 'llama3'] as const;

export interface GoldenModel {
  readonly sequences: readonly (readonly number[])[];
  readonly generate: readonly {
    readonly messages: readonly { readonly role: string }[];
    readonly prompt_ids: readonly number[];
    readonly ids: readonly number[];
    readonly text: string;
    readonly finish: string;
  }[];
  readonly sft: {
    readonly batch: readonly { readonly ids: number[]; readonly mask: number[] }[];
    readonly losses: readonly number[];
    readonly grad_norms: readonly number[];
  };
  readonly flow_grpo: readonly {
    readonly name: string;
    readonly loss: number;
    readonly grad_norm: number;
    readonly metrics: Readonly<Record<string, number>>;
  }[];
}

export const goldenOf = (model: string): GoldenModel =>
  JSON.parse(readFileSync(join(goldens, 'models', model, 'golden.json'), 'utf8'));

/** An empty folder that goes away after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'foursight-models-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A copy of a golden model folder that a test may damage. */
export async function copyOf(model: string): Promise<string> {
  const folder = join(await temporaryFolder(), model);
  await cp(goldenFolder(join('models', model)), folder, { recursive: true });
  return folder;
}
