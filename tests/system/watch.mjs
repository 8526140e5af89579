// SPDX-License-Identifier: Apache-2.0
// Watches a running tidemark with its children: how much memory the programs hold together, sampled.
import { readFileSync, readdirSync } from 'node:fs';
import { exited, start } from './house.mjs';

const read = (file) => { try { return readFileSync(file, 'utf8'); } catch { return ''; } };
const kib = (text, name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);

function family(pid) {
  let threads = [];
  try { threads = readdirSync(`/proc/${pid}/task`); } catch { /* ended meanwhile */ }
  const children = threads.flatMap((thread) => read(`/proc/${pid}/task/${thread}/children`).trim().split(' ').filter(Boolean));
  return [String(pid), ...children.flatMap(family)];
}

/** Proportional where the system tells it, so that what programs share counts once. */
const memory = (pid) => kib(read(`/proc/${pid}/smaps_rollup`), 'Pss') || kib(read(`/proc/${pid}/status`), 'VmRSS');

/** Runs tidemark; returns {code, out, err, seconds, megabytes}: the peak of all its programs together. */
export async function watched(args, options) {
  const began = Date.now();
  const child = start(args, options);
  const text = { out: '', err: '' };
  child.stdout.on('data', (piece) => { text.out += piece; });
  child.stderr.on('data', (piece) => { text.err += piece; });
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, family(child.pid).reduce((sum, pid) => sum + memory(pid), 0));
  }, 100);
  const closed = new Promise((resolve) => child.on('close', resolve));
  const code = await exited(child);
  clearInterval(timer);
  await closed;
  return { code, ...text, seconds: (Date.now() - began) / 1000, megabytes: Math.round(peak / 1024) };
}
