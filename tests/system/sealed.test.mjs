// SPDX-License-Identifier: Apache-2.0
// A stolen catalog, without its key, tells nothing but sizes and times; a catalog with a flipped byte tells where.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { answer, exited, files as filesOf, plant, scratch, start, tidemark } from './house.mjs';
import { zip } from './hostile-kit.mjs';

/* Words no other file of this machine has, and the names and places they stand in. */
const needles = ['Zanderquist', 'zanderquist', 'brumalworth', 'Brumalworth', 'grubelkiste', 'ottokarsson', 'vollmondia',
  'Schattenregal', 'klabautermann', 'wunderkammer-incident', 'order of Querulant'];

const contents = (i) => `Zanderquist writes to ottokarsson${i}@vollmondia.example about brumalworth\n` +
  `https://brumalworth.example.org/grubelkiste/${i}\n`.repeat(20) + 'Grüße von Zanderquist\n';

function plantSecrets(target) {
  const leak = {};
  for (let i = 0; i < 60; i++) leak[`Schattenregal/klabautermann-${i}.txt`] = contents(i);
  for (let i = 0; i < 10; i++) leak[`grubelkiste-${i}.zip`] = zip([[`Schattenregal-${i}.txt`, contents(100 + i)]]);
  plant(target, leak);
}

const utf16 = (text, swap) => (swap ? Buffer.from(text, 'utf16le').swap16() : Buffer.from(text, 'utf16le'));
const spellings = needles.flatMap((needle) => [['UTF-8', Buffer.from(needle)], ['UTF-16LE', utf16(needle, false)],
  ['UTF-16BE', utf16(needle, true)]].map(([encoding, bytes]) => ({ needle, encoding, bytes })));

/* Contents and names of every file there is now, logs and indexes of logs included. */
function assertTellsNothing(catalog) {
  let searched = 0;
  for (const file of filesOf(catalog)) {
    let bytes;
    try { bytes = readFileSync(file); } catch { continue; }
    searched += bytes.length;
    for (const { needle, encoding, bytes: spelling } of spellings)
      assert.equal(bytes.indexOf(spelling), -1, `${needle} in ${encoding} in ${path.relative(catalog, file)}`);
    for (const needle of needles) assert.ok(!path.relative(catalog, file).includes(needle), file);
    assert.ok(!bytes.subarray(0, 16).equals(Buffer.from('SQLite format 3\0')), file);
  }
  return searched;
}

const placeIn = (folder) => ({
  target: path.join(folder, 'leak'), catalog: path.join(folder, 'catalog'),
  flags: ['--catalog', path.join(folder, 'catalog'), '--incident', 'wunderkammer-incident'],
});

const sweepArgs = ({ target, flags }) => ['sweep', target, '--authority', 'order of Querulant', ...flags];

test('after a sweep, while it runs, and after more of them, a stolen catalog tells nothing', async (t) => {
  const folder = scratch(t), place = placeIn(folder);
  plantSecrets(place.target);
  const child = start(sweepArgs(place)), ended = exited(child);
  let searched = 0, looks = 0;
  while (child.exitCode === null && child.signalCode === null) {
    try { searched += assertTellsNothing(place.catalog); looks++; } catch (error) { if (error.code !== 'ENOENT') throw error; }
    await sleep(20);
  }
  assert.equal(await ended, 0);
  assertTellsNothing(place.catalog);
  for (const args of [['search', 'Zanderquist'], ['lookup', 'vollmondia.example'], ['entities', '--sort', 'value'], ['scope']])
    assert.ok([0, 2].includes(tidemark([...args, ...place.flags]).code), args.join(' '));
  assert.ok(answer('search', ['search', 'Zanderquist', ...place.flags]).total >= 70);
  assertTellsNothing(place.catalog);
  plant(place.target, { 'Schattenregal/new.txt': contents(999) });
  answer('sweep', [...sweepArgs(place), '--redo', 'all']);
  searched += assertTellsNothing(place.catalog);
  t.diagnostic(`${looks} looks during the sweep, ${Math.round(searched / 2 ** 20)} MiB searched in all`);
});

