// SPDX-License-Identifier: Apache-2.0
// Documents that want to do harm: each costs itself, and nothing beside it. Three kinds: formats that crash, loop, balloon and
// trespass (in builds with -Dtest_formats=true), bombs, and places a fetch program must not be led to.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import zlib from 'node:zlib';
import { answer, build, everyHit, exited, fakeAzure, holds, plant, sanitizer, scratch, start, tidemark } from './house.mjs';
import { gzipOfZeros, nested, overlappingZip, zip } from './hostile-kit.mjs';
import { childrenOf, isAlive, nameOf, processorSeconds, watched } from './watch.mjs';

const hasTestFormats = readFileSync(path.join(build, 'tidemark-extract')).includes('application/x-tidemark-test-crash');
const withFormats = { skip: hasTestFormats ? false : 'built without -Dtest_formats=true' };
/* A sanitizer's shadow needs more address space than the limit allows. */
const withLimits = { skip: withFormats.skip || (sanitizer ? 'no limit of memory under a sanitizer' : false) };

const crash = 'TIDEMARK-TEST-CRASH\n', loop = 'TIDEMARK-TEST-LOOP\n', balloon = 'TIDEMARK-TEST-BALLOON\n';
const letter = (name) => `Dear ${name}, write to ${name}@contoso.com\n`;

/* Sweeps and gives every document's outcome by its path; nothing that was started may be left. */
async function sweep(t, files, { code = 4, args = [] } = {}) {
  const folder = scratch(t), target = path.join(folder, 'leak'), flags = ['--catalog', path.join(folder, 'catalog')];
  mkdirSync(target);
  if (typeof files === 'function') files(target);
  else plant(target, files);
  const run = await watched(['sweep', target, ...flags, '--format', 'json', ...args]);
  assert.equal(run.code, code, run.err);
  assert.deepEqual(run.pids.filter(isAlive), []);
  const outcomes = Object.fromEntries(everyHit('', flags).map((hit) => [hit.path, hit.outcome]));
  t.diagnostic(`${run.seconds.toFixed(1)} s, ${run.megabytes} MB at most, ${run.pids.length} processes`);
  return { ...run, flags, target, folder, outcomes, summary: holds('sweep', JSON.parse(run.out)) };
}

const outcomeOf = ({ summary }, name) => summary.outcomes.find((row) => row.outcome === name)?.objects ?? 0;

test('a crash costs the part it happened in: siblings and other objects are read', withFormats, async (t) => {
  const inner = zip([['deep.txt', letter('dora')], ['bad.bin', crash], ['last.txt', letter('emil')]]);
  const { outcomes, summary, flags } = await sweep(t, {
    'a.txt': letter('anna'), 'crash.bin': crash, 'z.txt': letter('zoe'),
    'one.zip': zip([['first.txt', letter('bob')], ['bad.bin', crash], ['second.txt', letter('cleo')], ['inner.zip', inner]]),
  });
  assert.deepEqual(outcomes, {
    'a.txt': 'read', 'crash.bin': 'crashed', 'z.txt': 'read', 'one.zip': 'read', 'one.zip!/first.txt': 'read',
    'one.zip!/bad.bin': 'crashed', 'one.zip!/second.txt': 'read', 'one.zip!/inner.zip': 'read',
    'one.zip!/inner.zip!/deep.txt': 'read', 'one.zip!/inner.zip!/bad.bin': 'crashed', 'one.zip!/inner.zip!/last.txt': 'read',
  });
  assert.equal(summary.objects.failed, 1);
  assert.equal(summary.findings.email, 6);
  assert.equal(everyHit('"last words"', flags).length, 0);
});

test('more crashing parts than are passed over one by one still cost one object', withFormats, async (t) => {
  const members = Array.from({ length: 12 }, (_, i) => [`bad-${i}.bin`, `${crash}${i}`]);
  const { outcomes, summary } = await sweep(t, { 'a.txt': letter('anna'), 'many.zip': zip(members), 'z.txt': letter('zoe') });
  assert.equal(outcomes['many.zip'], 'crashed');
  assert.equal(outcomes['a.txt'], 'read');
  assert.equal(outcomes['z.txt'], 'read');
  assert.deepEqual(summary.objects, { listed: 3, read: 2, unchanged: 0, skipped: 0, failed: 1 });
});

