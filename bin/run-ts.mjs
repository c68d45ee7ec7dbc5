#!/usr/bin/env node
// run-ts.mjs FILE [ARGUMENT…]: runs a TypeScript file; also the entry of worker threads and child processes.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import './typescript.mjs';

const file = process.argv[2];
if (file === undefined) {
  process.stderr.write('usage: run-ts.mjs FILE [ARGUMENT…]\n');
  process.exit(2);
}
process.argv.splice(1, 2, resolve(file));
await import(pathToFileURL(resolve(file)).href);
