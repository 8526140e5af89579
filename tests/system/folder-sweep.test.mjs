// SPDX-License-Identifier: Apache-2.0
// A folder, from files to answers: what is in here, whose is it, what of Contoso's.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, copyFileSync, existsSync, readFileSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { zip } from './hostile-kit.mjs';
import { answer, everyHit, holds, plant, root, scratch, tidemark } from './house.mjs';

const leak = {
  'a.txt': 'Contact: anna@contoso.com\nsee https://www.example.org/x\n',
  'b/c.csv': 'name,mail\nAnna,Anna@Contoso.com\nBob,bob+x@fabrikam.com\n',
  'copy/a.txt': 'Contact: anna@contoso.com\nsee https://www.example.org/x\n',
  'empty': '',
};

function swept(t, files = leak) {
  const folder = scratch(t);
  const flags = ['--catalog', path.join(folder, 'catalog')];
  plant(path.join(folder, 'leak'), files);
  return { folder, target: path.join(folder, 'leak'), flags };
}

test('a sweep reads every file once and counts both ways', (t) => {
  const { target, flags } = swept(t);
  const summary = answer('sweep', ['sweep', target, ...flags]);
  assert.deepEqual(summary.objects, { listed: 4, read: 4, unchanged: 0, skipped: 0, failed: 0 });
  assert.equal(summary.twins, 1);
  assert.equal(summary.complete, true);
  assert.equal(summary.findings.email, 4);
  const scope = answer('scope', ['scope', ...flags]);
  assert.deepEqual(scope.counts.emails, { references: 4, distinct: 2, resolved: 2, carved: { references: 0, distinct: 0 } });
  assert.deepEqual(scope.counts.objects, { references: 4, distinct: 3, resolved: 3 });
  assert.match(scope.manifest.root, /^[0-9a-f]{64}$/);
});

test('numbers are counted both ways, and found as they are written', (t) => {
  const { target, flags } = swept(t, {
    'a.txt': 'Invoice no. RE-17\nTel. +49 30 901820\nIBAN DE89 3704 0044 0532 0130 00\n',
    'b.txt': 'Rechnungsnummer: RE-17\nBestellnummer: 4711\nVertrags-Nr. V-88\nProject code: PX-77\nPhone: 0049 (0)30/901820\nRE-17\n',
    'c.txt': 'Invoice no. RE-18\n',
  });
  tidemark(['sweep', target, ...flags]);
  const { counts } = answer('scope', ['scope', ...flags]);
  const count = (references, distinct) => ({ references, distinct, resolved: distinct });
  assert.deepEqual([counts.invoices, counts.phones, counts.orders, counts.contracts, counts.projects],
    [count(3, 2), count(2, 1), count(1, 1), count(1, 1), count(1, 1)]);
  assert.deepEqual(counts.people, count(0, 0));
  const paths = (query) => everyHit(query, flags).map((hit) => hit.path).sort();
  for (const query of ['entity:iban=DE89370400440532013000', 'entity:"iban=de89 3704 0044 0532 0130 00"', 'entity:iban=DE89-3704*'])
    assert.deepEqual(paths(query), ['a.txt'], query);
  for (const query of ['entity:phone=+4930901820', 'entity:"phone=0049 30 901820"', 'entity:"phone=+49 (0)30 901820"'])
    assert.deepEqual(paths(query), ['a.txt', 'b.txt'], query);
  assert.deepEqual(paths('entity:invoice=RE-17'), ['a.txt', 'b.txt']);
  assert.deepEqual(answer('entities', ['entities', '--kind', 'invoice', ...flags]).entities.map((row) => [row.value, row.references]),
    [['RE-17', 2], ['RE-18', 1]]);
});

