// SPDX-License-Identifier: Apache-2.0
// The gate from the command line: the conformance suite, and what only the operator can do (review, show --subject).
// TIDEMARK_GATE=N asks for so many organisations; the whole of it is 2000.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, before, test } from 'node:test';
import { conforms, unnamed } from '../gate/conformance.mjs';
import { makeLeak, writeLeak } from '../gate/leak.mjs';
import { answer, holds, plant, scratch, tidemark } from './house.mjs';

const leak = makeLeak({ organisations: Number(process.env.TIDEMARK_GATE ?? 100), seed: 11 });
leak.numbersOf = new Set(leak.organisations.flatMap((organisation) => organisation.numbers.map((number) => number.toLowerCase())));
const folder = mkdtempSync(path.join(tmpdir(), 'tidemark-gate-'));
const flags = ['--catalog', path.join(folder, 'catalog')];
const answers = new Map(), turned = new Map();

before(() => {
  writeLeak(path.join(folder, 'leak'), leak);
  const swept = tidemark(['sweep', path.join(folder, 'leak'), ...flags]);
  assert.equal(swept.code, 0, swept.err);
  /* All organisations in one run; what each is asked singly has to be the same. */
  writeFileSync(path.join(folder, 'list'), leak.organisations.map(({ domain }) => `${domain}\n`).join(''));
  const { out } = tidemark(['lookup', '--as-subject', '--list', path.join(folder, 'list'), '--format', 'jsonl', ...flags]);
  for (const line of out.trimEnd().split('\n')) {
    const one = JSON.parse(line);
    answers.set(one.subject, holds('lookup-as-subject', one));
  }
});
after(() => rmSync(folder, { recursive: true, force: true }));

const ask = (subject, { limit, cursor } = {}) => {
  if (!limit && !cursor && answers.has(subject)) return answers.get(subject);
  return answer('lookup-as-subject', ['lookup', subject, '--as-subject', ...flags,
    ...(limit ? ['--limit', String(limit)] : []), ...(cursor ? ['--cursor', cursor] : [])]);
};
/* The catalog's path of each id in a subject's answer, all of them in one run. */
const turnBack = (subject, id) => {
  if (!turned.has(subject)) {
    const ids = ask(subject).documents.map((document) => document.id);
    const shown = ids.length === 0 ? [] : ids.length === 1 ? [answer('show', ['show', '--subject', subject, ...ids, ...flags])]
      : JSON.parse(tidemark(['show', '--subject', subject, ...ids, '--format', 'json', ...flags]).out).documents;
    turned.set(subject, new Map(ids.map((each, i) => [each, shown[i].path])));
  }
  return turned.get(subject).get(id) ?? answer('show', ['show', '--subject', subject, id, ...flags]).path;
};
conforms(test, { leak, open: () => ({ ask, turnBack }) });

test('asked singly the answer is that of the list', () => {
  const { domain } = leak.organisations[3];
  const single = answer('lookup-as-subject', ['lookup', domain, '--as-subject', ...flags]);
  assert.deepEqual(unnamed(single), unnamed(answers.get(domain)));
});

/* A catalog of its own: one document between Contoso and Fabrikam, one that names Contoso by a link alone. */
function small(t) {
  const place = scratch(t);
  const own = ['--catalog', path.join(place, 'catalog')];
  const target = plant(path.join(place, 'leak'), {
    'invoice-4711.txt': 'INVOICE\nInvoice number: 4711-22\nBill to:\nanna.berg@contoso.com\nContact: Anna Berg <anna.berg@contoso.com>\nSupplier: tom.hill@fabrikam.com\n',
    'memo.txt': 'See https://www.contoso.com/terms for how it was done.\n',
  });
  tidemark(['sweep', target, ...own]);
  const told = () => answer('lookup-as-subject', ['lookup', 'contoso.com', '--as-subject', ...own]).documents
    .map(({ id }) => answer('show', ['show', '--subject', 'contoso.com', id, ...own]).path).sort();
  return { own, target, told };
}

test('what the operator withholds does not go out, what is confirmed does, over sweeps', (t) => {
  const { own, target, told } = small(t);
  assert.deepEqual(told(), ['invoice-4711.txt']);
  assert.equal(tidemark(['review', 'withhold', 'contoso.com', 'invoice-4711.txt', '--why', 'an informant is named', ...own]).code, 0);
  assert.deepEqual(told(), []);
  assert.equal(tidemark(['review', 'confirm', 'contoso.com', 'memo.txt', '--why', 'read by hand', ...own]).code, 0);
  assert.deepEqual(told(), ['memo.txt']);
  tidemark(['sweep', target, '--redo', 'all', ...own]);
  assert.deepEqual(told(), ['memo.txt']);
  plant(target, { 'memo.txt': 'Something else altogether, of other people.\n', 'invoice-4711.txt': 'Bill to:\nanna.berg@contoso.com\nContact: Anna Berg <anna.berg@contoso.com>\n' });
  tidemark(['sweep', target, ...own]);
  assert.deepEqual(told(), [], 'a confirmation is of the bytes that were read, a refusal of the place');
  const { reviews } = answer('review-list', ['review', 'list', ...own]);
  assert.deepEqual(reviews.map(({ subject, word, why }) => [subject, word, why]),
    [['contoso.com', 'withhold', 'an informant is named'], ['contoso.com', 'confirm', 'read by hand']]);
  assert.match(tidemark(['journal', 'show', ...own]).out, /review withhold/);
});

