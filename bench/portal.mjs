// SPDX-License-Identifier: Apache-2.0
// script/bench portal [REQUESTS [CONNECTIONS]]: proofs and answers of tidemark serve on loopback, 10,000 over 200 connections unless given
// Each connection begins a proof, checks it, or asks for an answer or its page, one after the other; a sweep reads what changed
// meanwhile into the same incident, as often as there is time for. Meanwhile there are 500 connections that never end their head, and
// requests that are none or too large. Prints times from sending to the last byte by kind, errors, and memory as it goes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { measured, tidemark } from './measure.mjs';
import { request, serving } from './serving.mjs';

const [requests, connections] = [Number(process.argv[2] ?? 10000), Number(process.argv[3] ?? 200)], SUBJECTS = 20;
const folder = mkdtempSync(path.join(tmpdir(), 'tidemark-bench-')), catalog = path.join(folder, 'catalog'), leak = path.join(folder, 'leak');
const domain = (n) => `harbour${n % SUBJECTS}.com`;
const letter = (n) => ['INVOICE', '', `Invoice number: INV-2021-${100000 + n}`, `Date: 2021-03-0${1 + (n % 9)}`, '', 'From: Halvorsen Werke', 'dana.whitlock@halvorsenwerke.com', '',
  'Bill to:', `Harbour ${n % SUBJECTS} Ltd`, `anna.berg${n % 7}@${domain(n)}`, '', `Contact: Anna Berg <anna.berg${n % 7}@${domain(n)}>`, '', `Total: EUR 1,${100 + (n % 900)}.50`, ''].join('\n');
const DOCUMENTS = 1000, CHANGED = 200;
let written = 0;
/* The same paths again and again, with other numbers: as many documents at last as at first. */
const write = (count) => { for (const until = written + count; written < until; written++) writeFileSync(path.join(leak, `${written % DOCUMENTS}.txt`), letter(written)); };

/* What came back, by what was asked. */
const kinds = new Map(), failures = new Map();
function note(kind, reply, isRight) {
  if (!kinds.has(kind)) kinds.set(kind, []);
  kinds.get(kind).push(reply.all);
  if (!isRight(reply)) failures.set(`${kind} ${reply.status}`, (failures.get(`${kind} ${reply.status}`) ?? 0) + 1);
}
/* No answer names another subject. */
const isOwn = (subject) => (reply) => reply.status === 200 && (reply.text.match(/harbour\d+\.com/g) ?? []).every((name) => name === subject) && reply.text.includes(subject);

async function visit(portal, tokens, state, agent) {
  while (state.left > 0) {
    state.left -= 1;
    const nth = state.left, [subject, token] = tokens[nth % tokens.length];
    if (nth % 3 === 0) {
      const begun = await request(`${portal.url}/api/v1/proofs`, { method: 'POST', json: { subject, method: 'invitation' }, agent });
      note('proof begun', begun, ({ status }) => status === 202);
      if (begun.status !== 202 || state.left === 0) continue;
      state.left -= 1;
      const { proof } = JSON.parse(begun.text);
      note('proof checked', await request(`${portal.url}/api/v1/proofs/${proof}`, { method: 'POST', json: { code: 'aaaa-bbbb' }, agent }), ({ status, text }) => status === 200 && /pending/.test(text));
    } else if (nth % 3 === 1) {
      note('answer', await request(`${portal.url}/api/v1/answer`, { headers: { Authorization: `Bearer ${token}` }, agent }), isOwn(subject));
    } else {
      note('answer, page', await request(`${portal.url}/answer`, { headers: { Cookie: `tidemark=${token}` }, agent }), isOwn(subject));
    }
  }
}

async function sweep(state) {
  while (state.left > 0) {
    write(CHANGED);
    const child = spawn(tidemark, ['sweep', leak, '--catalog', catalog, '--quiet'], { stdio: 'ignore' });
    const [code] = await once(child, 'exit');
    if (code !== 0) failures.set(`sweep ${code}`, (failures.get(`sweep ${code}`) ?? 0) + 1);
    state.sweeps += 1;
  }
}

/** Strangers who want nothing: ended by end(); resolves to how many of the malformed and the oversized were refused. */
function hostile(port) {
  const connect = () => { const socket = net.connect(port, '127.0.0.1'); socket.on('error', () => {}); return socket; };
  const idle = Array.from({ length: 500 }, connect), counts = { asked: 0, refused: 0 };
  const dripping = setInterval(() => idle.forEach((socket) => socket.write('G')), 200);
  const oversized = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX: ${'x'.repeat(60000)}\r\n\r\n`;
  const rubbish = setInterval(() => {
    const socket = connect();
    let text = '';
    socket.on('data', (piece) => { text += piece; });
    counts.asked += 1;
    socket.on('close', () => { counts.refused += text === '' || /^HTTP\/1\.[01] 4\d\d/.test(text); });
    socket.end(counts.asked % 2 ? 'BREW\r\n\r\n\0\0' : oversized);
  }, 20);
  return { counts, end() { clearInterval(dripping); clearInterval(rubbish); idle.forEach((socket) => socket.destroy()); } };
}

try {
  mkdirSync(leak);
  write(DOCUMENTS);
  measured(tidemark, ['sweep', leak, '--quiet', '--catalog', catalog]);
  const portal = await serving(catalog, ['--proofs-open', '1000']);
  const tell = (what) => console.log(`${what}: ${portal.resident().map(([name, bytes]) => `${name} ${(bytes / 1e6).toFixed(1)} MB`).join(', ')}`);
  const tokens = [];
  for (let n = 0; n < SUBJECTS; n++) tokens.push([domain(n), await portal.prove(domain(n))]);
  tell('at first');
  const state = { left: requests, sweeps: 0 }, strangers = hostile(portal.port), began = process.hrtime.bigint();
  const watching = setInterval(() => tell(`${requests - state.left} asked`), 5000);
  const sweeping = sweep(state);
  await Promise.all(Array.from({ length: connections }, async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    await visit(portal, tokens, state, agent);
    agent.destroy();
  }));
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  clearInterval(watching);
  strangers.end();
  await sweeping;
  tell('at last');
  console.log(`${requests} requests over ${connections} connections in ${seconds.toFixed(1)} s, ${(requests / seconds).toFixed(0)} a second, beside ${state.sweeps} sweeps`);
  for (const [kind, times] of kinds) {
    times.sort((a, b) => a - b);
    const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(0);
    console.log(`${kind}: ${times.length}, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`);
  }
  console.log(`errors: ${[...failures].map(([what, count]) => `${count} × ${what}`).join(', ') || 'none'}; of strangers ${strangers.counts.refused} of ${strangers.counts.asked} refused`);
  await portal.stop();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
