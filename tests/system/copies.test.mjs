// SPDX-License-Identifier: Apache-2.0
// copies: who else holds it; what an index had dates the exposure backwards, as an observation by others.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { answer, fakeAzure, plant, scratch, tidemark } from './house.mjs';

const blobs = [{ name: 'offers/a letter.txt', text: 'a letter to bob@contoso.com\n' }, { name: 'b.txt', text: 'another\n' }];

async function house(t) {
  const folder = scratch(t), { port } = await fakeAzure(t, { accounts: { acme: { containers: { open: { public: 'container', blobs } } } } });
  const flags = ['--catalog', path.join(folder, 'catalog')], at = `http://127.0.0.1:${port}/acme/open`;
  answer('sweep', ['sweep', `az+${at}`, '--anonymous', '--patience', '6', '--rate', '10000', ...flags]);
  return {
    folder, flags, at,
    container: () => answer('containers', ['containers', ...flags]).containers[0],
    shows: (name) => answer('show', ['show', name, ...flags]),
    imports: (name, contents, { more = [], ...options } = {}) => answer('copies-import', ['copies', 'import', path.join(plant(folder, { [name]: contents }), name), ...more, ...flags], options),
  };
}

const ADD = ['copies', 'add', '--holder', 'Finder GmbH', '--what', 'a sample of 50 files', '--since', '2022-09-24'];

test('a copy that was told: noted once, asked to be deleted, attested', async (t) => {
  const { folder, flags } = await house(t), letter = path.join(plant(folder, { 'letter.pdf': '%PDF-1.4 they say so' }), 'letter.pdf');
  const copy = answer('copies-copy', [...ADD, '--evidence', letter, ...flags]);
  assert.deepEqual([copy.state, copy.since, copy.holder, copy.evidence_sha256.length], ['held', '2022-09-24T00:00:00Z', 'Finder GmbH', 64]);
  assert.equal(answer('copies-copy', [...ADD, '--evidence', letter, ...flags]).id, copy.id);
  answer('copies-copy', ['copies', 'add', '--holder', 'An index', '--what', '30 names', '--since', '2022-05', '--evidence', 'https://index.test/files?q=acme', ...flags]);
  assert.deepEqual(answer('copies-list', ['copies', 'list', ...flags]).copies.map(({ holder, since }) => [holder, since]),
    [['An index', '2022-05-01T00:00:00Z'], ['Finder GmbH', '2022-09-24T00:00:00Z']]);
  const asked = answer('copies-request', ['copies', 'request', copy.id.slice(0, 8), ...flags]);
  assert.match(asked.text, /^To Finder GmbH\n[^]*a sample of 50 files[^]*Article 17/);
  assert.ok(asked.text.includes(copy.id) && !/[{}]/.test(asked.text));
  const german = tidemark(['copies', 'request', copy.id, '--language', 'de', ...flags]);
  assert.match(german.out, /^An Finder GmbH\n[^]*Artikel 17/);
  assert.equal(answer('copies-list', ['copies', 'list', ...flags]).copies[1].requested_at, asked.requested_at, 'the first time counts');
  const gone = answer('copies-copy', ['copies', 'attest', copy.id, '--by', 'K. Finder, managing director', ...flags]);
  assert.deepEqual([gone.state, gone.attested_by], ['attested', 'K. Finder, managing director']);
  assert.deepEqual(answer('copies-list', ['copies', 'list', ...flags]).copies.map(({ state }) => state), ['held', 'attested']);
  const verbs = JSON.parse(tidemark(['journal', 'show', '--verb', 'copies', '--format', 'json', ...flags]).out).entries.map(({ verb }) => verb);
  assert.deepEqual([...new Set(verbs)].sort(), ['copies add', 'copies attest', 'copies list', 'copies request']);
});