test('many targets are read in one sweep, twins among them once', (t) => {
  const folder = scratch(t);
  const targets = Array.from({ length: 8 }, (_, i) => path.join(folder, `${i}`));
  targets.forEach((target, i) => plant(target, { 'own.txt': `letter ${i}`, 'same.txt': 'a letter to all of them' }));
  const summary = answer('sweep', ['sweep', ...targets, '-j', '3', '--catalog', path.join(folder, 'catalog')]);
  assert.deepEqual([summary.objects.listed, summary.objects.read, summary.twins], [16, 16, 7]);
});

test('search finds words, phrases and fields, and pages to the end', (t) => {
  const { target, flags } = swept(t);
  tidemark(['sweep', target, ...flags]);
  const paths = (query) => everyHit(query, flags).map((hit) => hit.path).sort();
  assert.deepEqual(paths('contact anna'), ['a.txt', 'copy/a.txt']);
  assert.deepEqual(paths('"anna contoso"'), ['a.txt', 'b/c.csv', 'copy/a.txt']);
  assert.deepEqual(paths('anna -contact'), ['b/c.csv']);
  assert.deepEqual(paths('bob OR contact'), ['a.txt', 'b/c.csv', 'copy/a.txt']);
  assert.deepEqual(paths('email:anna@contoso.com'), ['a.txt', 'b/c.csv', 'copy/a.txt']);
  assert.deepEqual(paths('organisation:fabrikam.com'), ['b/c.csv']);
  assert.deepEqual(paths('ext:csv'), ['b/c.csv']);
  assert.deepEqual(paths('path:opy/'), ['copy/a.txt']);
  assert.deepEqual(paths('size:0'), ['empty']);
  assert.deepEqual(paths('outcome:read size:>1'), ['a.txt', 'b/c.csv', 'copy/a.txt']);
  assert.deepEqual(paths('re:/^b\\/.*\\.csv$/'), ['b/c.csv']);
  assert.deepEqual(paths('nothing-of-the-kind'), []);
  assert.equal(paths('').length, 4);
  const first = answer('search', ['search', '', '--limit', '3', '--sort', 'name', ...flags]);
  const second = answer('search', ['search', '', '--limit', '3', '--sort', 'name', '--cursor', first.next, ...flags]);
  assert.deepEqual([...first.hits, ...second.hits].map((hit) => hit.path), ['a.txt', 'copy/a.txt', 'b/c.csv', 'empty']);
  assert.equal(second.next, null);
});

test('show gives exact spans, twins, and the text', (t) => {
  const { target, flags } = swept(t);
  tidemark(['sweep', target, ...flags]);
  const [hit] = everyHit('path:b/c.csv', flags);
  const document = answer('show', ['show', hit.id, ...flags]);
  for (const finding of document.findings)
    assert.equal([...document.text].slice(finding.from, finding.to).join(''), finding.raw);
  assert.deepEqual(document.findings.filter((finding) => finding.kind === 'email').map((finding) => finding.value),
    ['anna@contoso.com', 'bob+x@fabrikam.com']);
  assert.equal(tidemark(['show', hit.id, '--text', ...flags]).out, leak['b/c.csv']);
  const twin = answer('show', ['show', everyHit('path:copy', flags)[0].id, ...flags]);
  assert.equal(twin.twins.length, 1);
  assert.equal(tidemark(['show', 'a'.repeat(26), ...flags]).code, 1);
});