// Whoever did it: short of memory, a system ends programs.
test('an object whose worker falls with its zygote is read again, and not blamed', withFormats, async (t) => {
  const folder = scratch(t), flags = ['--catalog', path.join(folder, 'catalog')];
  plant(path.join(folder, 'leak'), { 'a.txt': letter('anna'), 'loop.bin': loop, 'z.txt': letter('zoe') });
  const child = start(['sweep', path.join(folder, 'leak'), ...flags]), ended = exited(child);
  const zygotes = () => childrenOf(child.pid).filter((pid) => nameOf(pid).startsWith('tidemark-extrac'));
  const workers = () => zygotes().flatMap(childrenOf);
  for (let waits = 0; !workers().some((pid) => processorSeconds(pid) > 1) && waits < 300; waits++) await sleep(100);
  zygotes().forEach((pid) => process.kill(pid, 'SIGKILL'));
  assert.equal(await ended, 4);
  assert.deepEqual(Object.fromEntries(everyHit('', flags).map((hit) => [hit.path, hit.outcome])),
    { 'a.txt': 'read', 'loop.bin': 'timed_out', 'z.txt': 'read' });
});

test('a loop within a zip ends as timed_out, its siblings are read', withFormats, async (t) => {
  const { outcomes } = await sweep(t, {
    'a.txt': letter('anna'), 'one.zip': zip([['first.txt', letter('bob')], ['loop.bin', loop], ['second.txt', letter('cleo')]]),
    'z.txt': letter('zoe'),
  }, { code: 0 });
  assert.deepEqual(outcomes, {
    'a.txt': 'read', 'z.txt': 'read', 'one.zip': 'read', 'one.zip!/first.txt': 'read', 'one.zip!/loop.bin': 'timed_out',
    'one.zip!/second.txt': 'read',
  });
});

test('a balloon meets the limit of its worker and is too_large', withLimits, async (t) => {
  const { outcomes } = await sweep(t, {
    'balloon.bin': balloon, 'z.txt': letter('zoe'),
    'one.zip': zip([['first.txt', letter('bob')], ['balloon.bin', balloon], ['second.txt', letter('cleo')]]),
  }, { args: ['-j', '1'] });
  assert.deepEqual(outcomes, {
    'balloon.bin': 'too_large', 'z.txt': 'read', 'one.zip': 'read', 'one.zip!/first.txt': 'read',
    'one.zip!/balloon.bin': 'too_large', 'one.zip!/second.txt': 'read',
  });
});

test('a worker can open nothing, and dies of connecting, forking and executing', withFormats, async (t) => {
  const refused = ['open', 'openat', 'openat2', 'create', 'stat', 'executable-memory', 'executable-file', 'protect', 'terminal'];
  const deadly = ['socket', 'local-socket', 'connect', 'fork', 'clone', 'exec', 'exec-handle', 'memory', 'ptrace', 'kill',
    'kill-thread', 'own-signals', 'io-uring'];
  const { outcomes, flags } = await sweep(t,
    Object.fromEntries([...refused, ...deadly].map((word) => [word, `TIDEMARK-TEST-TRESPASS ${word}\n`])));
  for (const word of deadly) assert.equal(outcomes[word], 'crashed', word);
  for (const word of refused) {
    assert.equal(outcomes[word], 'read', word);
    const [hit] = everyHit(`path:${word}`, flags).filter(({ path: place }) => place === word);
    assert.equal(tidemark(['show', hit.id, '--text', ...flags]).out, `${word}: EACCES\n`);
  }
  assert.equal(existsSync('/tmp/tidemark-trespass'), false);
});

/* ---- bombs ---- */

