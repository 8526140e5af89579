// SPDX-License-Identifier: Apache-2.0
// An older copy of an incident, or of the journal, is noticed by both verifies; what was only killed, copied whole or purged
// is not taken for one. And where copies and keys may not lie.
import assert from 'node:assert/strict';
import { chownSync, cpSync, existsSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { answer, exited, plant, scratch, start, tidemark } from './house.mjs';

function place(t) {
  const folder = scratch(t), target = path.join(folder, 'leak'), catalog = path.join(folder, 'catalog');
  const flags = ['--catalog', catalog];
  plant(target, { 'a.txt': 'anna@contoso.com' });
  return {
    folder, target, catalog, flags,
    sweep: (...more) => answer('sweep', ['sweep', target, ...flags, ...more]),
    keep: (name) => cpSync(catalog, path.join(folder, name), { recursive: true, preserveTimestamps: true }),
    putBack(name, part) {
      const parts = readdirSync(path.join(folder, name)).filter((entry) => (part === 'journal') === entry.startsWith('tidemark.db'));
      for (const entry of parts) {
        rmSync(path.join(catalog, entry), { recursive: true, force: true });
        cpSync(path.join(folder, name, entry), path.join(catalog, entry), { recursive: true });
      }
    },
    verify: (code) => [answer('catalog-verify', ['catalog', 'verify', ...flags], { code }),
      answer('journal-verify', ['journal', 'verify', ...flags], { code })],
  };
}

function assertWhole({ verify }) {
  const [catalog, journal] = verify(0);
  assert.deepEqual([catalog.intact, catalog.damage, journal.intact, journal.disagreements], [true, [], true, []]);
}

function assertNoticed({ verify, flags }, file, what) {
  const [catalog, journal] = verify(1);
  assert.deepEqual([catalog.intact, journal.intact, journal.bad], [false, false, null]);
  for (const [found] of [catalog.damage, journal.disagreements]) {
    assert.match(found.file, file);
    assert.match(found.what, what);
  }
  assert.match(tidemark(['journal', 'verify', ...flags]).err, what);
}

test('an incident put back from an older copy is noticed, and its next sweep goes on record', (t) => {
  const here = place(t);
  here.sweep();
  here.keep('first');
  plant(here.target, { 'b.txt': 'bob@contoso.com' });
  here.sweep();
  here.keep('second');
  assertWhole(here);
  here.putBack('first', 'incident');
  assertNoticed(here, /incident\.db$/, /incident default is older than the journal says: sweep 2 ended 2\d\d\d-.*Z; an old copy was put back/);
  const again = tidemark(['sweep', here.target, ...here.flags]);
  assert.equal(again.code, 0);
  assert.match(again.err, /default: is an older copy that was put back/);
  assertWhole(here);
  assert.deepEqual(answer('journal-show', ['journal', 'show', ...here.flags]).entries.map((entry) => entry.verb),
    ['sweep', 'older copy', 'sweep', 'sweep']);
  /* What the other way round looks like; and a pair is a pair, however old. */
  here.putBack('second', 'incident');
  here.putBack('first', 'journal');
  assertNoticed(here, /^tidemark\.db$/, /the journal is older than incident default: sweep 2 ended/);
  here.putBack('first', 'incident');
  assertWhole(here);
  assert.doesNotMatch(tidemark(['sweep', here.target, ...here.flags]).err, /older copy/);
});

test('an incident whose folder is gone is noticed, one that was purged is not missed', (t) => {
  const here = place(t);
  here.sweep();
  here.sweep('--incident', 'other');
  here.keep('both');
  const purged = answer('catalog-purge', ['catalog', 'purge', '--incident', 'other', '--yes', ...here.flags]).purged;
  assert.equal(purged.length, 1);
  answer('catalog-purge', ['catalog', 'purge', '--expired', '--yes', ...here.flags]);
  assertWhole(here);
  here.putBack('both', 'incident');
  assertNoticed(here, /incident\.db$/, /incident default is older than the journal says/);
  for (const entry of readdirSync(here.catalog).filter((name) => !name.startsWith('tidemark.db')))
    rmSync(path.join(here.catalog, entry), { recursive: true });
  assertNoticed(here, /incident\.db$/, /incident default is missing: sweep 1 ended/);
});

test('killed and interrupted anywhere, an incident is of its time', async (t) => {
  const here = place(t), leak = {};
  for (let i = 0; i < 300; i++) leak[`${i}.txt`] = `letter ${i} to anna${i}@contoso.com`;
  plant(here.target, leak);
  for (let round = 0; round < 6; round++) {
    const child = start(['sweep', here.target, ...here.flags]), ended = exited(child);
    await Promise.race([sleep(60 + 160 * round), ended]);
    child.kill(round % 2 ? 'SIGINT' : 'SIGKILL');
    await ended;
    if (existsSync(path.join(here.catalog, 'tidemark.db')) && tidemark(['catalog', 'info', ...here.flags]).code === 0) assertWhole(here);
  }
  here.sweep();
  assertWhole(here);
});

test('a backup of a catalog in use is of one time, and lies apart from it', async (t) => {
  const here = place(t), key = ['--key-file', `${here.catalog}.key`];
  here.sweep();
  const refused = (where) => {
    const { code, err } = tidemark(['catalog', 'backup', where, ...here.flags]);
    assert.equal(code, 1, where);
    assert.match(err, /is within the catalog or around it/);
  };
  symlinkSync(here.catalog, path.join(here.folder, 'link'));
  for (const where of ['', '/', '/copy', '/copy/', '/../catalog/copy']) refused(here.catalog + where);
  for (const where of ['link', 'link/copy', '.']) refused(path.join(here.folder, where));
  refused(here.folder + '/');
  assert.equal(existsSync(path.join(here.catalog, 'copy')), false);
  const sweeping = (async () => { for (let i = 0; i < 5; i++) await exited(start(['sweep', here.target, ...here.flags])); })();
  for (let i = 0, over = false; !over; i++) {
    const copy = path.join(here.folder, `copy-${i}`);
    const made = start(['catalog', 'backup', copy, ...here.flags]);
    over = await Promise.race([sweeping.then(() => true), exited(made).then(() => false)]);
    assert.equal(await exited(made), 0);
    answer('catalog-verify', ['catalog', 'verify', '--catalog', copy, ...key]);
    answer('journal-verify', ['journal', 'verify', '--catalog', copy, ...key]);
  }
});

test('a key that belongs to another user is refused', { skip: process.getuid() !== 0 && 'only root gives files away' }, (t) => {
  const here = place(t);
  here.sweep();
  chownSync(`${here.catalog}.key`, 65534, 65534);
  for (const args of [['search', 'anna'], ['sweep', here.target], ['catalog', 'verify']]) {
    const { code, err } = tidemark([...args, ...here.flags]);
    assert.equal(code, 1);
    assert.match(err, /catalog\.key: it belongs to another user \(65534\).*chown/);
  }
  chownSync(`${here.catalog}.key`, 0, 0);
  assert.equal(tidemark(['search', 'anna', ...here.flags]).code, 0);
  /* One that another user left where a key is looked for first is not taken for a new catalog's. */
  const planted = path.join(here.folder, 'new');
  writeFileSync(`${planted}.key`, Buffer.alloc(32), { mode: 0o600 });
  chownSync(`${planted}.key`, 65534, 65534);
  assert.equal(tidemark(['sweep', here.target, '--catalog', planted]).code, 1);
  assert.equal(existsSync(path.join(planted, 'tidemark.db')), false);
});
