// SPDX-License-Identifier: Apache-2.0
// A database is its tables, and what is carved out of what nobody reads is told apart from what was read.
import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { answer, everyHit, plant, root, scratch, tidemark } from './house.mjs';

/* An Access file as far as its first bytes go: two columns lie side by side, and one address is read elsewhere too. */
const access = Buffer.concat([
  Buffer.from('\0\x01\0\0Standard Jet DB\0', 'latin1'), Buffer.alloc(600),
  Buffer.from('Bergstrombergstrom@crm.contoso.com\0\x01\x02anna@contoso.com\0\0'), Buffer.alloc(50),
]);

function swept(t) {
  const folder = scratch(t), target = path.join(folder, 'leak');
  const flags = ['--catalog', path.join(folder, 'catalog')];
  plant(target, { 'old.mdb': access, 'letter.txt': 'Dear Anna, write to anna@contoso.com\n' });
  copyFileSync(path.join(root, 'tests/golden/sqlite/people/crm.sqlite'), path.join(target, 'crm.sqlite'));
  tidemark(['sweep', target, ...flags]);
  return flags;
}

test('tables are documents with rows, found by what stands in a cell', (t) => {
  const flags = swept(t);
  const [hit, ...others] = everyHit('"Ingrid Bergstrom"', flags);
  assert.deepEqual(others, []);
  assert.equal(hit.path, 'crm.sqlite!/table/customer');
  assert.equal(hit.outcome, 'read');
  assert.match(hit.snippet, /Ingrid/);
  const shown = answer('show', ['show', hit.id, ...flags]);
  assert.deepEqual(shown.findings.map(({ value }) => value),
    ['Ingrid Bergstrom', 'ingrid.bergstrom@contoso.com', 'Jo Bergstrom', 'jo@fabrikam.com', 'Ann Lee']);
  assert.deepEqual([shown.rows, shown.rows_catalog], [3, 3]);
  assert.deepEqual(everyHit('klara@litware.com', flags).map(({ path: at }) => at), ['crm.sqlite!/table/scan!/3/page!/page']);
});

test('what was carved is weak, makes nobody a party, and is counted apart', (t) => {
  const flags = swept(t);
  assert.deepEqual(everyHit('is:carved', flags).map(({ path: at }) => at).sort(), ['crm.sqlite!/table/scan', 'old.mdb']);
  const [{ id }] = everyHit('name:old.mdb', flags);
  const shown = answer('show', ['show', id, ...flags]);
  assert.equal(shown.outcome, 'unsupported');
  for (const finding of shown.findings) {
    assert.match(finding.rule, /\/carved$/);
    assert.ok(finding.confidence <= 0.5);
  }
  assert.deepEqual(shown.organisations.map(({ domain, role }) => [domain, role]), [['contoso.com', 'mention']]);
  const { emails } = answer('scope', ['scope', ...flags]).counts;
  /* ann.lee, ingrid.bergstrom, jo, klara, and anna who was read in the letter; carved: bergstrombergstrom, bob and anna again. */
  assert.deepEqual([emails.distinct, emails.references, emails.carved], [5, 5, { references: 3, distinct: 2 }]);
  const { entities } = answer('entities', ['entities', '--kind', 'email', ...flags]);
  const of = (value) => entities.filter((entity) => entity.value === value).map(({ references, carved }) => [references, carved]);
  assert.deepEqual(of('anna@contoso.com'), [[1, 1]]);
  assert.deepEqual(of('bergstrombergstrom@crm.contoso.com'), [[0, 1]]);
  assert.deepEqual(answer('lookup', ['lookup', 'contoso.com', ...flags]).documents.map(({ path: at }) => at).filter((at) => at === 'old.mdb'), []);
});

test('is: takes what it knows', (t) => {
  const flags = swept(t);
  const refused = tidemark(['search', 'is:craved', ...flags]);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /carved/);
  assert.deepEqual(everyHit('is:gone', flags), []);
});
