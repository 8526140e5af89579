// SPDX-License-Identifier: Apache-2.0
// Documents that grow while they are read, however they are packed: none of up to a megabyte makes 30 MB of catalog or costs a
// minute of processor time, and what was read of it before is kept.
import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { answer, build, everyHit, files, holds, plant, root, sanitizer, scratch } from './house.mjs';
import { pagesOf, streamOf, tarOf, zip } from './hostile-kit.mjs';
import { isAlive, watched } from './watch.mjs';

const given = (name) => readFileSync(path.join(root, 'tests/system/hostile', name));
const hasTestFormats = readFileSync(path.join(build, 'tidemark-extract')).includes('application/x-tidemark-test-chatter');
const withFormats = { skip: hasTestFormats ? false : 'built without -Dtest_formats=true' };
const spent = 'more comes out of it than an object of its size may cost; the rest was not read';
const overdue = 'takes more processor time than an object of its size may; the rest was not read';

/* Sweeps one object beside an honest one. Whatever became of it, catalog, search and scope are whole. */
async function sweep(t, bytes, { args = [], processor = 60 } = {}) {
  const folder = scratch(t), flags = ['--catalog', path.join(folder, 'catalog')];
  const target = plant(path.join(folder, 'leak'), { 'z.txt': 'Dear Zoe, write to zoe@contoso.com\n', bad: bytes });
  const run = await watched(['sweep', target, ...flags, ...args, '--format', 'json']);
  const held = files(flags[1]).reduce((sum, file) => sum + statSync(file).size, 0) / 1e6;
  t.diagnostic(`${(bytes.length / 1e3).toFixed(0)} kB in, ${held.toFixed(1)} MB of catalog, ${run.processor.toFixed(1)} s of processor time, ${
    run.megabytes} MB`);
  assert.ok(run.code === 0 || run.code === 4, run.err);
  assert.ok(bytes.length < 1e6);
  assert.ok(held < 30, `${held} MB of catalog`);
  assert.deepEqual(run.pids.filter(isAlive), []);
  if (!sanitizer) {
    assert.ok(run.megabytes < 300, `${run.megabytes} MB`);
    assert.ok(run.processor < processor, `${run.processor} s`);
  }
  const { hits } = answer('search', ['search', 'name:bad', '--limit', '500', ...flags]);
  const bad = hits.find((hit) => hit.path === 'bad');
  t.diagnostic(bad.outcome);
  assert.equal(answer('catalog-verify', ['catalog', 'verify', ...flags]).intact, true);
  answer('scope', ['scope', ...flags]);
  answer('search', ['search', '', ...flags]);
  assert.equal(everyHit('email:zoe@contoso.com', flags).length, 1);
  return { ...run, flags, bad, summary: holds('sweep', JSON.parse(run.out)) };
}

const show = ({ id }, flags) => answer('show', ['show', id, ...flags]);

/* ---- output ---- */

const numbered = (count, line) => Array.from({ length: count }, (_, i) => line(i)).join('');
const first = 'first@contoso.com';
const packed = (bytes) => zlib.gzipSync(bytes, { level: 9 });
const message = (i) => `From a Mon Jan  1 00:00:00 2001\nFrom: ${i ? `u${i}@c${i}.com` : first}\nSubject: x\n\nhello\n\n`;
const office = (body) => zip([
  ['[Content_Types].xml', '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override ' +
    'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'],
  ['_rels/.rels', '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship ' +
    'Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'],
  ['word/document.xml', `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${
    body}</w:body></w:document>`]], { deflate: true });
const paragraph = numbered(400, (i) => `u${i}@c${i}.com `);

