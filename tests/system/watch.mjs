// SPDX-License-Identifier: Apache-2.0
// Watches a running tidemark with its children: who they are, and how much memory the programs hold together, sampled.
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { exited, start } from './house.mjs';

const read = (file) => { try { return readFileSync(file, 'utf8'); } catch { return ''; } };
const kib = (text, name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);

export function childrenOf(pid) {
  let threads = [];
  try { threads = readdirSync(`/proc/${pid}/task`); } catch { /* ended meanwhile */ }
  return threads.flatMap((thread) => read(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number));
}

/** A process and all below it, by their ids. */
export const family = (pid) => [pid, ...childrenOf(pid).flatMap(family)];

export const nameOf = (pid) => read(`/proc/${pid}/comm`).trim();

/** What it has used so far, in user and in system mode; clock ticks are hundredths of a second. */
export function processorSeconds(pid) {
  const [user, system] = read(`/proc/${pid}/stat`).replace(/^.*\) /s, '').split(' ').slice(11, 13).map(Number);
  return ((user || 0) + (system || 0)) / 100;
}

export const isAlive = (pid) => /^\d+ \(.*\) [^ZX]/s.test(read(`/proc/${pid}/stat`));

/** Proportional where the system tells it, so that what programs share counts once. */
const memory = (pid) => kib(read(`/proc/${pid}/smaps_rollup`), 'Pss') || kib(read(`/proc/${pid}/status`), 'VmRSS');

/** Runs tidemark; returns {code, out, err, seconds, processor, megabytes, own, largest, pids}: processor time of all its
 *  programs in seconds, the peak of their memory together, that of tidemark alone, that of the largest of them, and who they
 *  were. */
export async function watched(args, options) {
  const child = start(args, options), began = Date.now(), pids = new Set(), used = new Map();
  const text = { out: '', err: '' };
  child.stdout.on('data', (piece) => { text.out += piece; });
  child.stderr.on('data', (piece) => { text.err += piece; });
  let peak = 0, own = 0, largest = 0, timer;
  const look = () => {
    const before = performance.now();
    const programs = family(child.pid);
    programs.forEach((pid) => pids.add(pid));
    programs.forEach((pid) => used.set(pid, Math.max(used.get(pid) ?? 0, processorSeconds(pid))));
    own = Math.max(own, kib(read(`/proc/${child.pid}/status`), 'VmHWM'));
    const taken = programs.map(memory);
    peak = Math.max(peak, taken.reduce((sum, one) => sum + one, 0));
    largest = Math.max(largest, ...taken);
    /* It takes a tenth of our own time at most, however many programs there are. */
    timer = setTimeout(look, Math.max(50, 10 * (performance.now() - before)));
  };
  timer = setTimeout(look, 50);
  const closed = once(child, 'close');
  const code = await exited(child);
  clearTimeout(timer);
  await closed;
  const processor = [...used.values()].reduce((sum, seconds) => sum + seconds, 0);
  return { code, ...text, seconds: (Date.now() - began) / 1000, processor, megabytes: Math.round(peak / 1024),
    own: Math.round(own / 1024), largest: Math.round(largest / 1024), pids: [...pids] };
}
