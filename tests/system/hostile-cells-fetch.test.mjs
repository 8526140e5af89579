// SPDX-License-Identifier: Apache-2.0
// A tidemark-fetch that was taken over: standin-fetch under its name, which lies as a file beside it says, to targets called bad.
// It costs that target, by name: never the run, the catalog or memory, and nothing of it reaches the terminal raw.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { answer, everyHit, holds, sanitizer, scratch, sideBySide, tidemark } from './house.mjs';
import { lost, takenOver } from './hostile-kit.mjs';
import { isAlive, watched } from './watch.mjs';

/* Half of them wait until patience is at its end. */
const test = sideBySide(4);
/* Sanitizers slow down whoever is to answer in time. */
const patience = ['--patience', sanitizer ? '6' : '2'], web = 'az+http://127.0.0.1:9/acme/';

const programs = (t, mode) => takenOver(t, 'fetch', mode);

function assertTame(run) {
  assert.doesNotMatch(run.err, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/, 'nothing raw on standard error');
  assert.deepEqual(run.pids.filter(isAlive), []);
  assert.ok(run.seconds < (sanitizer ? 360 : 90), `${run.seconds} s`);
  if (!sanitizer) assert.ok(run.own <= 150, `${run.own} MB`);
}

/* Sweeps a bad target and a good one; gives the run, its summary, and the outcomes of what was listed of the bad one. */
async function sweep(t, mode, bad = `${web}bad`, args = patience) {
  const from = programs(t, mode), catalog = path.join(from, 'catalog'), flags = ['--catalog', catalog];
  const run = await watched(['sweep', bad, `${web}good`, ...args, ...flags, '--format', 'json'], { from });
  t.diagnostic(`${run.seconds.toFixed(1)} s, ${run.own} MB; ${run.err.trim().split('\n').join(' | ').slice(0, 300)}`);
  assertTame(run);
  const summary = holds('sweep', JSON.parse(run.out));
  assert.equal(answer('catalog-verify', ['catalog', 'verify', ...flags]).intact, true);
  answer('scope', ['scope', ...flags]);
  const hits = everyHit('', flags), good = hits.filter((hit) => hit.container === 'good');
  assert.deepEqual(good.map((hit) => [hit.name, hit.outcome]).sort(), [['a.txt', 'read'], ['b.txt', 'read']]);
  const { listed, read, unchanged, skipped, failed } = summary.objects;
  assert.deepEqual([listed, summary.outcomes.reduce((sum, row) => sum + row.objects, 0)], [hits.length, listed]);
  assert.equal(read + unchanged + skipped + failed, listed);
  const outcomes = [...new Set(hits.filter((hit) => hit.container !== 'good').map((hit) => hit.outcome))];
  return { ...run, from, flags, summary, hits, outcomes };
}

for (const [mode, [said, outcome]] of Object.entries(lost))
  test(`lost, and given up: ${mode}`, async (t) => {
    const run = await sweep(t, mode);
    assert.equal(run.code, 4, run.err);
    assert.equal(run.summary.complete, false);
    assert.match(run.err, said);
    assert.match(run.err, /bad: was given up: tidemark-fetch/);
    assert.deepEqual(run.outcomes, outcome ? [outcome] : []);
  });

/* What a server may do as well costs the listing: [what is said]. */
const listings = {
  samecursor: /circles/, circle: /circles/, cursors: /nothing new|no new name/, samenames: /same objects|nothing new|no new name/,
  manynames: /same objects/, 'list-broken': /so it is said/,
};

for (const [mode, said] of Object.entries(listings))
  test(`a listing that gets nowhere: ${mode}`, async (t) => {
    /* It is stopped by what it names, however long that takes us. */
    const run = await sweep(t, mode, undefined, mode === 'manynames' ? ['--patience', '60'] : patience);
    assert.equal(run.code, 4, run.err);
    assert.equal(run.summary.complete, false);
    assert.match(run.err, said);
    assert.match(run.err, /could not be listed to its end/);
    assert.ok(run.outcomes.every((outcome) => outcome === 'read'), run.outcomes.join());
  });

for (const [mode, place] of [['foreign', (from) => `${web}bad/within`], ['dots', null], ['absolute', null]])
  test(`names that were not asked for: ${mode}`, async (t) => {
    const folder = path.join(scratch(t), 'bad');
    mkdirSync(folder);
    const run = await sweep(t, mode, place ? place() : folder);
    assert.equal(run.code, 4, run.err);
    assert.equal(run.summary.complete, false);
    assert.match(run.err, /not asked for/);
    assert.deepEqual(run.outcomes, []);
  });