test('killed in mid-sweep, and continued, a stolen catalog tells nothing', async (t) => {
  const folder = scratch(t), place = placeIn(folder);
  plantSecrets(place.target);
  for (let round = 0; round < 4; round++) {
    const child = start(sweepArgs(place)), ended = exited(child);
    await Promise.race([sleep(400 + 250 * round), ended]);
    child.kill('SIGKILL');
    await ended;
    assertTellsNothing(place.catalog);
  }
  answer('sweep', sweepArgs(place));
  assertTellsNothing(place.catalog);
});

test('a purged incident leaves nothing that could be found', (t) => {
  const folder = scratch(t), place = placeIn(folder);
  plantSecrets(place.target);
  answer('sweep', sweepArgs(place));
  const before = filesOf(place.catalog).length;
  answer('catalog-purge', ['catalog', 'purge', '--yes', ...place.flags]);
  assert.ok(filesOf(place.catalog).length < before);
  assertTellsNothing(place.catalog);
});

/* The same numbers every time. */
function* numbers(seed) {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

test('a flipped byte anywhere is found by verify, which names file and page, and crashes no reader', (t) => {
  const folder = scratch(t), place = placeIn(folder), rounds = 40, next = numbers(20221108);
  plantSecrets(place.target);
  answer('sweep', sweepArgs(place));
  const databases = filesOf(place.catalog).filter((file) => file.endsWith('.db'));
  let refused = 0;
  for (let round = 0; round < rounds; round++) {
    const copy = path.join(folder, `copy-${round}`);
    cpSync(place.catalog, copy, { recursive: true });
    cpSync(`${place.catalog}.key`, `${copy}.key`);
    const file = path.relative(place.catalog, databases[Math.floor(next.next().value * databases.length)]);
    const bytes = readFileSync(path.join(copy, file));
    /* The first and the last byte of each file are among them. */
    const at = round === 0 ? 0 : round === 1 ? bytes.length - 1 : Math.floor(next.next().value * bytes.length);
    bytes[at] ^= 1 << (round % 8);
    writeFileSync(path.join(copy, file), bytes);
    const flags = ['--catalog', copy, '--incident', 'wunderkammer-incident'];
    for (const args of [['search', 'Zanderquist'], ['entities'], ['scope']]) {
      const result = tidemark([...args, ...flags]);
      assert.equal(result.signal, null, `${args[0]}, byte ${at} of ${file}`);
      assert.ok([0, 1].includes(result.code), `${args[0]}: ${result.code}, byte ${at} of ${file}: ${result.err}`);
    }
    const verified = tidemark(['catalog', 'verify', '--format', 'json', ...flags]);
    assert.equal(verified.signal, null);
    assert.equal(verified.code, 1, `byte ${at} of ${bytes.length} of ${file}: ${verified.out} ${verified.err}`);
    if (verified.out.trim().startsWith('{')) {
      const { damage, intact } = JSON.parse(verified.out);
      assert.equal(intact, false);
      assert.ok(damage.length > 0);
      assert.ok(JSON.stringify(damage).includes(path.basename(file)), `byte ${at} of ${file}: ${JSON.stringify(damage)}`);
    } else {
      refused++;
      assert.match(verified.err, /^tidemark: [^\n]+\n$/);
    }
  }
  t.diagnostic(`${rounds} flips, ${refused} of them so early that the catalog is not opened at all`);
});

test('files and folders of a catalog are their owner\'s alone', (t) => {
  const folder = scratch(t), place = placeIn(folder);
  plant(place.target, { 'a.txt': contents(1) });
  answer('sweep', sweepArgs(place));
  for (const file of [...filesOf(place.catalog), `${place.catalog}.key`]) assert.equal(statSync(file).mode & 0o077, 0, file);
  for (const entry of ['', ...readdirSync(place.catalog)])
    assert.equal(statSync(path.join(place.catalog, entry)).mode & 0o077, 0, entry);
});