test('a CDX listing dates the exposure backwards, as others saw it; our own observations stay as they are', async (t) => {
  const { at, container, shows, imports } = await house(t), before = container(), path1 = `${at}/offers/a%20letter.txt`;
  assert.equal(before.seen_by_others, null);
  const said = imports('captures.cdx', [' CDX N b a m s k r M S V g',
    `test,acme)/open 20220301120000 ${path1} text/plain 200 SHA1AAAA - - 28 0 a.warc.gz`,
    `test,acme)/open 20220401120000 ${at}?restype=container&comp=list application/xml 200 SHA1BBBB - - 28 0 a.warc.gz`,
    `test,acme)/open 20210101120000 ${at}/b.txt text/html 404 SHA1CCCC - - 28 0 a.warc.gz`,
    'org,other)/ 20200101120000 https://other.test/page text/html 200 SHA1DDDD - - 28 0 a.warc.gz',
    `test,acme)/open 20220501120000 {"url": "${path1}", "status": "200", "digest": "EEEE"}`].join('\n'), { code: 4, more: ['--holder', 'An archive'] });
  assert.deepEqual([said.entries, said.new, said.located, said.unread], [5, 5, 4, 1]);
  assert.deepEqual(said.copies.map(({ holder, first_seen, last_seen }) => [holder, first_seen, last_seen]), [['An archive', '2020-01-01T12:00:00Z', '2022-05-01T12:00:00Z']]);
  const after = container();
  assert.deepEqual(after.seen_by_others, { first_at: '2022-03-01T12:00:00Z', last_at: '2022-05-01T12:00:00Z', entries: 3, copies: 1 });
  assert.deepEqual(after.exposed, before.exposed, 'what we saw ourselves was mixed up with it');
  const shown = shows('offers/a letter.txt');
  assert.deepEqual([shown.seen_by_others.entries, shown.seen_by_others.first_at], [2, '2022-03-01T12:00:00Z']);
  assert.ok(shown.exposure.every(({ first_seen }) => first_seen > '2026'), JSON.stringify(shown.exposure));
  assert.equal(shows('b.txt').seen_by_others, null, 'a refusal that was archived shows no exposure');
});

test('CSV with a header, of several holders; twice is once', async (t) => {
  const { at, container, imports } = await house(t);
  const csv = `seen,url,holder\r\n2022-02-03,"${at}/b.txt",Index One\r\n2022-02-04T10:00:00Z,${at}/b.txt,Index Two\r\n2022-02-05,${at}/offers/a%20letter.txt,Index One\r\n`;
  const said = imports('index.csv', csv);
  assert.deepEqual([said.entries, said.new, said.copies.map(({ holder, entries }) => [holder, entries])], [3, 3, [['Index One', 2], ['Index Two', 1]]]);
  assert.equal(imports('index.csv', csv).new, 0);
  assert.deepEqual(container().seen_by_others, { first_at: '2022-02-03T00:00:00Z', last_at: '2022-02-05T00:00:00Z', entries: 3, copies: 2 });
});

test('refused by name', async (t) => {
  const { folder, flags } = await house(t);
  const says = (args, code) => { const said = tidemark([...args, ...flags]); assert.equal(said.code, code, said.err); return said.err; };
  plant(folder, { 'not.cdx': 'what is this\n'.repeat(10), 'log.json': '{"time":"2022-09-24T09:01:00Z","operationName":"GetBlob","correlationId":"1","properties":{"accountName":"a"},"uri":"https://a.blob.core.windows.net/c/d"}' });
  assert.match(says(['copies', 'import', path.join(folder, 'not.cdx')], 1), /neither a CDX listing nor CSV/);
  assert.match(says(['copies', 'import', path.join(folder, 'log.json')], 1), /tidemark reads import/);
  assert.match(says(['copies', 'add', '--holder', 'x'], 2), /is to be said/);
  assert.match(says([...ADD, '--evidence', path.join(folder, 'no such file')], 1), /cannot be opened/);
  assert.match(says(['copies', 'add', '--holder', 'x', '--what', 'y', '--since', 'once', '--evidence', 'https://e.test'], 2), /no date/);
  assert.match(says(['copies', 'request', 'aaaaaaaa'], 1), /id of no copy/);
  assert.match(says(['copies', 'attest', 'aaaaaaaa'], 2), /--by/);
});
