// SPDX-License-Identifier: Apache-2.0
// The corpus, where it lies beside the project: every file ends in an outcome, in bounded memory, and a container gives the
// same as the folder. The folder is all of it and the container holds a third, under sanitizers an eighth of it is both; which
// files, their paths' digests say. TIDEMARK_CORPUS=whole leaves nothing out.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, copyFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { answer, azurite, corpus, everyHit, files, holds, sanitizer, scratch, tidemark } from './house.mjs';
import { watched } from './watch.mjs';

const isWhole = process.env.TIDEMARK_CORPUS === 'whole';
const shares = isWhole ? { folder: 1, container: 1 } : sanitizer ? { folder: 1 / 8, container: 1 / 8 } : { folder: 1, container: 1 / 3 };
const missing = existsSync(corpus) ? false : 'no corpus beside the project';
// What a sanitizer takes for itself is no measure of ours.
const limits = { megabytes: sanitizer ? Infinity : 600, milliseconds: 1800000 };
// Documents that may outlast a worker on a slow machine; none may bring one down.
const known = [];

const isPicked = (name, share) => createHash('sha256').update(name).digest()[0] < 256 * share;
const seen = (hits) => hits.map((hit) => `${hit.path_bytes ?? hit.path} ${hit.sha256} ${hit.outcome}`).sort();
const counted = (rows, key) => Object.fromEntries(rows.map((row) => [row[key], row.objects]));

/** A folder of that share of the files, by hard links where they can be; the corpus itself if it is all of them. */
function gather(folder, share) {
  if (share === 1) return corpus;
  for (const file of files(corpus)) {
    const name = path.relative(corpus, file);
    if (!isPicked(name, share)) continue;
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    try { linkSync(file, path.join(folder, name)); } catch { copyFileSync(file, path.join(folder, name)); }
  }
  return folder;
}

function reasons(hits, flags) {
  const times = new Map();
  for (const hit of hits.filter((each) => each.outcome !== 'read').slice(0, 400)) { // a sample: hits stand by their digests
    const { note } = answer('show', ['show', hit.id, ...flags]);
    const reason = `${hit.outcome}: ${note ?? 'no reason given'}`;
    times.set(reason, (times.get(reason) ?? 0) + 1);
  }
  return [...times].sort((a, b) => b[1] - a[1]).slice(0, 10).map(([reason, n]) => `${n} ${reason}`);
}

test('the corpus as a folder', { skip: missing, timeout: limits.milliseconds }, async (t) => {
  const folder = scratch(t), flags = ['--catalog', path.join(folder, 'catalog')];
  const target = gather(path.join(folder, 'corpus'), shares.folder);
  const run = await watched(['sweep', target, '--format', 'json', ...flags]);
  assert.ok([0, 4].includes(run.code), `${run.code}\n${run.err}`);
  const summary = holds('sweep', JSON.parse(run.out));
  const { listed, read, unchanged, skipped, failed } = summary.objects;
  assert.equal(listed, files(target).length);
  assert.equal(listed, read + unchanged + skipped + failed);
  assert.equal(listed, summary.outcomes.reduce((sum, row) => sum + row.objects, 0));
  assert.equal(summary.complete, true);
  const hits = everyHit('', flags);
  t.diagnostic(`${listed} files, ${summary.documents} documents, ${run.seconds} s, ${run.megabytes} MB at most`);
  t.diagnostic(`outcomes of files: ${JSON.stringify(counted(summary.outcomes, 'outcome'))}`);
  t.diagnostic(`findings: ${JSON.stringify(summary.findings)}`);
  const unread = hits.filter((hit) => hit.outcome !== 'read');
  if (isWhole) for (const line of reasons(unread, flags)) t.diagnostic(line);
  const fallen = unread.filter((hit) => ['crashed', 'timed_out'].includes(hit.outcome)).map((hit) => hit.path);
  assert.deepEqual(fallen.filter((name) => !known.includes(name)), []);
  assert.equal(tidemark(['catalog', 'verify', ...flags]).code, 0);
  assert.ok(run.megabytes < limits.megabytes, `${run.megabytes} MB`);
});

test('the corpus as a container gives what the folder gives', { skip: missing, timeout: limits.milliseconds }, async (t) => {
  const folder = scratch(t);
  const picked = gather(path.join(folder, 'corpus'), shares.container);
  const [local, remote] = ['local', 'remote'].map((name) => ['--catalog', path.join(folder, name)]);
  const store = azurite(t);
  store.upload(picked, 'corpus', 'container');
  const here = tidemark(['sweep', picked, '--format', 'json', ...local]);
  const there = await watched(['sweep', `${store.endpoint}/corpus`, '--format', 'json', ...remote]);
  assert.ok([0, 4].includes(there.code), there.err);
  assert.equal(there.code, here.code);
  const [one, other] = [here, there].map((run) => holds('sweep', JSON.parse(run.out)));
  t.diagnostic(`${other.objects.listed} blobs, ${other.documents} documents, ${there.seconds} s, ${there.megabytes} MB at most`);
  assert.deepEqual(seen(everyHit('', remote)), seen(everyHit('', local)));
  for (const member of ['objects', 'documents', 'outcomes', 'findings', 'twins']) assert.deepEqual(other[member], one[member], member);
  assert.ok(there.megabytes < limits.megabytes, `${there.megabytes} MB`);
});