test('lookup answers an organisation, a person, and a list of both', (t) => {
  const { target, flags } = swept(t);
  tidemark(['sweep', target, ...flags]);
  const contoso = answer('lookup', ['lookup', 'contoso.com', ...flags]);
  /* What names the container can be typed again, in the CSV of it, too. */
  const rows = tidemark(['lookup', 'contoso.com', '--format', 'csv', ...flags]).out.trim().split('\r\n');
  assert.equal(answer('search', ['search', `container:${contoso.documents[0].target}`, '--limit', '1', ...flags]).hits[0].target, contoso.documents[0].target);
  assert.ok(rows[0].endsWith(',container') && rows.slice(1).every((row) => row.endsWith(`,${contoso.documents[0].target}`)));
  assert.equal(contoso.kind, 'organisation');
  assert.equal(contoso.summary.documents, contoso.documents.length);
  assert.ok(contoso.documents.every((document) => document.yours.email.every((address) => address.endsWith('@contoso.com'))));
  assert.equal(answer('lookup', ['lookup', 'Bob+x@Fabrikam.com', ...flags]).summary.documents, 1);
  assert.equal(answer('lookup', ['lookup', 'nobody.example.org', ...flags]).documents.length, 0);
  const lines = tidemark(['lookup', '--list', '-', '--format', 'jsonl', ...flags], { input: 'contoso.com\nfabrikam.com\n' });
  assert.deepEqual(lines.out.trim().split('\n').map((line) => holds('lookup', JSON.parse(line)).subject),
    ['contoso.com', 'fabrikam.com']);
  assert.equal(tidemark(['lookup', 'not a domain', ...flags]).code, 2);
});

test('a place names an owner where its content names none, each place its own', (t) => {
  const folder = scratch(t);
  const archive = zip([['plan.txt', Buffer.from('the plan')], ['mail/1.txt', Buffer.from('From: ann@northwind.com\n')]]);
  const target = plant(path.join(folder, 'leak'), {
    'fabrikam.com/a.zip': archive, 'contoso.com/b.zip': archive, 'contoso.com/letter.txt': 'a letter of no one\n',
    'contoso.com/mail.txt': 'From: eve@litware.com\n', 'letter.txt': 'a letter of no one\n', 'contoso.com.txt': 'nothing',
  });
  const flags = ['--catalog', path.join(folder, 'catalog')];
  assert.equal(answer('sweep', ['sweep', target, ...flags]).twins, 2);
  const owners = Object.fromEntries(everyHit('', flags).map((hit) => {
    const shown = answer('show', ['show', hit.id, ...flags]);
    assert.deepEqual(shown.organisations, hit.organisations);
    for (const { domain, role, confidence, why } of shown.organisations)
      if (why.startsWith('the path alone')) {
        assert.equal(why, `the path alone: part ${domain}`);
        assert.equal(role, 'party');
        assert.ok(confidence < 0.2);
      }
    return [hit.path, shown.organisations.filter(({ role }) => role === 'party').map(({ domain }) => domain).join()];
  }));
  assert.deepEqual(owners, {
    'contoso.com.txt': '', 'letter.txt': '', 'contoso.com/letter.txt': 'contoso.com', 'contoso.com/mail.txt': 'litware.com',
    'contoso.com/b.zip': 'contoso.com', 'contoso.com/b.zip!/plan.txt': 'contoso.com', 'contoso.com/b.zip!/mail/1.txt': 'northwind.com',
    'fabrikam.com/a.zip': 'fabrikam.com', 'fabrikam.com/a.zip!/plan.txt': 'fabrikam.com',
    'fabrikam.com/a.zip!/mail/1.txt': 'northwind.com',
  });
  const contoso = answer('lookup', ['lookup', 'contoso.com', ...flags]);
  assert.deepEqual(contoso.documents.map((found) => found.path),
    ['contoso.com/b.zip', 'contoso.com/b.zip!/plan.txt', 'contoso.com/letter.txt']);
  for (const { confidence, why } of contoso.documents)
    assert.ok(confidence < 0.2 && why === 'the path alone: part contoso.com');
  const listed = answer('organisations', ['organisations', ...flags]).organisations;
  assert.deepEqual(listed.map((row) => [row.domain, row.as_party]),
    [['contoso.com', 3], ['fabrikam.com', 2], ['northwind.com', 2], ['litware.com', 1]]);
  assert.ok(listed[0].confidence < 0.2 && listed[3].confidence > 0.2);
  assert.deepEqual(everyHit('organisation:fabrikam.com', flags).map((hit) => hit.path).sort(),
    ['fabrikam.com/a.zip', 'fabrikam.com/a.zip!/plan.txt']);
  /* What a folder is called is not told to others: the ledger counts parties by what documents say. */
  assert.deepEqual(answer('scope', ['scope', ...flags]).counts.organisations, { references: 3, distinct: 2, resolved: null });
});

