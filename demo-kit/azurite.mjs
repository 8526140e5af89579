// SPDX-License-Identifier: Apache-2.0
// Starts and stops one Azurite blob server on the loopback. All of it lives in one folder:
// azurite.json (pid, port, account, blob_endpoint), account-key (0600), azurite.log, store/.
// The server outlives this program and shares no descriptor with it. Started again, it takes its
// old port, so that the addresses of its containers stay the same.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readlinkSync, realpathSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const account = 'tidemarkdemo';
const host = '127.0.0.1';
const program = join(dirname(fileURLToPath(import.meta.url)), 'node_modules/azurite/dist/src/blob/main.js');
// Node hands on whatever descriptors it was itself given; a shell can close them and then become the server.
const closeAndBecome = 'for f in /proc/$$/fd/*; do n=${f##*/}; [ "$n" -gt 2 ] && eval "exec $n>&-"; done; exec "$@"';

const stateFile = (data) => join(data, 'azurite.json');
const readState = (data) => (existsSync(stateFile(data)) ? JSON.parse(readFileSync(stateFile(data), 'utf8')) : {});
const writeState = (data, state) => writeFileSync(stateFile(data), `${JSON.stringify(state, null, 2)}\n`);

function isOurs(pid, data) {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return words.includes(program) && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data);
  } catch {
    return false;
  }
}

async function answers(port) {
  try {
    const reply = await fetch(`http://${host}:${port}/${account}?comp=list`, { signal: AbortSignal.timeout(2000) });
    return /^Azurite-Blob/.test(reply.headers.get('server'));
  } catch {
    return false;
  }
}

function freePort(wanted) {
  return new Promise((resolve_, reject) => {
    const server = createServer().on('error', reject);
    server.listen(wanted, host, () => {
      const { port } = server.address();
      server.close(() => resolve_(port));
    });
  });
}

function accountKey(data) {
  const file = join(data, 'account-key');
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(64).toString('base64')}\n`, { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

function launch(data, port, inMemory) {
  const log = openSync(join(data, 'azurite.log'), 'a', 0o600);
  const persistence = inMemory ? ['--inMemoryPersistence'] : ['--location', join(data, 'store')];
  const command = [process.execPath, program, '--blobHost', host, '--blobPort', String(port), ...persistence,
    '--skipApiVersionCheck', '--disableTelemetry', '--silent'];
  const child = spawn('/bin/bash', ['-c', closeAndBecome, 'azurite', ...command], {
    cwd: data, detached: true, stdio: ['ignore', log, log],
    env: { ...process.env, HOME: data, AZURITE_ACCOUNTS: `${account}:${accountKey(data)}` },
  });
  closeSync(log);
  child.unref();
  return child;
}

async function untilAnswering(child, port, data) {
  for (let tries = 0; tries < 300; tries++) {
    if (await answers(port)) return;
    if (child.exitCode !== null) break;
    await sleep(100);
  }
  throw new Error(`Azurite did not come up on port ${port}; see ${join(data, 'azurite.log')}`);
}

async function start(data, { port: wanted, 'in-memory': inMemory }) {
  mkdirSync(data, { recursive: true });
  const old = readState(data);
  if (isOurs(old.pid, data) && (await answers(old.port))) return old;
  const port = wanted ? await freePort(Number(wanted)) : await freePort(old.port ?? 0).catch(() => freePort(0));
  const child = launch(data, port, inMemory);
  const state = { pid: child.pid, port, account, blob_endpoint: `http://${host}:${port}/${account}` };
  writeState(data, state);
  await untilAnswering(child, port, data);
  return state;
}

async function stop(data) {
  const state = readState(data);
  if (isOurs(state.pid, data)) {
    process.kill(state.pid, 'SIGTERM');
    for (let tries = 0; tries < 100 && isOurs(state.pid, data); tries++) await sleep(100);
    if (isOurs(state.pid, data)) throw new Error(`Azurite, process ${state.pid}, did not end within 10 s`);
  }
  return { ...state, pid: null };
}

async function main() {
  const { values, positionals: [verb] } = parseArgs({
    allowPositionals: true,
    options: { data: { type: 'string' }, port: { type: 'string' }, 'in-memory': { type: 'boolean', default: false } },
  });
  const run = { start, stop }[verb];
  if (!run || !values.data) throw new Error('usage: azurite.mjs start|stop --data DIR [--port P] [--in-memory]');
  const data = resolve(values.data);
  const state = await run(data, values);
  if (verb === 'stop' && existsSync(stateFile(data))) writeState(data, state);
  console.log(JSON.stringify(state));
}

main().catch((error) => {
  console.error(`azurite.mjs: ${error.message}`);
  process.exitCode = 1;
});
