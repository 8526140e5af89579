// SPDX-License-Identifier: Apache-2.0
// What documents are: told with evidence, found by it, counted, read again by it; and nothing that nobody could tell.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { answer, everyHit, plant, scratch, tidemark } from './house.mjs';

const ubl = (root, code) => `<?xml version="1.0"?><x:${root} xmlns:x="urn:oasis:names:specification:ubl:schema:xsd:${root}-2" xmlns:b="urn:b">`
  + `<b:ID>7</b:ID>${code ? `<b:${root}TypeCode>${code}</b:${root}TypeCode>` : ''}<b:Note>for anna@contoso.com</b:Note></x:${root}>`;
const leak = {
  'a.xml': ubl('Invoice', 380),
  'b.xml': ubl('OrderResponse'),
  'c.txt': 'Statement of Work\nContact: anna@contoso.com\nPeriod of performance: a year\nDeliverables: none\n',
  'd.eml': 'From: a@contoso.com\nTo: b@fabrikam.com\nSubject: Invoice\nDate: Mon, 1 Mar 2021 10:00:00 +0000\nMessage-ID: <1@contoso.com>\n\nInvoice number 4711\n',
  'e.txt': 'An offer was spoken of.\n',
};

function swept(t) {
  const folder = scratch(t);
  const flags = ['--catalog', path.join(folder, 'catalog')];
  plant(path.join(folder, 'leak'), leak);
  tidemark(['sweep', path.join(folder, 'leak'), ...flags]);
  return { target: path.join(folder, 'leak'), flags };
}

test('a class is told with what decided it', (t) => {
  const { flags } = swept(t);
  assert.deepEqual(Object.fromEntries(everyHit('', flags).map((hit) => [hit.path, hit.class])),
    { 'a.xml': 'invoice', 'b.xml': 'order_confirmation', 'c.txt': 'statement_of_work', 'd.eml': 'mail', 'e.txt': 'other' });
  const shown = (name) => answer('show', ['show', name, ...flags]);
  assert.deepEqual(shown('a.xml').class_evidence, ['its root element is Invoice of UBL, its kind is code 380']);
  assert.ok(shown('a.xml').class_confidence > 0.9);
  assert.equal(shown('c.txt').class_evidence[0], 'a title says "statement of work"');
  assert.equal(shown('e.txt').class_confidence, null);
  assert.match(tidemark(['show', 'c.txt', ...flags]).out, /class:\s+statement_of_work/);
});

test('classes are asked for and counted', (t) => {
  const { flags } = swept(t);
  const paths = (query) => everyHit(query, flags).map((hit) => hit.path).sort();
  assert.deepEqual(paths('class:invoice'), ['a.xml']);
  assert.deepEqual(paths('class:invoice,mail'), ['a.xml', 'd.eml']);
  assert.deepEqual(paths('class:receipt'), []);
  assert.deepEqual(paths('NOT class:other'), ['a.xml', 'b.xml', 'c.txt', 'd.eml']);
  assert.deepEqual(answer('scope', ['scope', ...flags]).by_class,
    { invoice: 1, statement_of_work: 1, order_confirmation: 1, mail: 1, other: 1 });
  const contoso = answer('lookup', ['lookup', 'contoso.com', ...flags]);
  assert.equal(contoso.summary.classes.mail, 1);
  assert.deepEqual(Object.values(contoso.summary.classes).reduce((sum, n) => sum + n), contoso.documents.length);
  assert.ok(contoso.documents.every((document) => typeof document.class === 'string'));
});

test('a class is read again', (t) => {
  const { target, flags } = swept(t);
  const redone = answer('sweep', ['sweep', target, '--redo', 'class:invoice', ...flags]);
  assert.deepEqual([redone.objects.read, redone.objects.unchanged], [1, 4]);
  assert.equal(tidemark(['sweep', target, '--redo', 'class:nonsense', ...flags]).code, 2);
});
