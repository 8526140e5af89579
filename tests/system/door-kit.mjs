// SPDX-License-Identifier: Apache-2.0
// What tests of the doors share: tidemark serve, a stand-in for it behind one door, and requests written byte by byte.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import process from 'node:process';
import readline from 'node:readline';
import tls from 'node:tls';
import { build, holds, scratch } from './house.mjs';

const environment = () => Object.fromEntries(['PATH', 'ASAN_OPTIONS', 'UBSAN_OPTIONS', 'TSAN_OPTIONS', 'CREDENTIALS_DIRECTORY']
  .filter((name) => process.env[name]).map((name) => [name, process.env[name]]));

/** Starts a program and gives its first line; it is ended with the test. */
async function begin(t, program, args, { env = {} } = {}) {
  const child = spawn(program, args, { env: { ...environment(), HOME: '/nonexistent', ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  const running = { child, lines: [], err: '' };
  child.stderr.on('data', (piece) => { running.err += piece; });
  child.stdin.on('error', () => {});
  running.ended = once(child, 'exit').then(([code, signal]) => code ?? signal);
  const lines = readline.createInterface({ input: child.stdout });
  lines.on('line', (line) => { running.lines.push(line); child.emit('told'); });
  t.after(() => { child.kill('SIGKILL'); return running.ended; });
  /** The first line that matches, whenever it comes. */
  running.says = async (pattern) => {
    for (;;) {
      const found = running.lines.find((line) => pattern.test(line));
      if (found !== undefined) return found;
      if (child.exitCode !== null || child.signalCode !== null) assert.fail(`ended without ${pattern}: ${running.lines} ${running.err}`);
      await Promise.race([once(child, 'told'), running.ended]);
    }
  };
  return running;
}

/** tidemark serve on free ports: {url, operator, port, operatorPort, child, err, ended}. */
export async function serve(t, flags = [], { from = build, catalog = path.join(scratch(t), 'catalog'), env } = {}) {
  const running = await begin(t, path.join(from, 'tidemark'),
    ['serve', '--catalog', catalog, '--listen', '127.0.0.1:0', '--operator-listen', '127.0.0.1:0', '--format', 'json', ...flags], { env });
  const { url, operator_url: operator } = holds('serve', JSON.parse(await running.says(/^\{/)));
  return Object.assign(running, { url, operator, catalog, port: Number(new URL(url).port), operatorPort: Number(new URL(operator).port) });
}

/** A cell with standin-desk behind it, which says back what was handed on: {port, cell, child, says, lines, ended}. */
export async function standin(t, { door = 'subjects', listen = '127.0.0.1:0', url = '', cert, key, env } = {}) {
  const running = await begin(t, path.join(build, 'tests/standin-desk'), [door, listen, url, ...(cert ? [cert, key] : [])], { env });
  const [port, cell] = (await running.says(/^\d+ \d+$|^failed/)).split(' ').map(Number);
  return Object.assign(running, { port, cell });
}

/** The cells that serve has started, the subjects' first: so they were. */
export function cells(running) {
  const listed = spawnSync('ps', ['-o', 'pid=', '--sort', 'start_time', '--ppid', String(running.child.pid)], { encoding: 'utf8' }).stdout;
  return listed.trim().split('\n').filter(Boolean).map(Number);
}

export const residentOf = (pid) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;

export function connect(port, { host = '127.0.0.1', local, secure } = {}) {
  const socket = secure ? tls.connect({ port, host, rejectUnauthorized: false, ...secure })
    : net.connect({ port, host, ...(local ? { localAddress: local } : {}) });
  socket.on('error', () => {});
  socket.received = '';
  socket.on('data', (piece) => { socket.received += piece.toString('latin1'); });
  socket.closed_ = new Promise((resolve) => { socket.on('close', resolve); });
  return socket;
}

/** Waits until what has come so far holds; false where the other side closes before. */
export function until(socket, holds) {
  return new Promise((resolve) => {
    const look = () => {
      const found = holds(socket.received);
      if (!found && !socket.destroyed && !socket.readableEnded) return;
      for (const event of ['data', 'end', 'close']) socket.off(event, look);
      resolve(found);
    };
    for (const event of ['data', 'end', 'close']) socket.on(event, look);
    look();
  });
}

/* One reply off the beginning of a text: {code, headers, body, rest}; undefined where it is not whole. */
export function cutReply(text, { isHead = false } = {}) {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first, ...lines] = text.slice(0, end).split('\r\n');
  const headers = {};
  for (const line of lines) {
    const name = line.slice(0, line.indexOf(':')).toLowerCase(), value = line.slice(line.indexOf(':') + 1).trim();
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  const code = Number(first.split(' ')[1]), rest = text.slice(end + 4);
  if (isHead || code === 304) return { code, headers, body: '', rest };
  if (headers['transfer-encoding'] === 'chunked') {
    let at = 0, body = '';
    for (;;) {
      const line = rest.indexOf('\r\n', at);
      if (line < 0) return undefined;
      const size = parseInt(rest.slice(at, line), 16);
      if (rest.length < line + 2 + size + 2) return undefined;
      if (size === 0) return { code, headers, body, rest: rest.slice(line + 4) };
      body += rest.slice(line + 2, line + 2 + size);
      at = line + 2 + size + 2;
    }
  }
  const size = Number(headers['content-length'] ?? 0);
  return rest.length < size ? undefined : { code, headers, body: rest.slice(0, size), rest: rest.slice(size) };
}

/** Sends bytes as they are and gives the reply; undefined where the connection is closed without one. */
export async function raw(port, bytes, { isHead = false, ...options } = {}) {
  const socket = connect(port, options);
  socket.write(Buffer.from(bytes, 'latin1'));
  await until(socket, (text) => cutReply(text, { isHead }) !== undefined);
  const reply = cutReply(socket.received, { isHead });
  socket.destroy();
  return reply;
}

/** A request in the usual words. */
export function words(method, target, { host, headers = {}, body } = {}) {
  const all = { Host: host, ...(body !== undefined ? { 'Content-Length': Buffer.byteLength(body) } : {}), ...headers };
  return `${method} ${target} HTTP/1.1\r\n${Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body ?? ''}`;
}

/** A certificate of its own for localhost: {cert, key}, paths. */
export function certificate(t) {
  const folder = scratch(t), [cert, key] = ['cert.pem', 'key.pem'].map((name) => path.join(folder, name));
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-subj', '/CN=localhost', '-keyout', key, '-out', cert], { encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
  return { cert, key };
}

/** /metrics as {"name{labels}": value}. */
export async function metrics(port, host = `127.0.0.1:${port}`) {
  const reply = await raw(port, words('GET', '/metrics', { host }));
  assert.equal(reply.code, 200);
  return Object.fromEntries(reply.body.split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.split(/ (?=\S+$)/)).map(([name, value]) => [name, Number(value)]));
}
