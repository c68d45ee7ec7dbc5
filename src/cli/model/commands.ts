import { type Command, InvalidArgumentError } from 'commander';
import { positiveNumber, wholeNumber } from '../arguments.ts';
import type { GenerateOptions } from './generate.ts';
import type { PullOptions } from './pull.ts';
import type { ScoreOptions } from './score.ts';

/** @throws InvalidArgumentError unless the argument is a number from `least` */
const numberFrom = (least: number, exclusive: boolean) => (text: string) => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < least || (exclusive && value === least))
    throw new InvalidArgumentError(`It must be a number ${exclusive ? 'above' : 'from'} ${least}.`);
  return value;
};

/** `model score`, `model generate` and `model pull`. They need no database. */
export function registerModelCommands(program: Command): void {
  const model = program.command('model').description('run a language model by itself, or download one');

  model
    .command('score')
    .description('print the log-probability of each token, JSON lines in, one line out for each')
    .option('--model <dir>', 'model folder or Hugging Face name (default: FOURSIGHT_MODEL, otherwise the starter)')
    .option('--lora <dir>', 'LoRA weights in PEFT format')
    .requiredOption('--input <file>', 'lines of {"ids": […]} or {"text": …}; - reads standard input')
    .option('--temperature <t>', 'divides the logits', numberFrom(0, true), 1)
    .option('--json', 'print {"ids", "logprobs"}, the log-probabilities of ids[1:]')
    .action(async (options: ScoreOptions) => (await import('./score.ts')).score(options));

  model
    .command('generate')
    .description('continue chats or token ids, JSON lines in, one line out for each')
    .option('--model <dir>', 'model folder or Hugging Face name (default: FOURSIGHT_MODEL, otherwise the starter)')
    .option('--lora <dir>', 'LoRA weights in PEFT format')
    .requiredOption('--input <file>', 'lines of {"messages": […]} or {"ids": […]}; - reads standard input')
    .option('--max-tokens <n>', 'most tokens of an answer', positiveNumber, 256)
    .option('--temperature <t>', '0 is greedy', numberFrom(0, false), 0)
    .option('--seed <s>', 'of the sampling; line n uses s + n', wholeNumber, 0)
    .option('--json', 'print {"promptTokens", "ids", "logprobs", "text", "finishReason"}')
    .addHelpText(
      'after',
      '\nExample:\n  echo \'{"messages": [{"role": "user", "content": "Hello"}]}\' | foursight model generate --model DIR --input -',
    )
    .action(async (options: GenerateOptions) => (await import('./generate.ts')).generate(options));

  model
    .command('pull')
    .description('download a model from Hugging Face (HF_ENDPOINT, HF_TOKEN); an interrupted download is resumed')
    .argument('<name>', 'the repository, e.g. Qwen/Qwen2.5-0.5B-Instruct')
    .option('--revision <r>', 'a branch, tag or commit', 'main')
    .option('--dir <dir>', 'where to put it (default: a folder under FOURSIGHT_HOME)')
    .option('--json', 'print {"dir", "revision", "files", "bytes"}')
    .action(async (name: string, options: PullOptions) => (await import('./pull.ts')).pull(name, options));
}
