// SPDX-License-Identifier: Apache-2.0
// script/bench gate-time [N [AT-ONCE]]     whether the time of a reply tells who is affected: N (2000) askings of each kind
// Proofs are begun for organisations that are in the leak, for such that nobody knows, and for such that stand in it below the
// threshold; and the two kinds of negative are read after a proof. Kinds take turns in a random order. For each pair of kinds
// stands how often a reply of the one is slower than one of the other (0.500: no telling), and the largest distance of their
// distributions beside what chance alone reaches in one of a hundred (Kolmogorov and Smirnov).
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { makeLeak, writeLeak } from '../tests/gate/leak.mjs';

const each = Number(process.argv[2] ?? 2000), atOnce = Number(process.argv[3] ?? 8), organisations = 50;
const build = path.resolve(process.env.TIDEMARK_BUILD ?? 'build');
const folder = mkdtempSync(path.join(tmpdir(), 'tidemark-gate-time-'));
const flags = ['--catalog', path.join(folder, 'catalog')];
const agent = new http.Agent({ keepAlive: true, maxSockets: atOnce });

function tidemark(...args) {
  const { status, stdout, stderr } = spawnSync(path.join(build, 'tidemark'), [...args, ...flags], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`tidemark ${args.join(' ')}: ${status}\n${stderr}`);
  return stdout;
}

function ask(url, { method = 'GET', token, json } = {}) {
  const body = json && JSON.stringify(json);
  return new Promise((resolve, reject) => {
    const began = process.hrtime.bigint();
    const request = http.request(url, { method, agent, headers: { ...(body ? { 'content-type': 'application/json', 'content-length': body.length } : {}), ...(token ? { authorization: `Bearer ${token}` } : {}) } }, (reply) => {
      let text = '';
      reply.on('data', (piece) => { text += piece; });
      reply.on('end', () => resolve({ status: reply.statusCode, text, took: Number(process.hrtime.bigint() - began) / 1e6 }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

/* How often a is slower than b, ties as half; and the largest distance of their distributions. */
function compare(a, b) {
  const all = [...a.map((value) => [value, 0]), ...b.map((value) => [value, 1])].sort((x, y) => x[0] - y[0]);
  let seenA = 0, seenB = 0, slower = 0, distance = 0;
  for (let i = 0; i < all.length;) {
    let j = i, inA = 0, inB = 0;
    for (; j < all.length && all[j][0] === all[i][0]; j++) if (all[j][1] === 0) inA++; else inB++;
    slower += inA * (seenB + inB / 2);
    seenA += inA;
    seenB += inB;
    distance = Math.max(distance, Math.abs(seenA / a.length - seenB / b.length));
    i = j;
  }
  return { slower: slower / (a.length * b.length), distance, chance: 1.628 * Math.sqrt((a.length + b.length) / (a.length * b.length)) };
}

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

/* kinds: {name: () → [url, options]}. Times of each, taken in turns. */
async function measure(kinds, wanted) {
  const names = Object.keys(kinds), times = Object.fromEntries(names.map((name) => [name, []]));
  const turns = names.flatMap((name) => Array(each).fill(name)).map((name) => [Math.random(), name]).sort((a, b) => a[0] - b[0]).map(([, name]) => name);
  async function lane() {
    for (let name; (name = turns.pop()) !== undefined;) {
      const reply = await ask(...kinds[name]());
      if (reply.status !== wanted) throw new Error(`${name}: ${reply.status} ${reply.text}`);
      times[name].push(reply.took);
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane));
  return times;
}

function tell(title, times) {
  console.log(`\n${title} (${each} of each, ${atOnce} at once)`);
  for (const [name, values] of Object.entries(times)) {
    const sorted = [...values].sort((a, b) => a - b);
    console.log(`  ${name.padEnd(28)} median ${quantile(sorted, 0.5).toFixed(2)} ms, 95 % ${quantile(sorted, 0.95).toFixed(2)} ms, 99 % ${quantile(sorted, 0.99).toFixed(2)} ms`);
  }
  const names = Object.keys(times);
  for (let i = 0; i < names.length; i++)
    for (let j = i + 1; j < names.length; j++) {
      const { slower, distance, chance } = compare(times[names[i]], times[names[j]]);
      console.log(`  ${`${names[i]} / ${names[j]}`.padEnd(40)} slower ${slower.toFixed(3)}, distance ${distance.toFixed(3)} (by chance up to ${chance.toFixed(3)})`);
    }
}

const leak = makeLeak({ organisations, seed: 5 });
writeLeak(path.join(folder, 'leak'), leak);
const below = Array.from({ length: organisations }, (_, i) => `mention${String.fromCharCode(97 + i % 26)}${i}.com`);
writeFileSync(path.join(folder, 'leak', 'links.txt'), below.map((domain) => `See https://www.${domain}/terms for how it was done.\n`).join(''));
tidemark('sweep', path.join(folder, 'leak'));
const server = spawn(path.join(build, 'tidemark'), ['serve', '--listen', '127.0.0.1:0', '--operator-listen', '127.0.0.1:0', '--proofs-per-hour', '1000000', '--proofs-open', '1000',
  '--requests-per-minute', '10000000', '--format', 'json', ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const url = await new Promise((resolve) => server.stdout.on('data', (line) => resolve(JSON.parse(String(line)).url)));
  const pick = (list) => list[Math.floor(Math.random() * list.length)];
  const unknown = () => `q${Math.random().toString(36).slice(2, 9)}xq.com`;
  const begin = (subject) => [`${url}/api/v1/proofs`, { method: 'POST', json: { subject, method: 'dns' } }];
  tell('A proof is begun', await measure({
    'in the leak': () => begin(pick(leak.organisations).domain), 'known to nobody': () => begin(unknown()), 'below the threshold': () => begin(pick(below)) }, 202));

  const tokens = {};
  for (const [kind, subject] of Object.entries({ 'known to nobody': 'nobody-at-all-xq.com', 'below the threshold': below[0], 'a host of one in the leak': `mail.${leak.organisations[0].domain}` })) {
    const code = JSON.parse(tidemark('invite', subject, '--ticket', 'bench', '--format', 'json')).code;
    const { proof } = JSON.parse((await ask(`${url}/api/v1/proofs`, { method: 'POST', json: { subject, method: 'invitation', code } })).text);
    tokens[kind] = JSON.parse((await ask(`${url}/api/v1/proofs/${proof}`, { method: 'POST', json: {} })).text).token;
  }
  tell('A negative is read', await measure(Object.fromEntries(Object.entries(tokens).map(([kind, token]) => [kind, () => [`${url}/api/v1/answer`, { token }]])), 200));
} finally {
  server.kill('SIGTERM');
  agent.destroy();
  rmSync(folder, { recursive: true, force: true });
}
