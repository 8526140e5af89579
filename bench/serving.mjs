// SPDX-License-Identifier: Apache-2.0
// tidemark serve for benches: on free ports of the loopback, its limits out of the way; what its processes hold; a subject's token.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import http from 'node:http';
import { tidemark } from './measure.mjs';

/** Milliseconds to the first byte of the body and to its end: {status, headers, first, all, text}. agent: one connection at a time, kept. */
export function request(url, { method = 'GET', headers = {}, form, json, agent } = {}) {
  const body = form !== undefined ? new URLSearchParams(form).toString() : json !== undefined ? JSON.stringify(json) : undefined;
  const type = form !== undefined ? 'application/x-www-form-urlencoded' : 'application/json';
  return new Promise((resolve, reject) => {
    const began = process.hrtime.bigint(), since = () => Number(process.hrtime.bigint() - began) / 1e6;
    const asked = http.request(url, { method, agent, headers: { ...(body === undefined ? {} : { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) }), ...headers } }, (reply) => {
      let first = null, text = '';
      reply.setEncoding('latin1');
      reply.on('data', (piece) => { first ??= since(); text += piece; });
      reply.on('end', () => resolve({ status: reply.statusCode, headers: reply.headers, first: first ?? since(), all: since(), text }));
      reply.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** {url, operators, port, child, resident(), invite(subject), begin(subject), prove(subject), stop()}. */
export async function serving(catalog, flags = []) {
  const place = ['--catalog', catalog];
  const child = spawn(tidemark, ['serve', ...place, '--listen', '127.0.0.1:0', '--operator-listen', '127.0.0.1:0', '--format', 'json',
    '--requests-per-minute', '10000000', '--connections-per-address', '4096', '--proofs-per-hour', '1000000', ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data'), { url, operator_url: operators } = JSON.parse(line);
  const invite = (subject) => {
    const { status, stdout, stderr } = spawnSync(tidemark, ['invite', subject, '--ticket', 'B-1', '--format', 'json', ...place], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout).code;
  };
  const begin = (subject, agent) => request(`${url}/api/v1/proofs`, { method: 'POST', json: { subject, method: 'invitation' }, agent });
  return {
    url, operators, port: Number(new URL(url).port), child, invite, begin,
    async prove(subject, agent) {
      const begun = await begin(subject, agent);
      const { proof } = JSON.parse(begun.text);
      const checked = await request(`${url}/api/v1/proofs/${proof}`, { method: 'POST', json: { code: invite(subject) }, agent });
      return JSON.parse(checked.text).token;
    },
    /** [name, bytes] of it and of what it has started. */
    resident: () => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8'), parent = Number(/^PPid:\s+(\d+)/m.exec(status)[1]);
        if (Number(pid) !== child.pid && parent !== child.pid) return [];
        return [[/^Name:\s+(\S+)/m.exec(status)[1], Number(/^VmRSS:\s+(\d+)/m.exec(status)[1]) * 1024]];
      } catch { return []; }
    }),
    async stop() { child.kill('SIGTERM'); await once(child, 'exit'); },
  };
}