test('a review says why, of a document that is there, for a subject that can be', (t) => {
  const { own } = small(t);
  assert.equal(tidemark(['review', 'withhold', 'contoso.com', 'memo.txt', ...own]).code, 2);
  assert.equal(tidemark(['review', 'withhold', 'contoso.com', 'no-such-file', '--why', 'x', ...own]).code, 1);
  assert.equal(tidemark(['review', 'withhold', 'co.uk', 'memo.txt', '--why', 'x', ...own]).code, 2);
  assert.equal(tidemark(['review', 'withhold', 'contoso.com', ...own]).code, 2);
  assert.deepEqual(answer('review-list', ['review', 'list', ...own]).reviews, []);
});

test('what was carved out of unread bytes is told to nobody', (t) => {
  const place = scratch(t);
  const own = ['--catalog', path.join(place, 'catalog')];
  const noise = Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919 + (i >> 3)) & 0x1f));
  plant(path.join(place, 'leak'), { 'x.bin': Buffer.concat([noise, Buffer.from('From: anna.berg@contoso.com, Contact: anna.berg@contoso.com'), noise]) });
  tidemark(['sweep', path.join(place, 'leak'), ...own]);
  for (const subject of ['contoso.com', 'anna.berg@contoso.com'])
    assert.deepEqual(answer('lookup-as-subject', ['lookup', subject, '--as-subject', ...own]).documents, []);
});

test('words that are of nobody make a path shown, any other hides it', (t) => {
  const place = scratch(t);
  const own = ['--catalog', path.join(place, 'catalog')];
  const text = 'Invoice number: 4711-22\nBill to:\nanna.berg@contoso.com\nContact: Anna Berg <anna.berg@contoso.com>\n';
  const shown = ['2021/contoso/invoice-4711-22.txt', 'Rechnungen/2021-03-04/Contoso GmbH.txt', 'facture_20210304.txt', 'inv4711-22 (1).txt'];
  const hidden = ['2021/fabrikam/invoice.txt', 'invoice-88231.txt', 'contosofabrikam.txt', '株式会社.txt', `invoice${'invoice1'.repeat(20)}fabrikam.txt`,
    'F​abrikam.txt', 'ｆａｂｒｉｋａｍ.txt'];
  plant(path.join(place, 'leak'), Object.fromEntries([...shown, ...hidden].map((name, i) => [name, `${text}${i}\n`])));
  tidemark(['sweep', path.join(place, 'leak'), ...own]);
  const { documents } = answer('lookup-as-subject', ['lookup', 'contoso.com', '--as-subject', ...own]);
  assert.deepEqual(documents.map((document) => document.path).filter(Boolean).sort(), [...shown].sort());
  assert.equal(documents.length, shown.length + hidden.length);
});

test('the owner\'s own name hides nothing', (t) => {
  const place = scratch(t);
  const own = ['--catalog', path.join(place, 'catalog')];
  plant(place, { 'leak/litware/invoice-4711-22.txt': 'Invoice number: 4711-22\nBill to:\nanna.berg@contoso.com\nContact: Anna Berg <anna.berg@contoso.com>\n',
    'register.csv': 'domain,name,relationship\nlitware.com,Litware,own\nfabrikam.com,Fabrikam,customer\n' });
  tidemark(['sweep', path.join(place, 'leak'), ...own]);
  const paths = () => answer('lookup-as-subject', ['lookup', 'contoso.com', '--as-subject', ...own]).documents.map((document) => document.path);
  assert.deepEqual(paths(), [null]);
  assert.equal(tidemark(['register', 'import', path.join(place, 'register.csv'), ...own]).code, 0);
  assert.deepEqual(paths(), ['litware/invoice-4711-22.txt']);
});

test('a list that many have a part in gives none of its numbers to all of them', (t) => {
  const place = scratch(t);
  const own = ['--catalog', path.join(place, 'catalog')];
  const firms = ['contoso', 'fabrikam', 'litware', 'proseware', 'tailspintoys'];
  const list = firms.map((firm, i) => `Customer:\nanna.berg@${firm}.com\nContact: Anna Berg <anna.berg@${firm}.com>\nInvoice number: 4711-2${i}\n`);
  plant(path.join(place, 'leak'), { 'open-items.txt': `Invoices\n\n${list.join('\n')}`, 'invoice.txt': `INVOICE\n${list[0]}` });
  tidemark(['sweep', path.join(place, 'leak'), ...own]);
  for (const [i, firm] of firms.entries()) {
    const { documents } = answer('lookup-as-subject', ['lookup', `${firm}.com`, '--as-subject', ...own]);
    const said = JSON.stringify(documents);
    for (const other of firms.keys()) assert.ok(other === i || !said.includes(`4711-2${other}`), `${firm} reads 4711-2${other}`);
  }
  const { documents } = answer('lookup-as-subject', ['lookup', 'contoso.com', '--as-subject', ...own]);
  assert.deepEqual(documents.flatMap((document) => document.yours.invoice), ['4711-20']);
});

test('who is named beside a subject\'s people in a row is not one of them', (t) => {
  const place = scratch(t);
  const own = ['--catalog', path.join(place, 'catalog')];
  plant(path.join(place, 'leak'), { 'customers.csv': 'Company,Contact,Email,Account manager\n'
    + 'Contoso Ltd,Anna Berg,anna.berg@contoso.com,Walter Zuckerbrot\nLitware Ltd,Tom Hill,tom.hill@litware.com,Walter Zuckerbrot\n' });
  tidemark(['sweep', path.join(place, 'leak'), ...own]);
  const { documents } = answer('lookup-as-subject', ['lookup', 'contoso.com', '--as-subject', ...own]);
  assert.equal(documents.length, 1);
  assert.equal(documents[0].rows[0].Email, 'anna.berg@contoso.com');
  assert.doesNotMatch(JSON.stringify(documents), /Zuckerbrot|litware/i);
});
