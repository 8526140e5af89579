// SPDX-License-Identifier: Apache-2.0
// What a sweep survives: being killed anywhere, interrupted, out of space, shut out, or run twice at once. After each, the same
// command again comes to what an undisturbed sweep comes to.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { answer, everyHit, exited, files as filesOf, fakeAzure, holds, plant, sanitizer, scratch, start, tidemark } from './house.mjs';
import { zip } from './hostile-kit.mjs';
import { family, isAlive } from './watch.mjs';

const words = 'harbour invoice lighthouse meadow northern orchard packet quarry ripple signal tender upland valley'.split(' ');
const letter = (i) => `To person${i}@contoso.com from clerk${i % 7}@fabrikam.com\n` +
  Array.from({ length: 40 + 7 * (i % 50) }, (_, k) => words[(i * 31 + k * k) % words.length]).join(' ') + `\nhttps://host${i}.example.org/\n`;

/* 150 small files: letters, twins of letters, zips that share members, compressed ones, and some that are not read. */
function plantLeak(target) {
  const leak = {};
  for (let i = 0; i < 100; i++) leak[`letters/${i % 10}/letter-${i}.txt`] = letter(i);
  for (let i = 0; i < 20; i++) leak[`twins/twin-${i}.txt`] = letter(i % 5);
  for (let i = 0; i < 16; i++)
    leak[`zips/${i}.zip`] = zip([['one.txt', letter(i)], ['two.txt', letter(200 + i)], ['inner.zip', zip([['deep.csv', `a,b\n${i},x${i % 3}@tailspintoys.com\n`]])]]);
  for (let i = 0; i < 10; i++) leak[`packed/${i}.txt.gz`] = zlib.gzipSync(letter(300 + i));
  for (let i = 0; i < 4; i++) leak[`noise/${i}.bin`] = Buffer.from(Array.from({ length: 999 }, (_, k) => (k * 167 + i * 13) & 255));
  plant(target, leak);
}

/* Noise is not read: 4 where there is some. */
const sweepOf = (place) => {
  const result = tidemark([...sweepArgs(place), '--format', 'json']);
  assert.ok([0, 4].includes(result.code), `${result.code} ${result.err}`);
  return holds('sweep', JSON.parse(result.out));
};

const sweepArgs = ({ target, flags }) => ['sweep', target, ...flags, '-j', '2'];

/* Everything a sweep comes to that must not depend on how it got there. */
function resultOf(place, summary) {
  const scope = answer('scope', ['scope', ...place.flags]);
  const entities = answer('entities', ['entities', '--limit', '500', ...place.flags]).entities;
  const { listed, read, unchanged, skipped, failed } = summary.objects;
  return {
    /* A sweep that was done before it was killed is followed by a new one: there all is unchanged, what failed included. */
    objects: { listed, ended: read + unchanged + skipped + failed }, documents: summary.documents, outcomes: summary.outcomes,
    parts: summary.parts, findings: summary.findings, unseen: summary.bytes.unseen, counts: scope.counts, scopeUnseen: scope.unseen,
    entities: entities.map(({ kind, value, references, documents }) => `${kind} ${value} ${references} ${documents}`).sort(),
  };
}

function assertClean({ flags }) {
  assert.equal(answer('catalog-verify', ['catalog', 'verify', ...flags]).intact, true);
  assert.equal(answer('journal-verify', ['journal', 'verify', ...flags]).intact, true);
}

const catalogIn = (folder, name, target) => ({ target, catalog: path.join(folder, name), flags: ['--catalog', path.join(folder, name)] });

/* An undisturbed sweep: what it comes to, its summary and its milliseconds. */
function undisturbed(folder, target) {
  const place = catalogIn(folder, 'undisturbed', target), began = Date.now();
  const summary = sweepOf(place);
  return { milliseconds: Date.now() - began, summary, result: resultOf(place, summary) };
}

/* Starts a sweep and ends it by a signal after so many milliseconds; its children must end with it. */
async function cutShort(place, milliseconds, signal) {
  const child = start(sweepArgs(place)), ended = exited(child);
  await Promise.race([sleep(milliseconds), ended]);
  const pids = family(child.pid);
  child.kill(signal);
  const how = await ended;
  for (let waits = 0; pids.some(isAlive) && waits < 100; waits++) await sleep(20);
  assert.deepEqual(pids.filter(isAlive), []);
  return how;
}

