// SPDX-License-Identifier: Apache-2.0
// What scope counts, over a leak made by a seed whose every number is known before it is swept: letters that stand in it again as
// they are, under other names, in other charsets, converted, packed; addresses written in every case and with tags.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { answer, plant, scratch, tidemark } from './house.mjs';
import { pagesOf, zip } from './hostile-kit.mjs';

/* A generator of our own, so that a failing run can be run again. */
function dice(seed) {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * sides);
  };
}

const upperSome = (roll, text) => [...text].map((letter) => (roll(2) ? letter.toUpperCase() : letter)).join('');

/* One mailbox as people write it. */
function written(roll, { local, host }) {
  const tag = ['', '', '+news', '+orders', '+2021'][roll(5)];
  const address = `${local}${tag}@${host}`;
  return { text: roll(3) ? address : upperSome(roll, address), value: address, mailbox: `${local}@${host}` };
}

function letterOf(roll, i, mailboxes) {
  const addresses = Array.from({ length: 1 + roll(4) }, () => written(roll, mailboxes[roll(mailboxes.length)]));
  const invoice = `RE-${1000 + roll(60)}`, phone = `+49 30 90${1000 + roll(50)}`;
  const lines = [`Letter number ${i} of the year 2019`, ...addresses.map(({ text }) => `to ${text} with regards`), `Invoice no. ${invoice}`, `Tel. ${phone}`];
  return { lines, addresses, invoice, phone };
}

const textOf = ({ lines }) => `${lines.join('\n')}\n`;

/* Ways in which a letter stands somewhere again: how it is written, and whether these are other bytes that were read. */
const copies = {
  exact: (letter) => ({ bytes: Buffer.from(textOf(letter)), ending: 'txt' }),
  'other-ending': (letter) => ({ bytes: Buffer.from(textOf(letter)), ending: 'dat' }),
  utf16: (letter) => ({ bytes: Buffer.from(`\ufeff${textOf(letter)}`, 'utf16le'), ending: 'txt' }),
  html: (letter) => ({ bytes: Buffer.from(`<!DOCTYPE html><html><body>${letter.lines.map((line) => `<p>${line}</p>`).join('\n')}</body></html>`), ending: 'html' }),
  crlf: (letter) => ({ bytes: Buffer.from(textOf(letter).replaceAll('\n', '\r\n')), ending: 'txt' }),
  zip: (letter) => ({ bytes: zip([['letter.txt', textOf(letter)]]), ending: 'zip', inner: true }),
  gzip: (letter) => ({ bytes: zlib.gzipSync(textOf(letter)), ending: 'txt.gz', inner: true }),
};

function madeUp(seed, letters) {
  const roll = dice(seed), files = {}, mentions = [], objects = new Map(), contents = new Set(), wrappings = new Set();
  const mailboxes = Array.from({ length: 80 }, (_, i) => ({ local: `person${i}`, host: ['contoso.com', 'fabrikam.com', 'tailspintoys.com'][i % 3] }));
  const place = (name, letter, { bytes, ending, inner }) => {
    files[`${name}.${ending}`] = bytes;
    objects.set(`${name}.${ending}`, bytes.toString('base64'));
    contents.add(bytes.toString('base64'));
    if (inner) {
      contents.add(Buffer.from(textOf(letter)).toString('base64'));
      wrappings.add(bytes.toString('base64'));
    }
    mentions.push(letter);
    return inner ? 2 : 1;
  };
  let documents = 0;
  for (let i = 0; i < letters; i++) {
    const letter = letterOf(roll, i, mailboxes);
    documents += place(`letters/${i}`, letter, copies.exact(letter));
    for (const kind of Object.keys(copies)) if (roll(3) === 0) documents += place(`${kind}/again-${i}-${roll(1000)}`, letter, copies[kind](letter));
  }
  const addresses = mentions.flatMap((letter) => letter.addresses), count = (values) => new Set(values).size;
  return {
    files,
    objects: { references: objects.size, distinct: count(objects.values()), resolved: count(objects.values()) },
    /* Each letter is one, however it is written; what it is packed in is another. */
    documents: { references: documents, distinct: contents.size, resolved: letters + wrappings.size },
    emails: { references: addresses.length, distinct: count(addresses.map(({ value }) => value)), resolved: count(addresses.map(({ mailbox }) => mailbox)) },
    invoices: { references: mentions.length, distinct: count(mentions.map(({ invoice }) => invoice)), resolved: count(mentions.map(({ invoice }) => invoice)) },
    phones: { references: mentions.length, distinct: count(mentions.map(({ phone }) => phone)), resolved: count(mentions.map(({ phone }) => phone)) },
  };
}