test('a sample is drawn from a listing that gets somewhere only', async (t) => {
  const run = await sweep(t, 'circle', undefined, ['--sample', '5', ...patience]);
  assert.match(run.err, /circles/);
  assert.deepEqual([run.code, run.summary.complete], [4, false]);
});

/* What costs the object alone: [exit code, its outcome]. */
const objects = { 'window-size': [4, 'changed'], 'failed-memory': [4, 'unreachable'], 'failed-broken': [4, 'unreachable'],
  'failed-counts': [4, 'denied'], hugesizes: [0, 'read'] };

for (const [mode, [code, outcome]] of Object.entries(objects))
  test(`sizes and failures are not taken on its word: ${mode}`, async (t) => {
    const run = await sweep(t, mode);
    assert.equal(run.code, code, run.err);
    assert.equal(run.summary.complete, true);
    assert.deepEqual(run.outcomes, [outcome]);
    assert.ok(run.summary.bytes.fetched <= 3 * (64 << 20), `${run.summary.bytes.fetched} bytes`);
  });

test('what was given up is read by the next sweep', async (t) => {
  const run = await sweep(t, 'noget');
  assert.equal(run.summary.objects.failed, 2);
  writeFileSync(path.join(run.from, 'mode'), 'honest\n');
  const again = tidemark(['sweep', `${web}bad`, `${web}good`, ...run.flags, ...patience, '--format', 'json'], { from: run.from });
  assert.equal(again.code, 0, again.err);
  const { objects } = holds('sweep', JSON.parse(again.out));
  assert.deepEqual([objects.read, objects.unchanged, objects.failed], [2, 2, 0]);
});

test('alone, a target that was lost while it was listed is a sweep that could list nothing', async (t) => {
  for (const [mode, code] of [['nolist', 1], ['die', 4]]) {
    const from = programs(t, mode), flags = ['--catalog', path.join(from, 'catalog')];
    const run = await watched(['sweep', `${web}bad`, ...patience, ...flags, '--format', 'json'], { from });
    assertTame(run);
    assert.equal(run.code, code, run.err);
    assert.equal(holds('sweep', JSON.parse(run.out)).complete, false);
  }
});

test('what it writes to standard error is told, and nothing more of it', { skip: sanitizer ? 'reports stay visible' : false }, async (t) => {
  const run = await sweep(t, 'stderr');
  assert.equal(run.code, 4);
  assert.match(run.err, /ended unexpectedly; it said: .*raw words/);
  assert.ok(run.err.length < 2000, `${run.err.length} bytes`);
});

/* ---- probes ---- */

const probes = {
  noverdict: 'unreachable', notready: 'unknown', die: 'listable', 'probe-absent': 'unknown', 'probe-memory': 'unknown',
  'setup-absent': 'unknown', 'setup-usage': 'unknown', 'setup-memory': 'unknown', stderr: 'unknown', 'verdict-kind': 'unknown',
  'verdict-unheard': 'unknown', 'verdict-silent': 'unknown', 'verdict-status': 'unknown', 'verdict-counts': 'unknown',
  'verdict-tail': 'unknown', 'verdict-times': 'listable',
};

for (const [mode, verdict] of Object.entries(probes))
  test(`a probe of one target costs no other: ${mode}`, async (t) => {
    const from = programs(t, mode), began = Math.floor(Date.now() / 1000) - 1;
    const run = await watched(['probe', `${web}bad`, `${web}good`, ...patience, '--format', 'json'], { from });
    t.diagnostic(`${run.seconds.toFixed(1)} s; ${run.err.trim().split('\n').join(' | ').slice(0, 300)}`);
    assertTame(run);
    assert.equal(run.code, 3, run.err);
    const { targets: [bad, good] } = holds('probe', JSON.parse(run.out));
    assert.equal(good.verdict, 'listable');
    assert.ok([verdict, verdict === 'unknown' ? 'unreachable' : verdict].includes(bad.verdict), bad.verdict);
    for (const time of [good, bad].flatMap((target) => [target.observed_at, ...target.evidence.map((row) => row.at)]))
      assert.ok(Date.parse(time) / 1000 >= began && Date.parse(time) <= Date.now() + 1000, time);
    for (const format of ['table', 'sarif', 'ocsf', 'csv']) {
      const shown = tidemark(['probe', `${web}good`, '--format', format], { from });
      assert.equal(shown.code, 3);
      if (format === 'table') assert.doesNotMatch(shown.out, /\x1b/);
    }
  });