const sheet = (dimension, rows) => `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${
  dimension ? `<dimension ref="${dimension}"/>` : ''}<sheetData>${
  rows.map((row) => `<row r="${row}"><c r="B${row}"><v>${row}</v></c></row>`).join('')}</sheetData></worksheet>`;

/* As small as a workbook can be: of each sheet its name and its part. */
function workbook(...sheets) {
  const main = 'application/vnd.openxmlformats-officedocument.spreadsheetml', office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const relation = (id, type, to) => `<Relationship Id="${id}" Type="${office}/${type}" Target="${to}"/>`;
  const relations = (all) => `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all}</Relationships>`;
  const each = (of) => sheets.map((_, i) => of(i + 1)).join('');
  return zip([
    ['[Content_Types].xml', `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="${
      main}.sheet.main+xml"/>${each((i) => `<Override PartName="/xl/s${i}.xml" ContentType="${main}.worksheet+xml"/>`)}</Types>`],
    ['_rels/.rels', relations(relation('m', 'officeDocument', 'xl/workbook.xml'))],
    ['xl/workbook.xml', `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${office}"><sheets>${
      each((i) => `<sheet name="s${i}" sheetId="${i}" r:id="r${i}"/>`)}</sheets></workbook>`],
    ['xl/_rels/workbook.xml.rels', relations(each((i) => relation(`r${i}`, 'worksheet', `s${i}.xml`)))],
    ...sheets.map((xml, i) => [`xl/s${i + 1}.xml`, xml]),
  ]);
}

test('show says what a container declares and what was read of it', (t) => {
  const folder = scratch(t), golden = (name) => readFileSync(path.join(root, 'tests/golden', name));
  const archive = zip([['a.txt', 'a'], ['b/', ''], ['b/c.txt', 'c']]), boastful = Buffer.from(archive);
  boastful.writeUInt16LE(700, boastful.length - 12);
  const target = plant(path.join(folder, 'leak'), {
    'a.zip': archive, 'twin.zip': archive, 'boastful.zip': boastful, 'letter.txt': 'a letter',
    'plan.pdf': golden('pdf/everything/input.pdf'), 'false.pdf': golden('pdf/false-count/input.pdf'),
    'cut.xlsx': workbook(sheet('B2:C6', [2, 3, 6]), sheet('A1:A5', [1, 3])),
    'silent.xlsx': workbook(sheet(null, [7, 10]), sheet('A1', [])), 'empty.xlsx': workbook(sheet('A1', [])),
  });
  const flags = ['--catalog', path.join(folder, 'catalog')];
  tidemark(['sweep', target, ...flags]);
  const shown = Object.fromEntries(everyHit('', flags).map((hit) => {
    const { declared, seen } = answer('show', ['show', hit.id, ...flags]);
    return [hit.path, [declared.members, seen.members, declared.pages, seen.pages, declared.rows, seen.rows]];
  }));
  const no = null;
  assert.deepEqual(shown['a.zip'], [3, 3, no, no, no, no]);
  assert.deepEqual(shown['twin.zip'], [3, 3, no, no, no, no]);
  assert.deepEqual(shown['boastful.zip'], [700, 3, no, no, no, no]);
  assert.deepEqual(shown['letter.txt'], [no, no, no, no, no, no]);
  assert.deepEqual(shown['a.zip!/a.txt'], [no, no, no, no, no, no]);
  assert.deepEqual(shown['plan.pdf'], [no, no, 2, 2, no, no]);
  assert.deepEqual(shown['false.pdf'], [no, no, 2000000000, 1, no, no]);
  assert.deepEqual(shown['cut.xlsx'], [no, no, no, no, 10, 8]);
  assert.deepEqual(shown['silent.xlsx'], [no, no, no, no, no, 4]);
  assert.deepEqual(shown['empty.xlsx'], [no, no, no, no, 1, 0]);
  const id = everyHit('name:boastful.zip', flags)[0].id;
  assert.match(tidemark(['show', id, ...flags]).out, /members declared: +700\nmembers read: +3\n/);
});

