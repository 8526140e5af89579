// SPDX-License-Identifier: Apache-2.0
// script/bench objects: CPU per object, on 5,000 small ones
// On the fake (which shows our own limit) and on Azurite, with names only for the share of listing. User and system time of
// the three programs together.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { measured, root, tidemark } from './measure.mjs';

const count = 5000;

function sweep(label, target, folder, ...options) {
  const run = measured(tidemark, ['sweep', target, ...options, '--quiet', '--catalog', path.join(folder, `catalog-${label.replaceAll(/\W/g, '-')}`)]);
  console.log(`${label}: ${((run.user + run.system) * 1000 / count).toFixed(3)} ms CPU an object ` +
    `(user ${run.user} s, system ${run.system} s, wall ${run.wall} s, largest program ${run.megabytes} MB)`);
}

async function onFake(folder) {
  const scenario = path.join(root, 'tests/fake-azure/scenarios/bench-5000.json');
  const server = spawn(process.execPath, [path.join(root, 'tests/fake-azure/fake-azure.mjs'), '--script', scenario],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const { port } = JSON.parse(await new Promise((resolve) => server.stdout.once('data', resolve)));
    const target = `az+http://127.0.0.1:${port}/acme/small`;
    sweep('fake', target, folder);
    sweep('fake, names only', target, folder, '--depth', 'names');
  } finally {
    server.kill('SIGTERM');
  }
}

function onAzurite(folder) {
  const data = path.join(folder, 'azurite');
  const from = path.join(folder, 'small');
  mkdirSync(from);
  for (let i = 0; i < count; i++)
    writeFileSync(path.join(from, `obj-${String(i).padStart(4, '0')}.txt`), `Letter ${i} of writer${i}@contoso.com. `.padEnd(1000, 'Words and words. '));
  const kit = (program, ...args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, 'demo-kit', program), ...args], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  };
  const { blob_endpoint: endpoint } = kit('azurite.mjs', 'start', '--data', data, '--in-memory');
  try {
    kit('upload.mjs', '--data', data, '--from', from, '--container', 'small', '--access', 'container');
    sweep('azurite', `az+${endpoint}/small`, folder);
  } finally {
    kit('azurite.mjs', 'stop', '--data', data);
  }
  sweep('folder', from, folder);
}

const folder = mkdtempSync(path.join(tmpdir(), 'tidemark-bench-'));
try {
  await onFake(folder);
  onAzurite(folder);
  console.log('where it goes: perf record -g --call-graph dwarf tidemark sweep TARGET; perf report --sort comm,dso,symbol');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
