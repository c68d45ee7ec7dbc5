import { baseModelLabel } from '../../../gpu-worker/models/base-model.ts';
import type { PolicyDetail } from '../../domain/policy.ts';
import type { RunDetail } from '../../domain/training.ts';
import { gateRows } from './gate-rows.ts';

const number = (value: number): string => value.toFixed(3);

/**
 * The README.md of an exported version. It holds figures only, nothing of the questions that were trained on.
 * @param baseModel the base's name, as `baseModelName` gives it
 */
export function modelCard(policy: PolicyDetail, run: RunDetail | undefined, baseModel: string): string {
  const { version, kind, gate, gateReport } = policy;
  const label = baseModelLabel(baseModel);
  return [
    '---',
    `base_model: ${JSON.stringify(label)}`,
    ...(kind === 'base' ? [] : [`base_model_relation: ${kind === 'lora' ? 'adapter' : 'finetune'}`]),
    `library_name: ${kind === 'lora' ? 'peft' : 'transformers'}`,
    'pipeline_tag: text-generation',
    'tags: [foursight, planner, flow-grpo]',
    '---',
    '',
    `# Foursight planner, policy version ${version}`,
    '',
    kind === 'base'
      ? `The base model ${label} as it was, without training of a workspace's own.`
      : `${kind === 'lora' ? 'LoRA weights for' : 'All weights, trained from'} ${label} (${baseModel}), float32, made ${policy.createdAt}${
          policy.parent === null ? '' : ` from policy version ${policy.parent}`
        }.`,
    'It chooses the next sub-goal and tool in the flow of four agents, and was trained for nothing else.',
    '',
    ...(run === undefined ? [] : ['## Trained on', '', ...trainedOn(run).map((line) => `- ${line}`), '']),
    ...(kind === 'base' ? [] : ['## Gate', '', ...gateLines(gate, gateReport), '']),
    '## Use',
    '',
    ...use(policy, label),
    '',
  ].join('\n');
}

function trainedOn({ kind, settings, steps, report }: RunDetail): string[] {
  const { rated, rewardBefore, rewardAfter } = report;
  const { task, items } = settings;
  return [
    kind === 'retrain' ? "people's votes on answers (`retrain`)" : 'questions with a checker (`practice`)',
    ...(typeof task === 'string' ? [`generated questions of the kind \`${task}\``] : []),
    ...(typeof items === 'number' && items > 0 ? [`${items} questions of a file`] : []),
    ...(rated === undefined
      ? []
      : [
          `${rated.votes} votes (${rated.up} up, ${rated.down} down) of ${rated.people} people on ${rated.answers} answers`,
        ]),
    `${steps} steps of Flow-GRPO (arXiv 2510.05592)`,
    ...(rewardBefore === undefined || rewardAfter === undefined
      ? []
      : [`mean reward ${number(rewardBefore)} in the first step, ${number(rewardAfter)} in the last`]),
  ];
}

function gateLines(gate: PolicyDetail['gate'], report: PolicyDetail['gateReport']): string[] {
  if (report === null) return [gate === 'none' ? 'It has not been through its gate.' : `The gate: ${gate}.`];
  const [header = [], ...rows] = gateRows(report);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `${report.passed ? 'Passed' : 'Refused'}: paired, greedy, on fresh generated questions of every kind.`,
    ...report.reasons.map((reason) => `\n${reason}`),
    '',
    line(header),
    line(header.map(() => '---')),
    ...rows.map(line),
  ];
}

function use({ kind }: PolicyDetail, label: string): string[] {
  if (kind === 'lora')
    return [
      '```python',
      'from peft import PeftModel',
      'from transformers import AutoModelForCausalLM',
      '',
      `base = AutoModelForCausalLM.from_pretrained(${JSON.stringify(label)})`,
      'model = PeftModel.from_pretrained(base, ".")',
      '```',
      '',
      'With Foursight: `foursight model generate --model BASE --lora . --input FILE`.',
    ];
  return [
    '```sh',
    'FOURSIGHT_MODEL=. foursight ask "What is 17 * 23 + 4?"',
    '```',
    '',
    'It is a folder in Hugging Face format: `AutoModelForCausalLM.from_pretrained(".")` loads it as well.',
  ];
}
