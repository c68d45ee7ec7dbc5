import { describe, expect, it } from 'vitest';
import { type FlowOptions, type FlowResult, runFlow } from '../../gpu-worker/flow/run-flow.ts';
import { tools } from '../../gpu-worker/tools/registry.ts';
import { type Tool, ToolError } from '../../src/domain/tool.ts';
import { type Turn, turnSchema } from '../../src/domain/trajectory.ts';
import { memoryNotes } from '../tools/tool-context.ts';
import { flowOptions, question, scriptedAgents } from './scripted-agents.ts';

async function run(options: FlowOptions): Promise<FlowResult> {
  const result = await runFlow(options);
  if (result === 'lost') throw new Error('lost');
  return result;
}

/** A tool of the test's own beside the real ones. */
function withTool(name: string, work: Tool['run']): ReadonlyMap<string, Tool> {
  const metadata = { name, does: '', inputs: [], output: '', limits: '', bestPractice: '' };
  return new Map([...tools, [name, { metadata, run: work }]]);
}

/** Never settles, whatever the signal says. */
const never = () => new Promise<never>(() => undefined);
const brief = (turn: Turn | undefined) => turn && [turn.tool, turn.command, turn.result, turn.error, turn.verdict];

describe('runFlow', () => {
  it('answers in one turn and records everything about it', async () => {
    const stored: Turn[] = [];
    const agents = scriptedAgents(['calculator: 17 * 23 + 4!']);
    const onTurn = async (turn: Turn) => {
      stored.push(turn);
      return 'stored' as const;
    };
    const result = await run(flowOptions({ agents, onTurn }));
    expect(result).toMatchObject({ answer: '395', stopReason: 'verified' });
    expect(result.turns).toEqual(stored);
    expect(turnSchema.parse(stored[0])).toEqual({
      ...{ turn: 1, subGoal: 'use calculator', tool: 'calculator', command: '17 * 23 + 4', result: '395', error: null },
      ...{ verdict: 'stop', reason: 'the last action succeeded', ms: stored[0]?.ms },
      planner: { promptIds: [1, 2], actionIds: [3, 0], logprobs: [-0.5, 0], temperature: 0.5 },
    });
    expect(result.ms).toBeGreaterThanOrEqual(stored[0]?.ms ?? Number.NaN);
  });

  it('shows the planner what went wrong: unreadable output, an unknown tool, a failing tool, a failing executor', async () => {
    const agents = scriptedAgents(
      ['???', 'wombat: dig', 'calculator: 1 / 0!', 'convert: slot!', 'boom: x!', 'empty: x!', 'calculator: 1 + 1!'],
      {
        execute: async (_, action) => {
          if (action.context === 'slot') throw new ToolError('there is no slot 7');
          return action.context;
        },
      },
    );
    const boom = withTool('boom', async () => {
      throw new TypeError('undefined is not a function');
    });
    const all = new Map([...boom, ...withTool('empty', async () => ({ result: '  ' }))]);
    const result = await run(flowOptions({ agents, tools: all }));
    expect(result).toMatchObject({ answer: '2', stopReason: 'verified' });
    expect(result.turns.map(brief)).toEqual([
      ['', '???', '', 'write tool: command', 'continue'],
      ['wombat', 'dig', '', expect.stringMatching(/^there is no tool "wombat", only calculator, convert/), 'continue'],
      ['calculator', '1 / 0', '', 'division by zero', 'continue'],
      ['convert', 'slot', '', 'there is no slot 7', 'continue'],
      ['boom', 'x', '', 'boom failed: undefined is not a function', 'continue'],
      ['empty', 'x', '', 'empty found nothing', 'continue'],
      ['calculator', '1 + 1', '2', null, 'stop'],
    ]);
    expect(agents.seen.at(-1)?.turns).toEqual(result.turns.slice(0, -1));
    expect(result.turns.map((turn) => turn.turn)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(result.turns.every((turn) => turn.planner !== null)).toBe(true);
  });

  it('says so when the turns are spent', async () => {
    const agents = scriptedAgents(['calculator: 1', 'calculator: 2', 'calculator: 3', 'calculator: 4!']);
    const budgets = { turns: 3, seconds: 60, toolSeconds: 5 };
    expect(await run(flowOptions({ agents, budgets }))).toMatchObject({
      answer: 'I stopped (turns) after 3 turns.',
      stopReason: 'turns',
    });
    expect(agents.seen.map((state) => state.turnsLeft)).toEqual([3, 2, 1]);
  });

  it('says so when the seconds are spent between turns, whatever the real time', async () => {
    let ms = 0;
    const agents = scriptedAgents(['calculator: 1', 'calculator: 2', 'calculator: 3', 'calculator: 4']);
    const plan = agents.plan;
    agents.plan = (state) => {
      ms += 25_000;
      return plan(state);
    };
    const budgets = { turns: 10, seconds: 60, toolSeconds: 5 };
    const result = await run(flowOptions({ agents, budgets, clock: () => ms }));
    expect(result).toMatchObject({ answer: 'I stopped (seconds) after 3 turns.', stopReason: 'seconds', ms: 75_000 });
    expect(result.turns[0]?.ms).toBe(25_000);
  });

  it.each(['plan', 'analyse'] as const)(
    'interrupts %s when the seconds are spent, though it ignores its signal',
    async (agent) => {
      const agents = scriptedAgents([], { [agent]: never });
      const result = await run(flowOptions({ agents, budgets: { turns: 3, seconds: 0.05, toolSeconds: 5 } }));
      expect(result.stopReason).toBe('seconds');
      expect(result.answer).toMatch(/stopped|ran out of time/);
    },
  );

  it('ends a tool that takes too long, and goes on', async () => {
    const agents = scriptedAgents(['sleepy: x', 'calculator: 2 * 3!']);
    const budgets = { turns: 3, seconds: 60, toolSeconds: 0.05 };
    const result = await run(flowOptions({ agents, budgets, tools: withTool('sleepy', never) }));
    expect(result.turns[0]?.error).toBe('sleepy took longer than 0.05 s');
    expect(result.answer).toBe('6');
  });

  it('is cancelled within a tool, and within generation, at once', async () => {
    for (const where of ['tool', 'plan', 'generate'] as const) {
      const cancel = new AbortController();
      const stopped: string[] = [];
      const waiting = (signal: AbortSignal | undefined) =>
        new Promise<never>((_, reject) => {
          signal?.addEventListener('abort', () => {
            stopped.push(where);
            reject(new Error('aborted'));
          });
          queueMicrotask(() => cancel.abort());
        });
      const agents = scriptedAgents(['hang: x!'], {
        ...(where === 'plan' ? { plan: (state) => waiting(state.signal) } : {}),
        ...(where === 'generate' ? { generate: (state) => waiting(state.signal) } : {}),
      });
      const hang = withTool('hang', async (_, { signal }) => (where === 'tool' ? waiting(signal) : { result: 'done' }));
      const result = await run(flowOptions({ agents, tools: hang, signal: cancel.signal }));
      expect(result).toMatchObject({ answer: '', stopReason: 'cancelled' });
      expect(stopped).toEqual([where]);
    }
  });

  it('does nothing when it is cancelled beforehand', async () => {
    const agents = scriptedAgents(['calculator: 1!']);
    expect(await run(flowOptions({ agents, signal: AbortSignal.abort() }))).toMatchObject({
      stopReason: 'cancelled',
      turns: [],
    });
    expect(agents.seen).toEqual([]);
  });

  it('commits a turn before the planner is asked again, and stops when the trajectory is lost', async () => {
    const order: string[] = [];
    const agents = scriptedAgents(['calculator: 1', 'calculator: 2', 'calculator: 3!']);
    const plan = agents.plan;
    agents.plan = (state) => {
      order.push(`plan ${state.turns.length + 1}`);
      return plan(state);
    };
    const onTurn = async (turn: Turn) => {
      await Promise.resolve();
      order.push(`stored ${turn.turn}`);
      return turn.turn === 2 ? ('lost' as const) : ('stored' as const);
    };
    expect(await runFlow(flowOptions({ agents, onTurn }))).toBe('lost');
    expect(order).toEqual(['plan 1', 'stored 1', 'plan 2', 'stored 2']);
  });

  it('goes on from committed turns to the same end, wherever it was interrupted', async () => {
    const text = 'Make 24 from 1, 1, 1 and 13';
    const script = ['combine: 13 - 1', 'combine: 9 + 9', 'combine: 1 + 1', 'combine: 12 * 2!'];
    const asked = { ...question, text };
    const whole = await run(flowOptions({ agents: scriptedAgents(script), question: asked }));
    expect(whole.answer).toBe('24, reached: (13 - 1) * (1 + 1)');
    for (let done = 0; done <= whole.turns.length; done++) {
      const agents = scriptedAgents(script);
      const resumed = await run(flowOptions({ agents, question: { ...asked, turns: whole.turns.slice(0, done) } }));
      expect(resumed.answer).toBe(whole.answer);
      expect(resumed.turns.map(brief)).toEqual(whole.turns.map(brief));
      expect(agents.seen).toHaveLength(whole.turns.length - done);
    }
  });

  it('counts the turns and the seconds of an earlier worker', async () => {
    const first = await run(
      flowOptions({ agents: scriptedAgents(['calculator: 1']), budgets: { turns: 1, seconds: 9, toolSeconds: 1 } }),
    );
    const turns = first.turns.map((turn) => ({ ...turn, ms: 59_000 }));
    const agents = scriptedAgents(['', 'calculator: 2!']);
    const spent = await run(
      flowOptions({ agents, question: { ...question, turns }, budgets: { turns: 9, seconds: 59, toolSeconds: 1 } }),
    );
    expect(spent).toMatchObject({ stopReason: 'seconds', turns: { length: 1 } });
    const more = await run(
      flowOptions({ agents, question: { ...question, turns }, budgets: { turns: 9, seconds: 90, toolSeconds: 1 } }),
    );
    expect(more).toMatchObject({ stopReason: 'verified', answer: '2' });
  });

  it('hands the clock, the zone, the workspace and read-only to the tools', async () => {
    const notes = memoryNotes();
    const agents = scriptedAgents(['dates: today', 'notes: remember the code is 7', 'notes: recall the code!']);
    const options = {
      agents,
      notes,
      question: { ...question, zone: 'Asia/Tokyo' },
      budgets: { turns: 3, seconds: 60, toolSeconds: 5 },
    };
    const rollout = await run(flowOptions({ ...options, readOnly: true }));
    expect(rollout.turns.map((turn) => turn.error ?? turn.result)).toEqual([
      'Tuesday, 24 November 2026',
      'noted',
      'nothing noted about that',
    ]);
    expect((await run(flowOptions(options))).answer).toBe('the code is 7');
    expect(await notes.list('w')).toHaveLength(1);
  });

  it('never gives an empty answer, and lets a failure of generation out', async () => {
    const silent = scriptedAgents(['help: !'], { generate: async () => ' ' });
    expect((await run(flowOptions({ agents: silent }))).answer).toBe('I found no answer to that.');
    const broken = scriptedAgents([], { plan: () => Promise.reject(new Error('the engine is closed')) });
    await expect(runFlow(flowOptions({ agents: broken }))).rejects.toThrow('the engine is closed');
  });

  it('keeps only text that a database takes', async () => {
    const result = await run(flowOptions({ agents: scriptedAgents(['a\u0000b\ud800', 'calculator: 1!']) }));
    expect(result.turns[0]?.command).toBe('ab\ufffd');
  });
});