const billionLaughs = `<?xml version="1.0"?>\n<!DOCTYPE lolz [\n<!ENTITY lol0 "lol">\n${
  Array.from({ length: 12 }, (_, i) => `<!ENTITY lol${i + 1} "${`&lol${i};`.repeat(10)}">`).join('\n')}\n]>\n<lolz>&lol12;</lolz>\n`;
const quadraticXml = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "${'a'.repeat(50000)}">]><x>${'&a;'.repeat(50000)}</x>`;
const zeros = zip([['zeros.bin', Buffer.alloc(32 << 20)]], { deflate: true });
const tenfold = (bytes) => zip(Array.from({ length: 10 }, (_, i) => [`${i}.zip`, bytes]), { deflate: true });

const bombs = {
  'ten gigabytes of zeros in gzip': [(target) => gzipOfZeros(path.join(target, 'bomb'), 10240), ['bomb', 'too_large']],
  'zips in zips, nine levels of ten': [{ bomb: nested(9, tenfold, zeros) }, ['bomb']],
  'a zip whose 2,000 members are the same bytes': [{ bomb: overlappingZip(2000, 16 << 20) }, ['bomb', 'malformed', 'read']],
  'gzip in gzip, a hundred levels': [{ bomb: nested(100, (bytes) => zlib.gzipSync(bytes), Buffer.from(letter('anna'))) }, ['bomb']],
  'zip in zip, a hundred levels': [{ bomb: nested(100, (bytes) => zip([['x.zip', bytes]]), Buffer.from(letter('anna'))) }, ['bomb']],
  'a billion laughs': [{ 'bomb.xml': billionLaughs }, ['malformed', 'bomb', 'read']],
  'one long entity, fifty thousand times': [{ 'bomb.xml': quadraticXml }, ['malformed', 'bomb', 'read']],
  'a hundred thousand elements in each other': [
    { 'bomb.xml': `<?xml version="1.0"?>${'<a>'.repeat(100000)}x${'</a>'.repeat(100000)}` }, ['malformed', 'bomb', 'read']],
  'a hundred thousand elements of HTML in each other': [
    { 'bomb.html': `<!doctype html><html><body>${'<div><b>'.repeat(100000)}x` }, ['malformed', 'bomb', 'read']],
  'a hundred thousand arrays in each other': [
    { 'bomb.json': `${'['.repeat(100000)}${']'.repeat(100000)}` }, ['malformed', 'bomb', 'read']],
  'mail in mail, five hundred levels': [
    { 'bomb.eml': `${'From: a@contoso.com\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n'.repeat(500)}x\r\n` },
    ['malformed', 'bomb', 'read']],
};

for (const [name, [files, allowed]] of Object.entries(bombs))
  test(`bomb: ${name}`, async (t) => {
    const folder = scratch(t), target = path.join(folder, 'leak'), flags = ['--catalog', path.join(folder, 'catalog')];
    mkdirSync(target);
    if (typeof files === 'function') files(target);
    else plant(target, files);
    plant(target, { 'z.txt': letter('zoe') });
    const run = await watched(['sweep', target, ...flags, '--format', 'json', '-j', '1']);
    t.diagnostic(`${run.seconds.toFixed(1)} s, ${run.megabytes} MB at most`);
    assert.ok(run.code === 0 || run.code === 4, run.err);
    const [bomb] = everyHit('name:bomb', flags).filter((hit) => !hit.path.includes('!/'));
    t.diagnostic(`outcome ${bomb.outcome}`);
    assert.ok(allowed.includes(bomb.outcome), bomb.outcome);
    assert.equal(everyHit('email:zoe@contoso.com', flags).length, 1);
    assert.deepEqual(run.pids.filter(isAlive), []);
    if (!sanitizer) assert.ok(run.megabytes <= 300, `${run.megabytes} MB`);
  });

/* ---- places ---- */

test('a folder is not left: links, names with dots, links that are the target of links', async (t) => {
  const folder = scratch(t);
  plant(folder, { 'outside.txt': 'secret@litwareinc.com', 'beside/deep.txt': 'secret@litwareinc.com' });
  const { outcomes, flags, summary } = await sweep(t, (target) => {
    plant(target, { '..hidden': letter('anna'), '...': letter('bob'), 'x/..y/z': letter('cleo') });
    symlinkSync('/etc/passwd', path.join(target, 'absolute'));
    symlinkSync(path.relative(target, path.join(folder, 'outside.txt')), path.join(target, 'relative'));
    symlinkSync(path.join(folder, 'beside'), path.join(target, 'folder'));
    symlinkSync('/proc/self/root', path.join(target, 'magic'));
    symlinkSync('absolute', path.join(target, 'chain'));
    symlinkSync('.', path.join(target, 'circle'));
    execFileSync('ln', [path.join(folder, 'outside.txt'), path.join(target, 'hard')]);
  }, { code: 0 });
  for (const link of ['absolute', 'relative', 'folder', 'magic', 'chain', 'circle']) assert.equal(outcomes[link], 'special', link);
  for (const file of ['..hidden', '...', 'x/..y/z']) assert.equal(outcomes[file], 'read', file);
  assert.equal(summary.objects.listed, 10);
  assert.deepEqual(everyHit('email:secret@litwareinc.com', flags).map((hit) => hit.path), ['hard']);
});

test('a member called ../x is a row, never a place', async (t) => {
  const { outcomes, target } = await sweep(t, {
    'slip.zip': zip([['../../slipped.txt', letter('anna')], ['/etc/slipped.txt', letter('bob')], ['..\\slipped.txt', letter('cleo')]]),
  }, { code: 0 });
  assert.deepEqual(Object.values(outcomes), ['read', 'read', 'read', 'read']);
  assert.equal(existsSync(path.join(target, '../../slipped.txt')), false);
  assert.equal(existsSync('/etc/slipped.txt'), false);
});

test('a server is found by its name from within the cell', async (t) => {
  const fake = await fakeAzure(t, 'open.json');
  const flags = ['--catalog', path.join(scratch(t), 'catalog')];
  answer('sweep', ['sweep', `az+http://localhost:${fake.port}/acme/open`, '--authority', 'a test', ...flags]);
  assert.ok(everyHit('', flags).some((hit) => hit.outcome === 'read'));
});