test('lists hold their schemas: organisations, entities, containers, incidents', (t) => {
  const { target, flags } = swept(t);
  tidemark(['sweep', target, ...flags]);
  const organisations = answer('organisations', ['organisations', ...flags]).organisations.map((row) => row.domain);
  assert.deepEqual(organisations.sort(), ['contoso.com', 'fabrikam.com']);
  const entities = answer('entities', ['entities', '--kind', 'email', '--domain', 'contoso.com', ...flags]).entities;
  assert.deepEqual(entities, [{ kind: 'email', value: 'anna@contoso.com', references: 3, documents: 3, carved: 0 }]);
  for (const kind of ['ip', 'secret', 'phone', 'person'])
    assert.equal(answer('entities', ['entities', '--kind', kind, ...flags]).looked_for, true);
  for (const kind of ['postal_address']) {
    assert.equal(answer('entities', ['entities', '--kind', kind, ...flags]).looked_for, false, kind);
    assert.match(tidemark(['entities', '--kind', kind, ...flags]).out, /^Not looked for/m);
  }
  for (const [query, looked] of [['entity:postal_address=1', false], ['anna NOT entity:postal_address=1', false], ['class:invoice', true],
    ['signed:yes', true], ['anna', true], ['', true], ['email:anna@contoso.com', true]])
    assert.equal(answer('search', ['search', query, ...flags]).looked_for, looked, query);
  assert.match(tidemark(['search', 'entity:postal_address=1', ...flags]).out, /^Not looked for/m);
  assert.equal(answer('containers', ['containers', ...flags]).containers[0].objects, 4);
  assert.equal(answer('incidents', ['incidents', ...flags]).incidents.length, 1);
});

test('where nobody looked, none is no answer', (t) => {
  const { folder, target, flags } = swept(t, { 'a.txt': 'anna@contoso.com, DE89 3704 0044 0532 0130 00\n', 'b.txt': 'nobody\n' });
  const looked = ({ looked_for, not_looked_through }) => [looked_for, not_looked_through.documents, not_looked_through.not_read];
  for (const depth of ['names', 'peek']) {
    tidemark(['sweep', target, '--depth', depth, ...flags]);
    assert.deepEqual(looked(answer('entities', ['entities', '--kind', 'email', ...flags])), [false, 2, 2], depth);
    assert.deepEqual(looked(answer('search', ['search', 'email:anna@contoso.com', ...flags])), [false, 2, 2], depth);
    assert.deepEqual(looked(answer('lookup', ['lookup', 'contoso.com', ...flags])), [false, 2, 2], depth);
    assert.equal(answer('lookup', ['lookup', 'contoso.com', ...flags]).summary.addresses, null);
    assert.equal(answer('scope', ['scope', ...flags]).counts.emails, null, depth);
    assert.match(tidemark(['scope', ...flags]).out, /^emails +not looked for/m);
    assert.match(tidemark(['entities', '--kind', 'iban', ...flags]).out, /^Not looked for/m);
  }
  assert.equal(answer('search', ['search', 'anna', ...flags]).not_looked_through, null);
  tidemark(['sweep', target, ...flags]);
  assert.deepEqual(looked(answer('entities', ['entities', '--kind', 'email', ...flags])), [true, 0, 0]);
  assert.equal(answer('scope', ['scope', ...flags]).counts.emails.distinct, 1);
  plant(path.join(folder, 'more'), { 'c.txt': 'cecilia@contoso.com\n' });
  tidemark(['sweep', path.join(folder, 'more'), '--depth', 'names', ...flags]);
  assert.deepEqual(looked(answer('entities', ['entities', '--kind', 'email', ...flags])), [true, 1, 1]);
  assert.match(tidemark(['entities', '--kind', 'email', ...flags]).out, /^Not looked through: of 3 documents, 1 not wholly read/m);
});

