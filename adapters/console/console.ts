import { randomInt, randomUUID } from 'node:crypto';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { ChatDesk } from '../../src/domain/chat.ts';
import type { ChatAdapter, Loop } from '../../src/domain/ports.ts';
import { FoursightError, messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import { runMarkdown } from '../delivery/admin-text.ts';
import { commandResult } from '../delivery/command-result.ts';
import { plainText } from '../delivery/progress-text.ts';
import { type ConsoleCommand, parseLine } from './command.ts';
import { ProgressView } from './progress-view.ts';
import { createTerminal, type Terminal } from './terminal.ts';

export interface ConsoleOptions {
  readonly loop: Loop;
  readonly desk: Pick<ChatDesk, 'workspaceId' | 'undeliverable'>;
  readonly input: Readable;
  readonly output: Writable & { readonly isTTY?: boolean };
  /** The platform's name of the workspace. */
  readonly workspace: string;
  readonly person: { readonly key: string; readonly name: string };
  readonly log: Log;
  /** The person wants to leave: `/quit`, or Ctrl-C at the prompt. */
  readonly onQuit: () => void;
}

const PLATFORM = 'console';
const PROMPT = 'you › ';
const HELP = `Ask anything; a follow-up continues the conversation.
  +, /up [reason]     the last answer was right
  -, /down [reason]   the last answer was wrong
  /clear              take the vote back
  /new                start another conversation
  /status, /report    whether all is well; what the last training brought
  /retrain [dry-run]  learn from the votes; dry-run says what from
  /policy list        the versions that were trained; also: show N, promote N, rollback
  /quit               leave`;

/** The terminal as a chat platform: one person, one conversation at a time. The end of its input ends only the console. */
export class ConsoleAdapter implements ChatAdapter {
  readonly name = PLATFORM;
  readonly #options: ConsoleOptions;
  readonly #terminal: Terminal;
  readonly #closing = new AbortController();
  #lines: Interface | undefined;
  #working: Promise<void> = Promise.resolve();
  #conversation: string = randomUUID();
  #questionId: string | undefined;
  #answerId: string | undefined;
  /** The training that was asked for here last, or was in its way. */
  #runId: string | undefined;
  #hinted = false;

  constructor(options: ConsoleOptions) {
    this.#options = options;
    this.#terminal = createTerminal(options.output);
  }

  async start(): Promise<void> {
    const { input, output } = this.#options;
    const { isTty } = this.#terminal;
    const lines = createInterface({ input, ...(isTty && { output }), terminal: isTty, prompt: PROMPT });
    this.#lines = lines;
    // A terminal that was closed can no longer be read: its input is over, and nothing else. The interface passes on the
    // stream's errors while it is open; closing it is one of their causes.
    for (const emitter of [lines, input]) emitter.on('error', () => undefined);
    lines.on('SIGINT', () => this.#interrupt());
    lines.on('line', (line) => {
      this.#working = this.#working.then(() => this.#handle(line)).then(() => this.#prompt());
    });
    this.#prompt();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#lines?.close();
    await this.#working;
  }

  #prompt(): void {
    if (this.#closing.signal.aborted) return;
    if (this.#terminal.isTty) this.#lines?.prompt();
  }

  #interrupt(): void {
    if (this.#questionId === undefined) this.#options.onQuit();
    else this.#options.loop.cancel(this.#questionId).catch((error) => this.#report(error));
  }

  async #handle(line: string): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const command = parseLine(line);
    if (!this.#terminal.isTty && command.type !== 'nothing') this.#terminal.line(`${PROMPT}${line.trim()}`);
    try {
      if (command.type === 'question') await this.#ask(command.text);
      else if (command.type === 'vote') await this.#vote(command.vote, command.reason);
      else if (command.type === 'command') await this.#command(command.command);
      else if (command.type === 'help') this.#terminal.line(HELP);
      else if (command.type === 'quit') this.#options.onQuit();
      else if (command.type === 'unknown')
        this.#terminal.line(`There is no ${command.word}; /help lists what there is.`);
      else if (command.type === 'new') {
        this.#conversation = randomUUID();
        this.#terminal.line(this.#terminal.dim('Another conversation.'));
      }
    } catch (error) {
      this.#report(error);
    }
  }

  async #ask(text: string): Promise<void> {
    const { loop, workspace, person } = this.#options;
    const view = new ProgressView(this.#terminal);
    try {
      const conversation = this.#conversation;
      const asked = { platform: PLATFORM, workspace, conversation, person, key: randomUUID(), text };
      const { questionId } = await loop.ask(asked);
      this.#questionId = questionId;
      for await (const progress of loop.watch(questionId, { signal: this.#closing.signal })) {
        if (progress.type === 'answered') this.#answerId = progress.answer.answerId;
        if (progress.type === 'queued' || progress.type === 'started' || progress.type === 'turn') view.show(progress);
        else view.showEnd(progress);
      }
      this.#hint();
    } finally {
      this.#questionId = undefined;
      view.close();
    }
  }

  #hint(): void {
    if (this.#hinted || this.#answerId === undefined) return;
    this.#hinted = true;
    this.#terminal.line(this.#terminal.dim('Was that right? Rate it with + or -   (/help shows more)'));
  }

  async #vote(vote: 'up' | 'down' | 'clear', reason: string | null): Promise<void> {
    if (this.#answerId === undefined) return this.#terminal.line('There is no answer to rate yet.');
    const { loop, person } = this.#options;
    const receipt = await loop.rate({ answerId: this.#answerId, platform: PLATFORM, person, vote, reason });
    const thanks = { up: 'Noted: 👍', down: 'Noted: 👎', clear: 'Your vote is taken back.' }[vote];
    this.#terminal.line(this.#terminal.dim(receipt.changed ? thanks : 'That vote stands already.'));
  }

  /** Whoever sits at the machine is an admin of what it runs. */
  async #command(command: Extract<ConsoleCommand, { type: 'command' }>['command']): Promise<void> {
    const { loop, desk, workspace, person } = this.#options;
    if (command.type === 'retrain' && !command.isDryRun) {
      const workspaceId = await desk.workspaceId(PLATFORM, workspace);
      const { runId, started } = await loop.retrain(workspaceId, { by: 'admin', seed: randomInt(2 ** 31) });
      this.#runId = runId;
      const told = started ? 'Training has begun.' : 'A training is going on already.';
      return this.#terminal.line(this.#terminal.dim(`${told} /report tells how it goes.`));
    }
    if (command.type === 'wrong') return this.#terminal.line(`${command.why} /help lists what there is.`);
    if (command.type === 'report' && this.#runId !== undefined)
      return this.#markdown(runMarkdown(await loop.run(this.#runId)));
    const isAdmin = async () => true;
    const words = { typed: (given: string) => `/${given}`, asking: 'ask' };
    const by = { platform: PLATFORM, workspace, person, isAdmin, platformName: 'the console', words };
    this.#markdown(await commandResult(command, by, { loop, desk }));
  }

  /** As it is read in a terminal: without marks for bold and escapes. */
  #markdown(text: string): void {
    this.#terminal.line(plainText(text.replaceAll('**', '').replaceAll(/\\([\p{P}\p{S}])/gu, '$1')));
  }

  #report(error: unknown): void {
    if (this.#closing.signal.aborted) return;
    this.#terminal.line(this.#terminal.red(`error: ${messageOf(error)}`));
    if (error instanceof FoursightError) this.#terminal.line(`remedy: ${error.remedy}`);
    else this.#options.log.error({ err: error }, 'console failed');
  }
}
