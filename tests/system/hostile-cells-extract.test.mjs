// SPDX-License-Identifier: Apache-2.0
// Workers that were taken over by what they read: standin-extract under the name of tidemark-extract does to all objects but those
// called good... as a file beside it says. It costs the object, by name: never the run, another object, the catalog or memory.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { answer, everyHit, fakeAzure, files, holds, plant, sanitizer, scratch, sideBySide, tidemark } from './house.mjs';
import { lies, takenOver, zip } from './hostile-kit.mjs';
import { isAlive, watched } from './watch.mjs';

/* Six wait for a minute each. */
const test = sideBySide(9);
const letter = (name) => `Dear ${name}, write to ${name}@contoso.com\n`;
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const good = {
  'good-a.txt': letter('anna'), 'good-b.zip': zip([['first.txt', letter('bob')], ['second.txt', letter('cleo')]]), 'good-z.txt': letter('zoe'),
};
const goodOutcomes = Object.fromEntries(['good-a.txt', 'good-b.zip', 'good-b.zip!/first.txt', 'good-b.zip!/second.txt', 'good-z.txt']
  .map((name) => [name, 'read']));

const programs = (t, mode) => takenOver(t, 'extract', mode);

/* Sweeps bad objects among good ones; whatever the bad ones do, all that is here holds. query: what is looked at of it all. */
async function sweep(t, mode, bad, { code = 4, megabytes = 300, disk = 30, seconds = 90, args = ['-j', '2'], query = '', flags, target,
  from } = {}) {
  const folder = scratch(t);
  const isAlone = !flags;
  flags ??= ['--catalog', path.join(folder, 'catalog')];
  if (!target) plant(target = path.join(folder, 'leak'), { ...good, ...bad });
  from ??= programs(t, mode);
  const run = await watched(['sweep', target, ...args, ...flags, '--format', 'json'], { from });
  const held = files(flags[1]).reduce((sum, file) => sum + statSync(file).size, 0) / 2 ** 20;
  t.diagnostic(`${run.seconds.toFixed(1)} s, ${run.megabytes} MB, ${held.toFixed(1)} MB of catalog`);
  assert.equal(run.code, code, run.err);
  assert.deepEqual(run.pids.filter(isAlive), []);
  assert.ok(run.seconds < seconds * (sanitizer ? 4 : 1), `${run.seconds} s`);
  assert.ok(held < disk, `${held} MB of catalog`);
  if (!sanitizer) assert.ok(run.megabytes < megabytes, `${run.megabytes} MB`);
  assert.doesNotMatch(run.err, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/, 'nothing raw on standard error');
  assert.equal(answer('catalog-verify', ['catalog', 'verify', ...flags]).intact, true);
  answer('scope', ['scope', ...flags]);
  const summary = holds('sweep', JSON.parse(run.out)), hits = everyHit(query, flags);
  const { listed, read, unchanged, skipped, failed } = summary.objects;
  assert.equal(read + unchanged + skipped + failed, listed);
  if (isAlone) assert.equal(listed, hits.filter((hit) => !hit.path.includes('!/')).length);
  const outcomes = Object.fromEntries(hits.map((hit) => [hit.path, hit.outcome]));
  const others = hits.filter((hit) => hit.path.startsWith('good'));
  if (others.length > 0) {
    assert.deepEqual(Object.fromEntries(Object.entries(outcomes).filter(([name]) => name.startsWith('good'))), goodOutcomes);
    for (const name of ['anna', 'bob', 'cleo', 'zoe']) assert.equal(everyHit(`email:${name}@contoso.com`, flags).length, 1, name);
  }
  return { ...run, flags, target, from, summary, outcomes, hits, places: hits.length - others.length };
}

const only = { 'bad.txt': letter('dora') };

/* Longer than is held in memory, so that it is read by windows: nothing but a beginning. */
function large(file) {
  const out = openSync(file, 'w');
  writeSync(out, letter('emil'));
  ftruncateSync(out, 65 << 20);
  closeSync(out);
}

/* ---- it holds on ---- */

for (const mode of ['progress', 'silent', 'trickle', 'announce', 'parts'])
  test(`who idles has a minute, however it is spent: ${mode}`, async (t) => {
    const { outcomes } = await sweep(t, mode, only, { seconds: 150 });
    assert.equal(outcomes['bad.txt'], 'timed_out');
  });

test('who idles over what it was given later costs that one nothing', async (t) => {
  const { outcomes } = await sweep(t, 'sleeplater', only, { code: 0, args: ['-j', '1'], seconds: 150 });
  assert.equal(outcomes['bad.txt'], 'read');
});

test('who toils has the processor time of an object, however much it talks', async (t) => {
  const { outcomes, processor } = await sweep(t, 'toil', only, { args: ['-j', '2', '--object-time', '3'] });
  assert.equal(outcomes['bad.txt'], 'timed_out');
  assert.equal(outcomes['bad.txt!/part.txt'], 'read');
  if (!sanitizer) assert.ok(processor < 9, `${processor} s`);
});

