import { beforeEach, describe, expect, it } from 'vitest';
import { useOffice } from './office.ts';

const office = useOffice();
const POST = 'POST /channels/:channel/messages';
const PATCH = 'PATCH /channels/:channel/messages/:message';

describe('posting in Discord', { timeout: 60_000 }, () => {
  beforeEach(async () => {
    await office.openAdapter();
  });

  it('posts once what Discord took and said it had not', async () => {
    const { discord, worker } = office;
    const long = Array.from({ length: 300 }, (_, line) => `line ${line}`).join('\n\n');
    worker.answerWith(() => long);
    discord.failNext(POST, { status: 502, afterwards: true });
    discord.failNext(PATCH, { status: 500, afterwards: true });
    const question = office.ask('once?');
    await office.said(question, 'line 299');
    await office.idle();
    const texts = office.sayings(question).map(discord.textOf);
    expect(texts.filter((text) => text.includes('line 0\n'))).toHaveLength(1);
    expect(texts.filter((text) => text.includes('line 299'))).toHaveLength(1);
    expect(texts.join('\n')).not.toContain('⏳');
  });

  it('finds after a restart what was posted before it, and posts the rest', async () => {
    const { discord, worker, store } = office;
    const long = Array.from({ length: 300 }, (_, line) => `line ${line}`).join('\n\n');
    worker.answerWith(() => long);
    await office.closeAdapter();
    const adapter = await office.openAdapter({
      desk: {
        ...store.desk,
        // As after a kill: parts are posted and nobody notes them.
        posted: async (where, post) => {
          if (post.kind === 'answer') throw new Error('lost');
          await store.desk.posted(where, post);
        },
      },
    });
    const question = office.ask('half?');
    await office.said(question, 'line 0');
    await adapter.close();
    office.adapter = undefined;
    await office.openAdapter();
    await office.said(question, 'line 299');
    await office.idle();
    const whole = office.sayings(question).map(discord.textOf);
    for (const line of ['line 0\n', 'line 150\n', 'line 299'])
      expect(whole.filter((text) => text.includes(line))).toHaveLength(1);
  });

  it('answers directly where the place takes nothing any more', async () => {
    const { discord, worker, ann } = office;
    worker.rest();
    const question = office.ask('and then?');
    await discord.waitFor(() => question.thread !== undefined, 'a thread');
    if (question.thread === undefined) throw new Error('no thread');
    discord.lock(question.thread);
    discord.archive(question.thread);
    worker.letGo();
    const direct = discord.directMessages(ann);
    await discord.waitFor(
      () => discord.saidIn(direct).find((message) => discord.textOf(message).includes('answer to and then?')),
      'a direct answer',
      20_000,
    );
    expect(discord.textOf(discord.saidIn(direct)[0] as never)).toContain('where I cannot answer');
  });

  it('answers everything in order under faults', async () => {
    const { discord, ann } = office;
    discord.setFaults({ rateLimited: 0.1, errorAfter: 0.05, duplicateEvery: 5, dropSocketEvery: 40 });
    const first = office.ask('number 0');
    await office.said(first, 'answer to number 0');
    const { thread } = first;
    if (thread === undefined) throw new Error('no thread');
    const questions = [];
    for (let number = 1; number <= 8; number += 1) questions.push(discord.say(thread, ann, `number ${number}`));
    for (const [at, question] of questions.entries()) await office.said(question, `answer to number ${at + 1}`);
    discord.setFaults({});
    await office.idle();
    const told = discord
      .saidIn(thread)
      .map(discord.textOf)
      .flatMap((text) => /answer to number (\d)/.exec(text)?.[1] ?? []);
    expect(told).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8']);
  });
});
