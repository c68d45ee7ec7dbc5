// Entry of worker threads: lets Node 20 import TypeScript, then serves the program named in workerData.
import '../../bin/typescript.mjs';

const { serveProgram } = await import('./serve-program.ts');
await serveProgram();
