// SPDX-License-Identifier: Apache-2.0
// Who signed what: told in a cell without a network or a store of authorities, asked for, counted, and to a subject only their own.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { answer, everyHit, plant, root, scratch, tidemark } from './house.mjs';

const pdf = (name) => readFileSync(path.join(root, 'tests/golden/pdf', name, 'input.pdf'));
const mail = (name) => readFileSync(path.join(root, 'tests/golden/eml', name, 'input.eml'));
const leak = {
  'signed.pdf': pdf('signed'), 'again.pdf': pdf('signed'), 'changed.pdf': pdf('signed-changed'), 'added.pdf': pdf('signed-added'),
  'unsigned.pdf': pdf('byte-range-alone'), 'a.txt': 'Contact: anna@contoso.com\n', 'a.zip': 'PK\x05\x06' + '\0'.repeat(18),
};

function swept(t) {
  const folder = scratch(t);
  const flags = ['--catalog', path.join(folder, 'catalog')];
  plant(path.join(folder, 'leak'), leak);
  tidemark(['sweep', path.join(folder, 'leak'), ...flags]);
  return flags;
}

test('a signature is told with what was checked of it', (t) => {
  const flags = swept(t);
  const signature = (name) => answer('show', ['show', name, ...flags]).signatures;
  const [whole] = signature('signed.pdf');
  assert.deepEqual([whole.kind, whole.signer, whole.organisation, whole.email, whole.covers, whole.intact],
    ['pdf', 'Anna Example', 'Contoso Ltd', 'anna@contoso.com', 'whole document', true]);
  assert.match(whole.chain, /not checked against a trust store/);
  assert.match(whole.time, /^20\d\d-/);
  assert.equal(signature('changed.pdf')[0].intact, false);
  assert.equal(signature('added.pdf')[0].intact, true);
  assert.match(signature('added.pdf')[0].covers, /^a part: 30 bytes behind/);
  assert.deepEqual(signature('unsigned.pdf'), []);
});

test('signed documents are asked for and counted', (t) => {
  const flags = swept(t);
  const paths = (query) => everyHit(query, flags).map((hit) => hit.path).sort();
  const signed = ['added.pdf', 'again.pdf', 'changed.pdf', 'signed.pdf'];
  assert.deepEqual(paths('signed:yes'), signed);
  assert.deepEqual(paths('is:signed'), signed);
  assert.deepEqual(paths('signed:no'), ['a.txt', 'unsigned.pdf']);
  assert.deepEqual(Object.fromEntries(everyHit('', flags).map((hit) => [hit.path, hit.signed])), {
    'signed.pdf': true, 'again.pdf': true, 'changed.pdf': true, 'added.pdf': true, 'unsigned.pdf': false, 'a.txt': false,
    'a.zip': null, // signatures may lie anywhere in an archive: that is no "no"
  });
  assert.deepEqual(answer('scope', ['scope', ...flags]).counts.signed_documents, { references: 4, distinct: 3, resolved: null });
});

test('mails are told as signed by what they hold, however their lines end', (t) => {
  const folder = scratch(t);
  const flags = ['--catalog', path.join(folder, 'catalog')];
  plant(path.join(folder, 'leak'), { 'a.eml': mail('signed-detached'), 'b.eml': mail('signed-changed'), 'c.eml': mail('signed-opaque'), 'd.eml': mail('signed-pgp') });
  tidemark(['sweep', path.join(folder, 'leak'), ...flags]);
  const told = (name) => answer('show', ['show', name, ...flags]).signatures.map((one) => [one.kind, one.signer, one.intact]);
  assert.deepEqual(told('a.eml'), [['smime', 'Anna Example', true]]);
  assert.deepEqual(told('b.eml'), [['smime', 'Anna Example', false]]);
  assert.deepEqual(told('c.eml'), [['smime', 'Anna Example', true]]);
  assert.deepEqual(told('d.eml'), [['pgp-mime', null, null]]);
});

test('a subject is told its own signers alone', (t) => {
  const flags = swept(t);
  const document = (subject) => answer('lookup', ['lookup', subject, ...flags]).documents.find((one) => one.path === 'signed.pdf');
  assert.deepEqual(document('contoso.com').signers, ['Anna Example']);
  assert.equal(document('contoso.com').signed, true);
  assert.deepEqual(document('anna@contoso.com').signers, ['Anna Example']);
});