for (const mode of ['docs', 'findings', 'facts'])
  test(`what comes out of an object has an end: ${mode}`, async (t) => {
    const { outcomes, summary } = await sweep(t, mode, only, { seconds: 240, disk: 25, query: '-path:bad.txt!/' });
    assert.equal(outcomes['bad.txt'], 'bomb');
    assert.ok(summary.documents > 100);
  });

/* ---- it breaks the protocol: it is believed nothing ---- */

for (const mode of lies)
  test(`crashed, and nothing else: ${mode}`, async (t) => {
    const { outcomes, hits, summary, flags } = await sweep(t, mode, { ...only, 'bad-too.txt': letter('emil') });
    assert.equal(outcomes['bad.txt'], 'crashed');
    assert.equal(outcomes['bad-too.txt'], 'crashed');
    assert.equal(summary.objects.failed, 2);
    assert.equal(everyHit('planted', flags).filter((hit) => !hit.path.includes('!/')).length, 0);
    assert.ok(hits.length <= Object.keys(goodOutcomes).length + 4);
  });

for (const mode of ['want', 'wants', 'deaf'])
  test(`windows that are not there, without end, or never taken: ${mode}`, async (t) => {
    const folder = scratch(t);
    large(path.join(plant(folder, { ...good, x: '' }), 'bad.bin'));
    const { outcomes } = await sweep(t, mode, {}, { target: folder, megabytes: 500 });
    assert.equal(outcomes['bad.bin'], 'crashed');
  });

test('who falls over what it was given later costs that one nothing', async (t) => {
  const { outcomes } = await sweep(t, 'dielater', { ...only, 'bad-too.txt': letter('emil') }, { code: 0, args: ['-j', '1'] });
  assert.deepEqual([outcomes['bad.txt'], outcomes['bad-too.txt']], ['read', 'read']);
});

test('who keeps what it was handed keeps little', async (t) => {
  const bad = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`bad-${i}`, letter(`bad-${i}`)]));
  const { flags, summary } = await sweep(t, 'hoard', bad, { code: 0, args: ['-j', '1'] });
  assert.equal(summary.objects.read, 43);
  assert.ok(everyHit('"hoard of 2"', flags).length > 0);
  assert.equal(everyHit('"hoard of 17"', flags).length, 0);
});

test('counts that are no numbers are unknown', async (t) => {
  const { hits, flags } = await sweep(t, 'factnumber', only, { code: 0 });
  const { declared, seen, rows, rows_catalog: inCatalog } = answer('show', ['show', hits.find(({ path: at }) => at === 'bad.txt').id, ...flags]);
  assert.deepEqual([declared, seen, rows, inCatalog],
    [{ members: null, pages: null, rows: null }, { members: 3, pages: null, rows: null }, null, null]);
});

/* ---- it says what it was not asked ---- */

test('what was said of the first object is not said of the second', async (t) => {
  const bad = Object.fromEntries(['bad-1', 'bad-2', 'bad-3'].map((name) => [name, letter(name)]));
  const { outcomes, flags } = await sweep(t, 'again', bad, { code: 0, args: ['-j', '1'] });
  for (const name of Object.keys(bad)) assert.equal(outcomes[name], 'read');
  assert.equal(everyHit('"of the first object"', flags).length, 3);
});

test('what is said behind the end is said of nothing', async (t) => {
  const bad = { 'bad-1': letter('dora'), 'bad-2': letter('emil') };
  const { outcomes, flags } = await sweep(t, 'tail', bad, { code: 0, args: ['-j', '1'] });
  for (const name of Object.keys(bad)) assert.equal(outcomes[name], 'read');
  assert.equal(everyHit('"own words"', flags).length, 2);
  assert.equal(everyHit('planted', flags).length, 0);
});

/* ---- it names bytes that it never read ---- */

const victim = 'The true words of the victim, to victim@fabrikam.com\n';

for (const [order, sweeps] of Object.entries({ 'comes later': ['bad', 'good'], 'came before': ['good', 'bad'] }))
  test(`a part that claims to be what ${order} says it of itself alone`, async (t) => {
    const folder = scratch(t), flags = ['--catalog', path.join(folder, 'catalog')];
    const from = programs(t, `poison ${sha256(victim)}`);
    for (const name of sweeps) {
      const target = plant(path.join(folder, name), name === 'bad' ? { 'bad.zip': 'whatever' } : { 'victim.txt': victim });
      if (name === 'bad') await sweep(t, '', {}, { code: 0, flags, target, from });
      else assert.equal(tidemark(['sweep', target, ...flags]).code, 0);
    }
    const [hit] = everyHit('name:victim.txt', flags), shown = answer('show', ['show', hit.id, ...flags]);
    assert.equal(hit.sha256, sha256(victim));
    assert.equal(tidemark(['show', hit.id, '--text', ...flags]).out, victim);
    assert.deepEqual(shown.twins, []);
    assert.deepEqual(everyHit('planted', flags).map(({ path: place }) => place), ['bad.zip!/part.txt']);
    assert.deepEqual(everyHit('email:victim@fabrikam.com', flags).map(({ path: place }) => place), ['victim.txt']);
    assert.equal(answer('catalog-verify', ['catalog', 'verify', ...flags]).intact, true);
  });