test('killed at any moment and run again, a sweep comes to the same', async (t) => {
  const folder = scratch(t), target = path.join(folder, 'leak'), rounds = sanitizer ? 9 : 25;
  plantLeak(target);
  const { milliseconds, summary, result } = undisturbed(folder, target);
  /* The span shrinks where a sweep was faster than the first one. */
  let cut = 0, looked = 0, span = milliseconds;
  for (let round = 0; round < rounds; round++) {
    const place = catalogIn(folder, `killed-${round}`, target), delay = span * round / rounds;
    if (await cutShort(place, delay, 'SIGKILL') === 'SIGKILL') cut++;
    else span *= 0.7;
    /* Killed early, it has made no incident yet. */
    if (round % 4 === 0 && existsSync(place.catalog) && filesOf(place.catalog).some((file) => path.basename(file) === 'incident.db')) {
      assertClean(place);
      looked++;
    }
    const again = sweepOf(place);
    assert.deepEqual(resultOf(place, again), result, `killed after ${delay} ms`);
    /* A continued sweep counts what earlier runs read: equal only if nothing was read twice. */
    assert.equal(again.bytes.fetched, again.objects.unchanged ? 0 : summary.bytes.fetched, `killed after ${delay} ms`);
    assertClean(place);
    rmSync(place.catalog, { recursive: true });
  }
  t.diagnostic(`${cut} of ${rounds} sweeps of ${milliseconds} ms were cut`);
  assert.ok(cut >= rounds / 5);
  assert.ok(looked > 0);
});

test('killed again and again, one sweep gets through and reads nothing twice', async (t) => {
  const folder = scratch(t), target = path.join(folder, 'leak');
  plantLeak(target);
  const { milliseconds, summary, result } = undisturbed(folder, target);
  const place = catalogIn(folder, 'hunted', target);
  let kills = 0;
  /* A sweep that was faster than the first one is begun again, and hunted harder. */
  for (let span = milliseconds; kills === 0; span /= 2) {
    rmSync(place.catalog, { recursive: true, force: true });
    while (kills < 12 && await cutShort(place, span * (0.3 + 0.05 * kills), 'SIGKILL') === 'SIGKILL') kills++;
  }
  const last = sweepOf(place);
  t.diagnostic(`${kills} kills; then ${JSON.stringify(last.objects)}`);
  assert.deepEqual(resultOf(place, last), result);
  assert.equal(last.bytes.fetched, last.objects.unchanged ? 0 : summary.bytes.fetched);
  assertClean(place);
});

/* Ends a sweep as soon as its incident's files have changed so often: right behind a commit, or in it. */
async function cutAtCommit(place, catalog, commits, signal = 'SIGKILL') {
  const child = start(sweepArgs(place)), ended = exited(child);
  const look = () => filesOf(catalog).filter((file) => file.includes('incident.db')).map((file) => {
    try { return `${statSync(file).size} ${statSync(file).mtimeMs}`; } catch { return ''; }
  }).join();
  for (let before = '', seen = 0; child.exitCode === null && child.signalCode === null && seen <= commits; await sleep(3)) {
    const now = existsSync(catalog) ? look() : '';
    if (now !== before) seen++;
    before = now;
  }
  child.kill(signal);
  return ended;
}

test('killed at its checkpoints, a sweep asks for no object again whose row was stored', async (t) => {
  const containers = { open: { public: 'container', page: 25, generate: { count: 400, prefix: 'o-', suffix: '.txt', size: 400 } } };
  const fake = await fakeAzure(t, { accounts: { acme: { containers } } }), folder = scratch(t);
  const target = `az+http://127.0.0.1:${fake.port}/acme/open`, catalog = path.join(folder, 'catalog'), asks = ['--catalog', catalog];
  const other = ['--catalog', path.join(folder, 'undisturbed')], authority = ['--authority', 'a test'];
  const undisturbedSummary = sweepOf({ target, flags: [...authority, ...other] });
  const place = { target, flags: [...authority, '--rate', '80', ...asks] };
  const gets = async () => (await fake.journal()).filter(({ method, path: asked }) => method === 'GET' && /\/open\/o-/.test(asked))
    .map(({ path: asked }) => asked.slice('/acme/open/'.length));
  let kills = 0, known = 0, before = (await gets()).length, stored = new Set();
  const first = before;
  /* On a slow machine the first commits are those of a catalog that is made. */
  while ((kills < 8 || known === 0) && await cutAtCommit(place, catalog, 1 + kills) === 'SIGKILL') {
    const asked = await gets();
    assert.deepEqual(asked.slice(before).filter((name) => stored.has(name)), [], `after ${kills} kills`);
    before = asked.length;
    if (existsSync(catalog) && tidemark(['search', '', ...asks]).code === 0)
      stored = new Set(everyHit('outcome:read', asks).map((hit) => hit.name));
    known += stored.size;
    kills++;
  }
  const summary = sweepOf({ target, flags: [...authority, ...asks] }), asked = await gets();
  assert.deepEqual(asked.slice(before).filter((name) => stored.has(name)), []);
  t.diagnostic(`${kills} kills, ${known} rows seen stored, ${asked.length - first - 400} requests repeated for what was not`);
  assert.ok(known > 0);
  assert.deepEqual(resultOf({ flags: asks }, summary), resultOf({ flags: other }, undisturbedSummary));
  assert.equal(summary.bytes.fetched, summary.objects.unchanged ? 0 : undisturbedSummary.bytes.fetched);
  assertClean({ flags: asks });
});