for (const seed of [1, 20220924]) {
  test(`planted duplicates of every sort are counted exactly, by seed ${seed}`, (t) => {
    const folder = scratch(t), flags = ['--catalog', path.join(folder, 'catalog')];
    const { files, ...wanted } = madeUp(seed, 120);
    assert.equal(tidemark(['sweep', plant(path.join(folder, 'leak'), files), ...flags]).code, 0);
    const { counts } = answer('scope', ['scope', ...flags]);
    for (const [measure, numbers] of Object.entries(wanted))
      for (const [way, number] of Object.entries(numbers)) assert.equal(counts[measure][way], number, `${measure}.${way}`);
    assert.ok(wanted.emails.resolved < wanted.emails.distinct && wanted.emails.distinct < wanted.emails.references);
    assert.ok(wanted.documents.distinct < wanted.documents.references);
  });
}

test('a tag is what stands behind a plus sign of the local part, where anything stands before it', (t) => {
  const folder = scratch(t), flags = ['--catalog', path.join(folder, 'catalog')];
  const leak = plant(path.join(folder, 'leak'), { 'a.txt': 'anna@contoso.com anna+x@contoso.com ANNA+Y@contoso.com anna+x@fabrikam.com +49@contoso.com an.na@contoso.com\n' });
  tidemark(['sweep', leak, ...flags]);
  const { emails } = answer('scope', ['scope', ...flags]).counts;
  const found = answer('entities', ['entities', '--kind', 'email', ...flags]).entities.map(({ value }) => value);
  const mailboxes = new Set(found.map((value) => value.replace(/^([^+]+)\+[^@]*@/, '$1@')));
  assert.ok(found.includes('anna+y@contoso.com'), found.join());
  assert.deepEqual([emails.distinct, emails.resolved], [found.length, mailboxes.size]);
});

test('pages are those that were seen, of every copy and once', (t) => {
  const folder = scratch(t), flags = ['--catalog', path.join(folder, 'catalog')];
  const three = pagesOf(3, zlib.deflateSync('BT ET')), five = pagesOf(5, zlib.deflateSync('BT ET'));
  const leak = plant(path.join(folder, 'leak'), { 'three.pdf': three, 'again/three.pdf': three, 'five.pdf': five, 'a.txt': 'no pages\n' });
  tidemark(['sweep', leak, ...flags]);
  assert.deepEqual(answer('scope', ['scope', ...flags]).counts.pages, { references: 11, distinct: 8, resolved: null });
});

test('what was not seen is told for objects and for what lies within them', (t) => {
  const folder = scratch(t), flags = ['--catalog', path.join(folder, 'catalog')];
  const noise = Buffer.from(Array.from({ length: 500 }, (_, k) => (k * 167) & 255));
  const leak = plant(path.join(folder, 'leak'), { 'noise.bin': noise, 'packed.zip': zip([['read.txt', 'words\n'], ['inner.bin', noise.subarray(0, 300)]]) });
  tidemark(['sweep', leak, ...flags]);
  const { unseen, by_type: types, counts } = answer('scope', ['scope', ...flags]);
  assert.deepEqual(unseen, { objects: 1, bytes: 500, by_outcome: { unsupported: { objects: 1, bytes: 500 } },
    parts: { documents: 1, bytes: 300, by_outcome: { unsupported: { documents: 1, bytes: 300 } } } });
  assert.equal(Object.values(types).reduce((sum, { documents }) => sum + documents, 0), counts.documents.references);
});

test('what nothing tells yet is null, and no zero', (t) => {
  const folder = scratch(t), flags = ['--catalog', path.join(folder, 'catalog')];
  tidemark(['sweep', plant(path.join(folder, 'leak'), { 'a.txt': 'anna@contoso.com\n' }), ...flags]);
  const scope = answer('scope', ['scope', ...flags]);
  for (const [name, value] of Object.entries({ ...scope, ...scope.counts }))
    if (['people', 'countries', 'by_country', 'by_sector', 'by_relationship', 'by_element'].includes(name))
      assert.ok(value === null || Object.keys(value).length > 0, name);
});