test('an object is what fetch says it is, also where it is read by windows', async (t) => {
  const folder = scratch(t);
  plant(folder, { ...good, 'bad.txt': letter('dora') });
  large(path.join(folder, 'bad.bin'));
  const run = await sweep(t, `ownsha ${sha256(victim)}`, {}, { code: 0, target: folder });
  plant(folder, { 'victim.txt': victim });
  assert.equal(tidemark(['sweep', folder, ...run.flags]).code, 0);
  for (const name of ['bad.txt', 'bad.bin']) {
    const [hit] = everyHit(`path:${name}`, run.flags);
    assert.equal(hit.sha256, sha256(readFileSync(path.join(folder, name))));
    assert.equal(hit.size, statSync(path.join(folder, name)).size);
  }
  const [hit] = everyHit('name:victim.txt', run.flags);
  assert.equal(tidemark(['show', hit.id, '--text', ...run.flags]).out, victim);
});

test('where fetch did not see every byte, a worker\'s digest is nobody\'s', async (t) => {
  const { port } = await fakeAzure(t, {
    accounts: { acme: { containers: { open: { public: 'container', blobs: [{ name: 'bad.bin', text: 'x', size: 65 << 20 }] } } } },
  });
  const target = `az+http://127.0.0.1:${port}/acme/open`;
  const { hits, flags } = await sweep(t, `ownsha ${sha256(victim)}`, {}, { code: 0, target });
  assert.deepEqual(hits.map((hit) => [hit.name, hit.sha256, hit.size]), [['bad.bin', null, 65 << 20]]);
  const later = plant(path.join(scratch(t), 'later'), { 'victim.txt': victim });
  assert.equal(tidemark(['sweep', later, ...flags]).code, 0);
  const [hit] = everyHit('name:victim.txt', flags);
  assert.equal(tidemark(['show', hit.id, '--text', ...flags]).out, victim);
});

/* ---- it says what may be said, at its worst ---- */

test('parts as large as may be said do not break the sums', async (t) => {
  const bad = { 'bad-1': 'a', 'bad-2': 'bc' };
  const { flags, summary, hits } = await sweep(t, 'largest', bad, { code: 0 });
  assert.equal(summary.objects.read, 5);
  for (const [name, bytes] of Object.entries(bad)) assert.equal(hits.find((hit) => hit.path === name).size, bytes.length);
  assert.equal(tidemark(['sweep', path.join(path.dirname(flags[1]), 'leak'), ...flags]).code, 0);
});

test('a part whose whole never came stands by itself', async (t) => {
  const { flags } = await sweep(t, 'orphan', only, { code: 0 });
  const [hit] = everyHit('orphan', flags);
  assert.equal(hit.path, 'bad.txt!/a');
  answer('show', ['show', hit.id, ...flags]);
});

test('paths that want to lead elsewhere, or to speak to a terminal, are names', async (t) => {
  const { flags, places } = await sweep(t, 'paths', only, { code: 0 });
  assert.equal(places, 9);
  assert.doesNotMatch(tidemark(['search', 'strange', ...flags]).out, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
  assert.equal(existsSync('/tmp/slipped'), false);
});

test('names that are shown for what cannot be read are names, and nobody else\'s', async (t) => {
  const { flags, hits, places } = await sweep(t, 'shownpaths', only, { code: 0 });
  assert.equal(places, 6);
  const strange = hits.filter(({ path: place }) => place.startsWith('bad.txt!/'));
  assert.equal(strange.length, 5);
  assert.deepEqual(strange.map(({ path_bytes: bytes }) => Buffer.from(bytes, 'base64').toString('latin1')).sort(),
    [0, 1, 2, 3, 4].map((nth) => `bad.txt!/\xff${nth}`));
  assert.doesNotMatch(tidemark(['search', 'strange', ...flags]).out, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
  assert.equal(existsSync('/tmp/slipped'), false);
  assert.match(tidemark(['show', '--text', 'good-b.zip!/first.txt', ...flags]).out, /bob@contoso/);
});

test('a signature without a form is said to be unknown, and steers no terminal', async (t) => {
  const { flags, hits } = await sweep(t, 'factsignature', only, { code: 0 });
  const { id } = hits.find(({ path: place }) => place === 'bad.txt');
  const [signature] = answer('show', ['show', id, ...flags]).signatures;
  assert.deepEqual([signature.kind, signature.intact, signature.time], ['planted', null, null]);
  assert.doesNotMatch(tidemark(['show', id, ...flags]).out, /[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
});

test('nothing that a worker writes reaches the terminal as it is', { skip: sanitizer ? 'reports of sanitizers go there' : false },
  async (t) => {
    const { outcomes } = await sweep(t, 'stderr', only, { code: 0 });
    assert.equal(outcomes['bad.txt'], 'read');
  });
