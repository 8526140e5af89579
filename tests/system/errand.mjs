// SPDX-License-Identifier: Apache-2.0
// What the tests of tidemark-fetch's two other roles share: the driver that asks as tidemark would, free ports, servers of other
// people's that are stopped by their process ids, and certificates.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { build, exited } from './house.mjs';

/** Asks; words as {name: value | [values]}. Returns what it printed. from: the folder of the programs. */
export async function errand(kind, words, { from = build } = {}) {
  const args = Object.entries(words).flatMap(([name, value]) => [value].flat().map((one) => `${name}=${one}`));
  const child = spawn(path.join(from, 'tests/run-errand'), [kind, ...args],
    { env: { PATH: process.env.PATH, ASAN_OPTIONS: process.env.ASAN_OPTIONS ?? '' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '', err = '';
  child.stdout.on('data', (piece) => { out += piece; });
  child.stderr.on('data', (piece) => { err += piece; });
  await once(child, 'close');
  assert.equal(err, '', err);
  return JSON.parse(out);
}

/** A port that nobody had a moment ago, at all of these addresses. */
export async function freePort(hosts = ['127.0.0.1']) {
  for (;;) {
    const servers = [];
    let port = 0;
    try {
      for (const host of hosts) {
        const server = net.createServer();
        servers.push(server);
        server.listen(port, host);
        await once(server, 'listening');
        port = server.address().port;
      }
      return port;
    } catch (error) {
      if (error.code !== 'EADDRINUSE') throw error;
    } finally {
      await Promise.all(servers.filter((server) => server.listening).map((server) => new Promise((done) => server.close(done))));
    }
  }
}

/** Runs a program to its end; what it printed. */
export function run(program, args, options = {}) {
  const result = spawnSync(program, args, { encoding: 'utf8', ...options });
  assert.equal(result.status, 0, `${program} ${args.join(' ')}: ${result.error ?? ''}${result.stderr}`);
  return result.stdout;
}

/** Starts a server; settled says when it answers. Stopped by its process id when the test ends. */
export async function serve(t, program, args, settled) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (piece) => { said += piece; });
  child.stderr.on('data', (piece) => { said += piece; });
  t.after(async () => { child.kill(); await exited(child); });
  while (!await settled()) assert.equal(child.exitCode, null, said);
  return { child, said: () => said };
}

/** An authority, and certificates of it for names: {ca, issue(names) => {key, cert}}, by openssl. */
export function authority(folder) {
  const ca = path.join(folder, 'ca.pem'), caKey = path.join(folder, 'ca.key');
  run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30',
    '-subj', '/CN=Test authority', '-keyout', caKey, '-out', ca]);
  let issued = 0;
  const issue = (names, days = 30) => {
    const base = path.join(folder, `issued-${issued++}`);
    run('openssl', ['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', `/CN=${names[0]}`,
      '-addext', `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`, '-keyout', `${base}.key`, '-out', `${base}.csr`]);
    run('openssl', ['x509', '-req', '-in', `${base}.csr`, '-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-days', String(days),
      '-copy_extensions', 'copy', '-out', `${base}.pem`]);
    return { key: readFileSync(`${base}.key`), cert: readFileSync(`${base}.pem`) };
  };
  return { ca, issue };
}