/* A container with one object that does not come as often as that: a sweep of it is not over before something ends it. */
async function stalledContainer(t, times) {
  const blobs = [...Array.from({ length: 40 }, (_, i) => ({ name: `letter-${i}.txt`, text: letter(i % 30) })),
    { name: 'stalled.txt', size: 3000, faults: [{ on: 'get', times, hang: 1000 }] }];
  const fake = await fakeAzure(t, { accounts: { acme: { containers: { open: { public: 'container', blobs } } } } }), folder = scratch(t);
  const placeOf = (name) => {
    const place = catalogIn(folder, name, `az+http://127.0.0.1:${fake.port}/acme/open`);
    return { ...place, flags: ['--authority', 'a test', ...place.flags], asks: place.flags };
  };
  return { placeOf, hangs: async () => (await fake.journal()).filter((entry) => /GET.*stalled/.test(entry.method + entry.path)).length };
}

/* Until all else is stored, and the object that does not come has been asked for so often. */
async function untilStalled({ asks }, { hangs }, times) {
  const isStored = () => {
    const found = tidemark(['search', 'outcome:read', '--format', 'json', ...asks]);
    return found.code === 0 && JSON.parse(found.out).total === 40;
  };
  for (let waits = 0; !(await hangs() === times && isStored()) && waits < 300; waits++) await sleep(50);
  assert.ok(isStored());
}

test('interrupted once it ends in order: 130, not complete, continued by the same command; twice it ends at once', async (t) => {
  const stalled = await stalledContainer(t, 2), place = stalled.placeOf('container');
  const child = start([...sweepArgs(place), '--format', 'json']);
  let out = '';
  child.stdout.on('data', (piece) => { out += piece; });
  await untilStalled(place, stalled, 1);
  const pids = family(child.pid);
  child.kill('SIGINT');
  assert.equal(await exited(child), 130);
  assert.equal(JSON.parse(out).complete, false);
  assert.deepEqual(pids.filter(isAlive), []);
  assertClean({ flags: place.asks });
  const hasty = start(sweepArgs(place));
  await untilStalled(place, stalled, 2);
  hasty.kill('SIGINT');
  hasty.kill('SIGINT');
  assert.ok([130, 'SIGINT'].includes(await exited(hasty)));
  const again = sweepOf(place), other = stalled.placeOf('undisturbed'), summary = sweepOf(other);
  assert.deepEqual(resultOf({ flags: place.asks }, again), resultOf({ flags: other.asks }, summary));
  assert.equal(again.bytes.fetched, summary.bytes.fetched);
  assertClean({ flags: place.asks });
});

test('interrupted among the files of a folder it ends in order and is continued by the same command', async (t) => {
  const folder = scratch(t), target = path.join(folder, 'leak'), place = catalogIn(folder, 'interrupted', target);
  plantLeak(target);
  const { summary, result } = undisturbed(folder, target);
  let how = null;
  /* A fifth time only where the signal came too late four times. */
  for (let tries = 0; how !== 130 && tries < 5; tries++) {
    rmSync(place.catalog, { recursive: true, force: true });
    how = await cutAtCommit(place, place.catalog, 1, 'SIGINT');
  }
  assert.equal(how, 130);
  assertClean(place);
  const again = sweepOf(place);
  assert.deepEqual(resultOf(place, again), result);
  assert.equal(again.bytes.fetched, summary.bytes.fetched);
});

/* One line that says what and why; nothing on standard output. */
function assertRefused(result, pattern) {
  assert.equal(result.signal, null);
  assert.equal(result.code, 1, `${result.code} ${result.out} ${result.err}`);
  assert.match(result.err, pattern);
}

const isRoot = process.getuid() === 0;

