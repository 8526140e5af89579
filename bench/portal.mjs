// SPDX-License-Identifier: Apache-2.0
// script/bench portal [REQUESTS [CONNECTIONS [PATH]]]: requests to tidemark serve on loopback, one after the other on each connection
// 10,000 over 200 unless given, of /healthz: what the doors cost, whatever answers behind them. Meanwhile there are 500 connections
// that never end their head, and requests that are none. Prints times from sending to the last byte, errors, and memory.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tidemark } from './measure.mjs';

const [requests, connections] = [Number(process.argv[2] ?? 10000), Number(process.argv[3] ?? 200)], target = process.argv[4] ?? '/healthz';
const folder = mkdtempSync(path.join(tmpdir(), 'tidemark-bench-'));
const child = spawn(tidemark, ['serve', '--catalog', path.join(folder, 'catalog'), '--listen', '127.0.0.1:0', '--operator-listen', '127.0.0.1:0', '--format', 'json',
  '--requests-per-minute', '10000000', '--connections-per-address', '4096'], { stdio: ['ignore', 'pipe', 'ignore'] });
const resident = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8'), parent = Number(/^PPid:\s+(\d+)/m.exec(status)[1]);
    if (Number(pid) !== child.pid && parent !== child.pid) return [];
    return [[/^Name:\s+(\S+)/m.exec(status)[1], Number(/^VmRSS:\s+(\d+)/m.exec(status)[1]) * 1024]];
  } catch { return []; }
});
const tell = (what) => console.log(`${what}: ${resident().map(([name, bytes]) => `${name} ${(bytes / 1e6).toFixed(1)} MB`).join(', ')}`);
const connect = (port) => { const socket = net.connect(port, '127.0.0.1'); socket.setNoDelay(true); socket.on('error', () => {}); return socket; };

/* On one connection until there are no more to send; resolves then. */
function ask(port, words, state, done) {
  const socket = connect(port);
  let text = '', began = 0n;
  const next = () => {
    if (state.left === 0) { socket.destroy(); done(); return; }
    state.left--;
    text = '';
    began = process.hrtime.bigint();
    socket.write(words);
  };
  socket.on('data', (piece) => {
    text += piece.toString('latin1');
    const end = text.indexOf('\r\n\r\n'), length = Number(/^content-length: (\d+)/im.exec(text)?.[1] ?? NaN);
    if (!(end >= 0 && text.length >= end + 4 + length)) return;
    if (!text.startsWith('HTTP/1.1 200')) state.errors++;
    state.times.push(Number(process.hrtime.bigint() - began) / 1e6);
    next();
  });
  socket.on('end', () => { state.errors++; socket.destroy(); ask(port, words, state, done); });
  socket.on('connect', next);
}

try {
  const [line] = await once(child.stdout, 'data'), port = Number(new URL(JSON.parse(line).url).port);
  const words = `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
  tell('at first');
  const idle = Array.from({ length: 500 }, () => connect(port));
  const dripping = setInterval(() => idle.forEach((socket) => socket.write('G')), 200);
  const rubbish = setInterval(() => { const socket = connect(port); socket.end('BREW\r\n\r\n\0\0'); socket.resume(); }, 10);
  const state = { left: requests, errors: 0, times: [] }, began = process.hrtime.bigint();
  await Promise.all(Array.from({ length: connections }, () => new Promise((done) => ask(port, words, state, done))));
  const seconds = Number(process.hrtime.bigint() - began) / 1e9, times = state.times.sort((a, b) => a - b);
  clearInterval(dripping);
  clearInterval(rubbish);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1);
  console.log(`${requests} requests over ${connections} connections: ${(requests / seconds).toFixed(0)} a second, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms, errors ${state.errors}`);
  tell('at last');
  idle.forEach((socket) => socket.destroy());
} finally {
  child.kill('SIGTERM');
  await once(child, 'exit');
  rmSync(folder, { recursive: true, force: true });
}
