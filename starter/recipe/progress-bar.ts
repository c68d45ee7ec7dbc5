/** Writes `label [####    ] 42 % · loss 0.123 · 3 min left` on standard error: over itself on a terminal, every twentieth otherwise. */
export function createProgressBar(label: string, total: number, stream: NodeJS.WriteStream = process.stderr) {
  const started = performance.now();
  let lastShare = -1;
  let lastTime = 0;
  return {
    update(done: number, note = ''): void {
      const share = done / total;
      const now = performance.now();
      const due = stream.isTTY ? now - lastTime > 200 || done >= total : Math.floor(share * 20) > lastShare;
      if (!due) return;
      lastTime = now;
      lastShare = Math.floor(share * 20);
      const left = done === 0 ? Number.NaN : ((now - started) / done) * (total - done);
      const filled = '#'.repeat(Math.round(share * 24)).padEnd(24);
      const line = `${label} [${filled}] ${(share * 100).toFixed(0).padStart(3)} %${note === '' ? '' : ` · ${note}`} · ${timeLeft(left)}`;
      stream.write(stream.isTTY ? `\r\u001b[2K${line}${done >= total ? '\n' : ''}` : `${line}\n`);
    },
  };
}

function timeLeft(ms: number): string {
  if (!Number.isFinite(ms)) return 'time left unknown';
  return ms < 90_000 ? `${Math.round(ms / 1_000)} s left` : `${Math.round(ms / 60_000)} min left`;
}