test('a second sweep reads only what changed, and sees what is gone', (t) => {
  const { target, flags } = swept(t);
  tidemark(['sweep', target, ...flags]);
  assert.deepEqual(answer('sweep', ['sweep', target, ...flags]).objects, { listed: 4, read: 0, unchanged: 4, skipped: 0, failed: 0 });
  appendFileSync(path.join(target, 'a.txt'), 'new@tailspintoys.com\n');
  rmSync(path.join(target, 'empty'));
  const again = answer('sweep', ['sweep', target, ...flags]);
  assert.deepEqual(again.objects, { listed: 3, read: 1, unchanged: 2, skipped: 0, failed: 0 });
  assert.equal(everyHit('email:new@tailspintoys.com', flags).length, 1);
  assert.deepEqual(again.changes, { new: 0, changed: 1, gone: 1 });
  assert.equal(everyHit('', flags).length, 3);
  const [gone] = everyHit('is:gone', flags);
  assert.deepEqual([gone.path, everyHit('is:gone', flags).length], ['empty', 1], 'what is gone was exposed all the same: it stays');
  assert.ok(Date.parse(gone.gone_at) <= Date.now());
  assert.match(tidemark(['search', 'is:gone', ...flags]).out, /read, gone/);
  assert.equal(everyHit('NOT is:gone', flags).length, 3);
  assert.deepEqual(answer('sweep', ['sweep', target, ...flags]).changes, { new: 0, changed: 0, gone: 0 });
  plant(target, { empty: '' });
  assert.deepEqual(answer('sweep', ['sweep', target, ...flags]).changes.gone, 0);
  assert.equal(everyHit('', flags).length, 4);
  rmSync(path.join(target, 'empty'));
  assert.equal(answer('sweep', ['sweep', target, ...flags]).changes.gone, 1);
  const redone = answer('sweep', ['sweep', target, '--redo', 'all', ...flags]);
  assert.equal(redone.objects.read, 3);
});

