// SPDX-License-Identifier: Apache-2.0
// An object that keeps a sweep waiting holds up nothing else: what was read beside it is stored, seen, and outlives a kill.
import assert from 'node:assert/strict';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { answer, everyHit, exited, fakeAzure, scratch, start, tidemark } from './house.mjs';
import { childrenOf, nameOf } from './watch.mjs';

test('what was read beside an object that does not come is stored, and not asked for again after a kill', async (t) => {
  const blobs = [
    { name: 'quick.txt', text: 'an invoice of bob@contoso.com' },
    { name: 'stalled.txt', size: 3000, faults: [{ on: 'get', times: 1, hang: 1000 }] },
  ];
  const fake = await fakeAzure(t, { accounts: { acme: { containers: { open: { public: 'container', blobs } } } } });
  const flags = ['--catalog', path.join(scratch(t), 'catalog')];
  const args = ['sweep', `az+http://127.0.0.1:${fake.port}/acme/open`, '--authority', 'a test', '-j', '2', ...flags];
  const stored = () => (tidemark(['search', '', ...flags]).code === 0 ? everyHit('outcome:read', flags) : []).map((hit) => hit.name);
  const child = start(args), ended = exited(child);
  for (let waits = 0; !stored().includes('quick.txt') && waits < 300; waits++) await sleep(100);
  assert.deepEqual(stored(), ['quick.txt']);
  child.kill('SIGKILL');
  assert.equal(await ended, 'SIGKILL');
  assert.deepEqual(stored(), ['quick.txt']);
  const { objects } = answer('sweep', args);
  assert.deepEqual([objects.listed, objects.read, objects.failed], [2, 2, 0]);
  const gets = (await fake.journal()).filter(({ method, path: asked }) => method === 'GET' && asked.startsWith('/acme/open/quick.txt'));
  assert.equal(gets.length, 1);
});

test('workers are forks of one program that prepared them, however many lanes there are', async (t) => {
  const quick = Array.from({ length: 20 }, (_, i) => ({ name: `${i}.txt`, text: `letter ${i}` }));
  const stalled = { name: 'stalled.txt', size: 3000, faults: [{ on: 'get', times: 1, hang: 1000 }] };
  const fake = await fakeAzure(t, { accounts: { acme: { containers: { open: { public: 'container', blobs: [...quick, stalled] } } } } });
  const flags = ['--catalog', path.join(scratch(t), 'catalog')];
  const read = () => (tidemark(['search', '', ...flags]).code === 0 ? everyHit('outcome:read', flags) : []).length;
  const child = start(['sweep', `az+http://127.0.0.1:${fake.port}/acme/open`, '--authority', 'a test', '-j', '4', ...flags]);
  const ended = exited(child);
  for (let waits = 0; read() < quick.length && waits < 300; waits++) await sleep(100);
  const programs = childrenOf(child.pid).filter((pid) => nameOf(pid).startsWith('tidemark-extrac'));
  assert.equal(programs.length, 1);
  assert.ok(childrenOf(programs[0]).length >= 1);
  child.kill('SIGKILL');
  assert.equal(await ended, 'SIGKILL');
});
