#!/usr/bin/env node
import './typescript.mjs';

const { runCli } = await import('../src/cli/cli.ts');
await runCli(process.argv.slice(2));
