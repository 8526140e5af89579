// SPDX-License-Identifier: Apache-2.0
// Every lie of a worker that was taken over, in one sweep: objects called bad-MODE among honest ones; and every one of a fetch program
// that needs no waiting for: targets called so. What each costs by itself, in time and memory, hostile-cells-* hold; this is short enough for every tree, so that what takes the lies apart is watched
// by the sanitizers, too.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { answer, everyHit, holds, plant, scratch, tidemark } from './house.mjs';
import { lies, lost, takenOver, zip } from './hostile-kit.mjs';

/* These say what may be said, at its worst. */
const bold = ['largest', 'orphan', 'paths', 'shownpaths', 'factnumber', 'factsignature', 'tail', 'poison', 'ownsha'];

test('every lie costs the object that was lied about, and none is believed', (t) => {
  const folder = scratch(t), target = path.join(folder, 'leak'), flags = ['--catalog', path.join(folder, 'catalog')];
  const bad = Object.fromEntries([...lies, ...bold].map((mode) => [`bad-${mode}`, `Dear Dora, this is ${mode}\n`]));
  plant(target, { ...bad, 'good-a.txt': 'anna@contoso.com\n', 'good-b.zip': zip([['first.txt', 'bob@contoso.com\n']]), 'good-z.txt': 'zoe@contoso.com\n' });
  const run = tidemark(['sweep', target, '-j', '2', ...flags, '--format', 'json'], { from: takenOver(t, 'extract', 'byname') });
  assert.equal(run.code, 4, run.err);
  const summary = holds('sweep', JSON.parse(run.out)), outcomes = Object.fromEntries(everyHit('', flags).map((hit) => [hit.path, hit.outcome]));
  assert.equal(summary.objects.failed, lies.length);
  for (const mode of lies) assert.equal(outcomes[`bad-${mode}`], 'crashed', mode);
  for (const mode of bold) assert.equal(outcomes[`bad-${mode}`], 'read', mode);
  for (const name of ['good-a.txt', 'good-b.zip', 'good-b.zip!/first.txt', 'good-z.txt']) assert.equal(outcomes[name], 'read', name);
  for (const name of ['anna', 'bob', 'zoe']) assert.equal(everyHit(`email:${name}@contoso.com`, flags).length, 1, name);
  assert.deepEqual(everyHit('planted', flags).filter((hit) => lies.includes(hit.path.slice(4))), []);
  assert.doesNotMatch(run.err, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/, 'nothing raw on standard error');
  assert.equal(answer('catalog-verify', ['catalog', 'verify', ...flags]).intact, true);
  answer('scope', ['scope', ...flags]);
});

test('every lie of fetch costs the target that was lied about', (t) => {
  const folder = scratch(t), flags = ['--catalog', path.join(folder, 'catalog')], web = 'az+http://127.0.0.1:9/acme/';
  const modes = Object.entries(lost).filter(([, [said]]) => !said.test('was silent'));
  assert.ok(modes.length > 25);
  const targets = [...modes.map(([mode]) => `${web}bad-${mode}`), `${web}good`];
  const run = tidemark(['sweep', ...targets, '--patience', '60', ...flags, '--format', 'json'], { from: takenOver(t, 'fetch', 'byname') });
  assert.equal(run.code, 4, run.err);
  const summary = holds('sweep', JSON.parse(run.out)), hits = everyHit('', flags);
  assert.equal(summary.complete, false);
  for (const [mode, [said, outcome]] of modes) {
    const told = run.err.split('\n').filter((line) => line.includes(`bad-${mode}: was given up`));
    assert.equal(told.length, 1, mode);
    assert.match(told[0], said, mode);
    assert.deepEqual([...new Set(hits.filter((hit) => hit.container === `bad-${mode}`).map((hit) => hit.outcome))], outcome ? [outcome] : [], mode);
  }
  assert.deepEqual(hits.filter((hit) => hit.container === 'good').map((hit) => hit.outcome), ['read', 'read']);
  assert.doesNotMatch(run.err, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/, 'nothing raw on standard error');
  assert.equal(answer('catalog-verify', ['catalog', 'verify', ...flags]).intact, true);
});
