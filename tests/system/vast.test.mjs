// SPDX-License-Identifier: Apache-2.0
// What a server or a file says of itself may be beyond measure: no sum, count or time of theirs makes a command fail, now or
// later.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { answer, everyHit, holds, plant, scratch, tidemark } from './house.mjs';

const NAMES = 545000, PAGE = 5000, TEBIBYTES = 16n << 40n;

/* In a thread of its own, because tests wait for tidemark. Only listings; a marker is where to go on. */
const server = `
  const { parentPort, workerData: { NAMES, PAGE, SIZE } } = require('node:worker_threads');
  require('node:http').createServer((request, response) => {
    const query = new URL(request.url, 'http://host').searchParams, from = Number(query.get('marker') ?? 0);
    if (query.get('comp') !== 'list') return response.writeHead(404).end();
    let body = '<?xml version="1.0" encoding="utf-8"?><EnumerationResults><Blobs>';
    for (let i = from; i < Math.min(NAMES, from + PAGE); i++)
      body += '<Blob><Name>' + i + '</Name><Properties><Last-Modified>Fri, 31 Dec 9999 23:59:59 -0100</Last-Modified>' +
        '<Content-Length>' + SIZE + '</Content-Length></Properties></Blob>';
    const next = from + PAGE < NAMES ? from + PAGE : '';
    response.writeHead(200, { 'Content-Type': 'application/xml' });
    response.end(body + '</Blobs><NextMarker>' + next + '</NextMarker></EnumerationResults>');
  }).listen(0, '127.0.0.1', function () { parentPort.postMessage(this.address().port); });`;

async function listen(t) {
  const worker = new Worker(server, { eval: true, workerData: { NAMES, PAGE, SIZE: String(TEBIBYTES) } });
  t.after(() => worker.terminate());
  return new Promise((resolve) => worker.once('message', resolve));
}

test('545,000 names of 16 TiB are swept, counted, and swept again', async (t) => {
  const port = await listen(t), folder = scratch(t), flags = ['--catalog', path.join(folder, 'catalog')];
  const sweep = ['sweep', `az+http://127.0.0.1:${port}/acme/vast`, '--depth', 'names', ...flags];
  for (let round = 1; round <= 2; round++) {
    const summary = answer('sweep', sweep);
    assert.equal(summary.objects.listed, NAMES);
    assert.deepEqual([summary.bytes, summary.outcomes[0]].map((sum) => sum.at_least), [true, true]);
  }
  const told = tidemark(['scope', '--format', 'json', ...flags]), scope = holds('scope', JSON.parse(told.out));
  assert.equal(told.code, 0);
  assert.equal(scope.unseen.objects, NAMES);
  assert.ok(told.out.includes(`"unseen":{"objects":${NAMES},"bytes":9223372036854775807,"at_least":true`), told.out);
  assert.deepEqual([scope.unseen.by_outcome.listed_only, scope.by_container[0]].map((sum) => sum.at_least), [true, true]);
  const [container] = answer('containers', ['containers', ...flags]).containers;
  assert.deepEqual([container.at_least, container.unseen.at_least], [true, true]);
  assert.match(tidemark(['containers', ...flags]).out, /≥8\.0 EiB/);
});

test('what can be counted is not said to be more', (t) => {
  const folder = scratch(t), flags = ['--catalog', path.join(folder, 'catalog')];
  plant(path.join(folder, 'leak'), { 'a.txt': 'anna@contoso.com', 'b.zip': 'no archive' });
  assert.equal(tidemark(['sweep', path.join(folder, 'leak'), ...flags]).code, 0);
  for (const args of [['sweep', path.join(folder, 'leak')], ['scope'], ['containers'], ['lookup', 'contoso.com'], ['entities', '--kind', 'email']])
    assert.doesNotMatch(tidemark([...args, '--format', 'json', ...flags]).out, /at_least"?:true/);
});

test('times before 1970 and beyond any date are told or unknown, and fail nothing', (t) => {
  const folder = scratch(t), leak = path.join(folder, 'leak'), flags = ['--catalog', path.join(folder, 'catalog')];
  const times = { 'old.txt': -1, 'older.txt': -(2 ** 40), 'late.txt': 253402300799, 'later.txt': 253402300800, 'last.txt': '9223372036854775807' };
  mkdirSync(leak);
  for (const [name, seconds] of Object.entries(times)) {
    writeFileSync(path.join(leak, name), `${name}: a letter to bob@contoso.com`);
    execFileSync('touch', ['-d', `@${seconds}`, path.join(leak, name)]);
  }
  for (let round = 1; round <= 2; round++)
    assert.equal(answer('sweep', ['sweep', leak, ...flags]).objects[round === 1 ? 'read' : 'unchanged'], 5);
  const modified = Object.fromEntries(everyHit('', [...flags, '--sort', 'modified']).map((hit) => [hit.path, hit.modified]));
  assert.equal(modified['old.txt'], '1969-12-31T23:59:59Z');
  for (const time of Object.values(modified)) assert.ok(time === null || /^\d{4}-\d\d-\d\dT/.test(time), time);
  const organisation = answer('organisations', ['organisations', ...flags]).organisations[0];
  for (const time of [organisation.first_date, organisation.last_date]) assert.match(time, /^\d{4}-\d\d-\d\dT/);
  for (const year of Object.keys(answer('scope', ['scope', ...flags]).by_year)) assert.match(year, /^\d{1,4}$/);
  assert.equal(tidemark(['search', 'letter', ...flags]).code, 0);
});