/* A list of places to unmount, before the scratch folder they are in goes away: call it before scratch. */
function mounts(t) {
  const places = [];
  t.after(() => places.forEach((place) => execFileSync('umount', [place])));
  return places;
}

test('a full disk is one clear error, and nothing stored is lost', async (t) => {
  const mounted = mounts(t), folder = scratch(t), disk = path.join(folder, 'disk'), target = path.join(folder, 'leak');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tidemark-test', disk], { stdio: 'ignore' });
  } catch {
    return t.skip('no right to mount a small disk');
  }
  mounted.push(disk);
  plantLeak(target);
  plant(target, Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`more/${i}.txt`,
    Array.from({ length: 3000 }, (_, k) => `w${(k * 2654435761 + i * 977) % 1000003}@contoso.com`).join(' ')])));
  const place = { target, flags: ['--catalog', path.join(disk, 'catalog'), '--key-file', path.join(folder, 'key')] };
  assertRefused(tidemark(sweepArgs(place)), /space/i);
  execFileSync('mount', ['-o', 'remount,size=200m', disk]);
  assertClean(place);
  const again = sweepOf(place);
  const other = catalogIn(folder, 'undisturbed', target);
  assert.deepEqual(resultOf(place, again), resultOf(other, sweepOf(other)));
  assertClean(place);
});

test('a catalog that may not be written is refused, and stays readable', (t) => {
  const mounted = mounts(t), folder = scratch(t), target = path.join(folder, 'leak');
  plant(target, { 'a.txt': letter(1) });
  const place = catalogIn(folder, 'catalog', target);
  sweepOf(place);
  if (isRoot) {
    try {
      execFileSync('mount', ['--bind', place.catalog, place.catalog], { stdio: 'ignore' });
      mounted.push(place.catalog);
      execFileSync('mount', ['-o', 'remount,ro,bind', place.catalog], { stdio: 'ignore' });
    } catch {
      return t.skip('no right to mount');
    }
  } else {
    for (const file of [...filesOf(place.catalog), place.catalog]) chmodSync(file, statSync(file).isDirectory() ? 0o500 : 0o400);
    t.after(() => chmodSync(place.catalog, 0o700));
  }
  assertRefused(tidemark(sweepArgs(place)), /^tidemark: [^\n]*\S[^\n]*\n$/);
  const hits = tidemark(['search', 'harbour', '--format', 'json', ...place.flags]);
  assert.equal(hits.code, 0, hits.err);
  assert.match(hits.err, /^tidemark: [^\n]*this run is not on record: the catalog can only be read\n$/);
  return undefined;
});

test('a second sweep of one incident at the same time is refused and names the first; another incident is not', async (t) => {
  const stalled = await stalledContainer(t, 1), place = stalled.placeOf('catalog'), first = start(sweepArgs(place));
  await untilStalled(place, stalled, 1);
  assertRefused(tidemark(sweepArgs(place)), new RegExp(`\\b${first.pid}\\b`));
  assert.equal(tidemark([...sweepArgs(place), '--incident', 'other']).code, 0);
  assert.equal(first.exitCode, null);
  first.kill('SIGINT');
  assert.equal(await exited(first), 130);
  assertClean({ flags: place.asks });
});

test('a key that is gone, cut, or of another catalog: one clear error, and nothing is changed', (t) => {
  const folder = scratch(t), target = path.join(folder, 'leak');
  plant(target, { 'a.txt': letter(1) });
  const place = catalogIn(folder, 'catalog', target), other = catalogIn(folder, 'other', target), key = `${place.catalog}.key`;
  sweepOf(place);
  sweepOf(other);
  const before = filesOf(place.catalog).filter((file) => file.endsWith('.db')).map((file) => readFileSync(file).toString('base64'));
  const refuse = (pattern) => [sweepArgs(place), ['search', 'x', ...place.flags], ['catalog', 'verify', ...place.flags],
    ['scope', ...place.flags]].forEach((args) => assertRefused(tidemark(args), pattern));
  renameSync(key, `${key}.away`);
  refuse(/key/);
  assert.equal(existsSync(key), false);
  cpSync(`${other.catalog}.key`, key);
  refuse(/key/);
  writeFileSync(key, readFileSync(`${key}.away`).subarray(0, 10), { mode: 0o600 });
  refuse(/key/);
  rmSync(key);
  renameSync(`${key}.away`, key);
  assert.deepEqual(filesOf(place.catalog).filter((file) => file.endsWith('.db')).map((file) => readFileSync(file).toString('base64')),
    before);
  assertClean(place);
});