test('redirects are followed within the container and nowhere else', async (t) => {
  const fake = await fakeAzure(t, 'redirect-out.json');
  const folder = scratch(t), flags = ['--catalog', path.join(folder, 'catalog')];
  const summary = answer('sweep', ['sweep', `az+http://127.0.0.1:${fake.port}/acme/open`, '--authority', 'a test', ...flags],
    { code: 4 });
  const outcomes = Object.fromEntries(everyHit('', flags).map((hit) => [hit.name, hit.outcome]));
  assert.equal(outcomes['other-container.txt'], 'redirected');
  assert.equal(outcomes['other-host.txt'], 'redirected');
  assert.equal(outcomes['target.txt'], 'read');
  assert.equal(outcomes['inside.txt'], 'read');
  assert.ok(['redirected', 'unreachable', 'malformed'].includes(outcomes['circle.txt']), outcomes['circle.txt']);
  assert.equal(outcomeOf({ summary }, 'read'), 2);
  for (const request of await fake.journal()) {
    assert.ok(request.path.startsWith('/acme/open'), request.path);
    assert.doesNotMatch(JSON.stringify([request.query, request.headers.host]), /trap|localhost/);
  }
});

test('a container that is moved elsewhere is not followed there', async (t) => {
  const fake = await fakeAzure(t, 'redirect-out.json');
  const flags = ['--catalog', path.join(scratch(t), 'catalog')];
  const result = tidemark(['sweep', `az+http://127.0.0.1:${fake.port}/acme/moved`, '--authority', 'a test', ...flags]);
  assert.ok([1, 4].includes(result.code), `${result.code} ${result.err}`);
  assert.ok((await fake.journal()).every((request) => !request.path.startsWith('/acme/elsewhere')));
});