test('links, pipes and unreadable files end in outcomes and are never opened', (t) => {
  const { folder, target, flags } = swept(t);
  plant(folder, { 'outside.txt': 'secret@litwareinc.com' });
  symlinkSync(path.join(folder, 'outside.txt'), path.join(target, 'link.txt'));
  symlinkSync(folder, path.join(target, 'up'));
  execFileSync('mkfifo', [path.join(target, 'pipe')]);
  const summary = answer('sweep', ['sweep', target, ...flags]);
  assert.deepEqual(summary.outcomes.find((row) => row.outcome === 'special'), { outcome: 'special', objects: 3, bytes: 0 });
  assert.equal(everyHit('email:secret@litwareinc.com', flags).length, 0);
  plant(target, { 'locked.zip': Buffer.from('504b0304140001000000', 'hex'), 'picture.png': Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex') });
  answer('sweep', ['sweep', target, ...flags], { code: 4 });
  const unread = everyHit('outcome:unread', flags);
  assert.ok(unread.length >= 5 && unread.every(({ note }) => note), JSON.stringify(unread.filter(({ note }) => !note)));
  assert.ok(tidemark(['search', 'outcome:special', '--format', 'csv', ...flags]).out.includes('never opened'));
  const types = answer('scope', ['scope', ...flags]).by_type;
  assert.deepEqual(types['image/png'], { documents: 1, read: 0 });
  assert.deepEqual(Object.values(types).reduce((sum, { documents }) => sum + documents, 0), everyHit('', flags).length);
});

test('what is left out is counted: include, exclude, max-object, budget, depth', (t) => {
  const { target, flags } = swept(t);
  const outcomes = (...args) => Object.fromEntries(
    answer('sweep', ['sweep', target, ...args, ...flags, '--incident', args.join('')], { code: args.includes('4') ? 4 : 0 })
      .outcomes.map((row) => [row.outcome, row.objects]));
  assert.deepEqual(outcomes('--include', '*.txt'), { read: 2, excluded: 2 });
  assert.deepEqual(outcomes('--exclude', 'copy/**'), { read: 3, excluded: 1 });
  assert.deepEqual(outcomes('--depth', 'names'), { listed_only: 4 });
  const large = answer('sweep', ['sweep', target, '--max-object', '52', ...flags, '--incident', 'large'], { code: 4 });
  assert.ok(large.outcomes.some((row) => row.outcome === 'too_large'));
  const budget = answer('sweep', ['sweep', target, '--bytes-budget', '60', ...flags, '--incident', 'budget'], { code: 4 });
  assert.ok(budget.outcomes.some((row) => row.outcome === 'over_budget'));
  const peek = answer('sweep', ['sweep', target, '--depth', 'peek', ...flags, '--incident', 'peek']);
  assert.deepEqual(peek.outcomes.map((row) => row.outcome), ['listed_only']);
  assert.equal(everyHit('ext:csv', [...flags, '--incident', 'peek'])[0].media_type, 'text/csv');
});

test('a sample is the same whoever draws it', (t) => {
  const { target, flags } = swept(t, Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${i}.txt`, `file ${i}`])));
  const drawn = (incident, size) => {
    answer('sweep', ['sweep', target, '--sample', size, ...flags, '--incident', incident]);
    return everyHit('outcome:read', [...flags, '--incident', incident]).map((hit) => hit.path).sort();
  };
  const first = drawn('first', '7');
  assert.equal(first.length, 7);
  assert.deepEqual(drawn('second', '7'), first);
  const half = drawn('half', '50%');
  assert.ok(half.length > 5 && half.length < 35, `${half.length} of 40`);
});

test('keeping findings only leaves no text', (t) => {
  const { target, flags } = swept(t);
  answer('sweep', ['sweep', target, '--keep', 'findings', ...flags]);
  const [hit] = everyHit('email:anna@contoso.com ext:csv', flags);
  assert.equal(answer('show', ['show', hit.id, ...flags]).text, null);
  const search = answer('search', ['search', 'contact', ...flags]);
  assert.equal(search.total, 0);
  assert.equal(search.unsearchable, everyHit('outcome:read', flags).length - 1, 'all but the archive, which has no text');
});

test('--dry-run makes nothing', (t) => {
  const { folder, target, flags } = swept(t);
  const plan = answer('sweep-dry-run', ['sweep', target, '--dry-run', ...flags]);
  assert.equal(plan.targets[0].depth, 'full');
  assert.equal(existsSync(path.join(folder, 'catalog')), false);
  assert.equal(existsSync(path.join(folder, 'catalog.key')), false);
});

test('a path that is not UTF-8 is shown repaired and given whole', (t) => {
  const { folder, target, flags } = swept(t, { plain: 'x' });
  execFileSync('sh', ['-c', `printf 'm\\303\\244rz@contoso.com' > "$(printf '%s/ma\\344rz.txt' "$1")"`, 'sh', target]);
  tidemark(['sweep', target, ...flags]);
  const [hit] = everyHit('ext:txt', flags);
  assert.equal(hit.path, 'ma\ufffdrz.txt');
  assert.deepEqual(Buffer.from(hit.path_bytes, 'base64'), Buffer.from([0x6d, 0x61, 0xe4, 0x72, 0x7a, 0x2e, 0x74, 0x78, 0x74]));
  assert.ok(folder);
});

test('a member is asked for by the name that was told for its bytes', (t) => {
  const { target, flags } = swept(t, { plain: 'x' });
  copyFileSync(path.join(root, 'tests/golden/archive/zip-names/input.zip'), path.join(target, 'a.zip'));
  tidemark(['sweep', target, ...flags]);
  const [hit] = everyHit('name:приложение', flags);
  assert.equal(hit.path, 'a.zip!/契約ソフト.zip!/Договор/Приложение.txt');
  assert.equal(hit.name, 'Приложение.txt');
  assert.ok(Buffer.from(hit.path_bytes, 'base64').includes(Buffer.from([0x21, 0x2f, 0x84, 0xae, 0xa3, 0xae, 0xa2, 0xae, 0xe0, 0x2f])));
  for (const query of ['path:ソフト.zip!/договор', '契約ソフト', 're:/Договор.*txt$/', 'приложение ext:txt'])
    assert.ok(everyHit(query, flags).some(({ id }) => id === hit.id), query);
  assert.equal(answer('show', ['show', hit.path, ...flags]).id, hit.id);
  assert.equal(everyHit('email:buchhaltung@muster.example', flags).find(({ id }) => id === hit.id).path, hit.path);
});

test('what names a message is shown with its document and counted nowhere', (t) => {
  const { target, flags } = swept(t, {
    'a.json': '{"messageId": "<17.anna@fabrikam.com>", "from": "anna@contoso.com", "references": ["<16.bob@fabrikam.com>"]}',
    'b.txt': 'anna@contoso.com wrote <20200106100000.GA17@fabrikam.com>\n',
  });
  const summary = answer('sweep', ['sweep', target, ...flags]);
  assert.equal(summary.findings.email, 2);
  const shown = everyHit('ext:json', flags).flatMap((hit) => answer('show', ['show', hit.id, ...flags]).findings);
  assert.deepEqual(shown.map(({ kind, subkind, value }) => [kind, subkind, value]), [
    ['email', 'message-id', '17.anna@fabrikam.com'], ['email', null, 'anna@contoso.com'], ['email', 'message-id', '16.bob@fabrikam.com']]);
  const { entities } = answer('entities', ['entities', '--kind', 'email', ...flags]);
  assert.deepEqual(entities.map(({ value, references }) => [value, references]), [['anna@contoso.com', 2]]);
  for (const query of ['email:17.anna@fabrikam.com', 'email:*@fabrikam.com', 'entity:email=16.bob@fabrikam.com', 'domain:fabrikam.com'])
    assert.deepEqual(everyHit(query, flags), [], query);
  for (const subject of ['fabrikam.com', '17.anna@fabrikam.com'])
    assert.deepEqual(answer('lookup', ['lookup', subject, ...flags]).documents, [], subject);
  assert.equal(answer('scope', ['scope', ...flags]).counts.emails.distinct, 1);
  assert.deepEqual(answer('organisations', ['organisations', ...flags]).organisations.map(({ domain }) => domain), ['contoso.com']);
});

test('wrong usage is 2, failure is 1, and both say why on one line', (t) => {
  const { folder, target, flags } = swept(t);
  const cases = [
    [['sweep', path.join(folder, 'nowhere'), ...flags], 1], [['sweep', target, '--jobs', '0', ...flags], 2], [['sweep'], 2],
    [['swep', target], 2], [['search', 'x', ...flags], 1], [['search', 'size:abc', '--catalog', path.join(folder, 'other')], 1],
    [['sweep', 'az://contoso/backup', '--depth', 'full', ...flags], 2],
    [['sweep', 'https://contoso.blob.core.windows.net/backup?sv=1&sig=abc', ...flags], 2],
  ];
  for (const [args, code] of cases) {
    const result = tidemark(args);
    assert.equal(result.code, code, `${args.join(' ')}: ${result.err}`);
    assert.match(result.err, /^tidemark: [^\n]+\n$/);
    assert.doesNotMatch(result.err, /abc$/);
  }
  chmodSync(target, 0o755);
  utimesSync(target, 0, 0);
});