/* Makes each, and says whether something at its beginning is to be found afterwards. */
const grown = {
  'a workbook of cells that name one string': () => [given('amplify-xlsx.tar.xz')],
  'a letter of one paragraph, five thousand times': () => [
    office(`<w:p><w:r><w:t>${first}</w:t></w:r></w:p>${`<w:p><w:r><w:t>${paragraph}</w:t></w:r></w:p>`.repeat(5000)}`), true],
  'pages that share a stream of addresses': () => [
    pagesOf(4000, zlib.deflateSync(`BT /F1 1 Tf (${first}) Tj T* ${numbered(600, (i) => `(u${i}@c${i}.com) Tj 0 -1 Td `)}ET`)), true],
  'a tar of empty files': () => [packed(tarOf(240000, 'a'))],
  'a mailbox of empty messages': () => [packed('From a@b.cc Mon Jan  1 00:00:00 2001\n\n'.repeat(240000))],
  'a mailbox of short messages': () => [packed(numbered(90000, message)), true],
  'a hundred and twenty thousand domains': () => [`${first}\n${numbered(118000, (i) => `${i.toString(36)}.de\n`)}`, true],
  'a table of addresses': () => [packed(`name,mail\nfirst,${first}\n${numbered(195000, (i) => `n,u${i}@c${i % 50000}.com\n`)}`), true],
  'a page of links': () => [packed(`<!doctype html><html><body><p>${first}</p>${numbered(200000, (i) => `<a href="http://c${i}.com/${i}">x</a>`)}`), true],
  'elements with links': () => [packed(`<?xml version="1.0"?><r>${first}${numbered(150000, (i) => `<a href="http://c${i}.com/">x</a>`)}</r>`), true],
  'an array of addresses': () => [packed(`["${first}"${numbered(195000, (i) => `,"u${i}@c${i}.com"`)}]`), true],
  'links that are long': () => [packed(`${first}\n${numbered(20000, (i) => `http://contoso.com/${'x'.repeat(1500)}${i}\n`)}`), true],
  'signs that are many words each': () => [packed(`${first}\n${numbered(70000, (i) => String.fromCodePoint(0x3300 + (i * i) % 88)).repeat(80)}`), true],
  'many files below one long name': () => [packed(zip([['n'.repeat(4000).replace(/n/g, (_, i) => (i % 997).toString(36).slice(-1)), tarOf(20000, 'a')]]))],
  'titles that are long': () => [packed(Buffer.concat(Array.from({ length: 3000 }, (_, i) =>
    tarOf(1, `${i}.html`, `<html><head><title>${i} ${'word '.repeat(780)}</title></head><body>${first}</body></html>`).subarray(0, -1024)))), true],
};

for (const [nth, [name, make]] of Object.entries(grown).entries())
  test(`output: ${name}`, { skip: sanitizer && nth % 3 ? 'a third is enough under a sanitizer' : false }, async (t) => {
    const [bytes, hasFirst] = make();
    const { bad, flags, summary } = await sweep(t, Buffer.from(bytes));
    if (hasFirst) assert.ok(answer('search', ['search', `email:${first}`, ...flags]).hits.length >= 1);
    assert.equal(bad.outcome, 'bomb');
    assert.equal(summary.objects.failed, 1);
    assert.equal(summary.bytes.unseen, bytes.length);
    if (bytes[0] !== 0x1f) return; // what is packed has no findings of its own, so that it is shown at once
    const { note, unseen_bytes: unseen } = show(bad, flags);
    assert.equal(note, spent);
    assert.equal(unseen, bytes.length);
  });

const honest = {
  'a list of sixteen thousand addresses': numbered(16000, (i) => `${i}, Anna Example ${i}, anna.example.${i}@contoso${i % 400}.com\n`),
  'eight megabytes of a log in a gzip': packed(numbered(70000, (i) => `10.0.${i % 256}.${i % 199} - - [10/Oct/2021:13:55:${i % 60} +0000] "GET /p/${
    i * 7919 % 10007} HTTP/1.1" 200 "http://www.fabrikam.com/${i % 50}"\n`)),
  'a tar of twenty thousand files': packed(tarOf(20000, 'a', 'words')),
};

for (const [name, bytes] of Object.entries(honest))
  test(`much, and all of it read: ${name}`, async (t) => {
    const { bad, summary } = await sweep(t, Buffer.from(bytes));
    assert.equal(bad.outcome, 'read');
    assert.equal(summary.objects.failed, 0);
    assert.deepEqual(summary.parts.filter(({ outcome }) => outcome !== 'read'), []);
  });

/* ---- processor time ---- */

const chatter = 'TIDEMARK-TEST-CHATTER\n', deaf = 'TIDEMARK-TEST-CHATTER deaf\n', loop = 'TIDEMARK-TEST-LOOP\n';
const short = ['--object-time', '2'];
const letter = (name) => `Dear ${name}, write to ${name}@contoso.com\n`;
const many = (names, bytes) => zip(names.map((name, i) => [name, name.endsWith('.txt') ? letter(name.slice(0, -4)) : `${bytes}${i}`]));

test('time: who talks without end is ended, and what was said is kept', withFormats, async (t) => {
  const { bad, flags } = await sweep(t, Buffer.from(chatter), { args: short, processor: 6 });
  assert.equal(bad.outcome, 'timed_out');
  assert.equal(show(bad, flags).note, overdue);
  assert.equal(everyHit('email:anna@contoso.com "first words"', flags).length, 1);
});

test('time: one within an archive costs the archive what comes after it', withFormats, async (t) => {
  const { bad, flags, summary } = await sweep(t, many(['anna.txt', 'bob.txt', 'bad.bin', 'cleo.txt'], chatter), { args: short, processor: 6 });
  assert.equal(bad.outcome, 'timed_out');
  const outcomes = Object.fromEntries(everyHit('', flags).map((hit) => [hit.path, hit.outcome]));
  assert.deepEqual(outcomes, { 'z.txt': 'read', bad: 'timed_out', 'bad!/anna.txt': 'read', 'bad!/bob.txt': 'read', 'bad!/bad.bin': 'timed_out' });
  assert.deepEqual(summary.parts.map(({ outcome, documents }) => [outcome, documents]), [['read', 2], ['timed_out', 1]]);
  assert.equal(everyHit('"first words"', flags).length, 1);
});

test('time: who does not listen is ended from outside, and finished parts are kept', withFormats, async (t) => {
  const { bad, flags } = await sweep(t, many(['anna.txt', 'bob.txt', 'bad.bin', 'cleo.txt'], deaf), { args: short, processor: 8 });
  assert.equal(bad.outcome, 'timed_out');
  assert.equal(show(bad, flags).note, overdue);
  for (const name of ['anna', 'bob']) assert.equal(everyHit(`email:${name}@contoso.com`, flags).length, 1, name);
});

test('time: workers that fall one after the other share it', withFormats, async (t) => {
  const names = ['anna.txt', ...Array.from({ length: 7 }, (_, i) => `${i}.bin`), 'bob.txt'];
  const { bad, flags } = await sweep(t, many(names, loop), { args: ['--object-time', '8'], processor: 14 });
  assert.equal(bad.outcome, 'timed_out');
  assert.equal(everyHit('email:anna@contoso.com', flags).length, 1);
});

test('time: two thousand pages that share a stream', { skip: sanitizer ? 'what a sanitizer costs is no measure' : false }, async (t) => {
  const pages = pagesOf(2000, streamOf(given('pages-20.pdf')));
  const { bad, flags } = await sweep(t, pages, { args: ['--object-time', '10'], processor: 16 });
  assert.equal(bad.outcome, 'timed_out');
  const { note, text } = show(bad, flags);
  assert.equal(note, overdue);
  assert.ok(text.length > 1e5);
});
