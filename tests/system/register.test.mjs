// SPDX-License-Identifier: Apache-2.0
// The owner's own list of organisations: imported, sought in every kind of text, told in answers, and effective at once.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { answer, everyHit, plant, scratch, tidemark } from './house.mjs';

// Each organisation stands in one document alone, of a kind of its own; none is written as the register has it.
const organisations = [
  ['contoso.com', 'Contoso Maschinenbau', 'a.txt', 'Wir trafen CONTOSO MASCHINENBAU gestern.\n'],
  ['fabrikam.de', 'Fabrikam Energie', 'b.md', '# Besuch\n\n- Fabrikam-Energie war da\n'],
  ['litware.fr', 'Société Litware Réunie', 'c.html', '<p>Chez <b>societe</b> Litware R&eacute;unie, rien.</p>'],
  ['northwind.es', 'Northwind Ibérica', 'd.csv', 'id,remark\n1,"about Northwind Iberica, twice"\n2,none\n'],
  ['wingtip.it', 'Wingtip Officine', 'e.json', '{"note": "visited Wingtip Officine"}'],
  ['tailspin.nl', 'Tailspin Speelgoed', 'f.xml', '<note>sent by <i>Tailspin</i> Speelgoed</note>'],
  ['adatum.at', 'Adatum Söhne', 'g.eml', 'From: a@example.org\nTo: b@example.org\nSubject: =?utf-8?q?Adatum_S=C3=B6hne?=\n\nnothing\n'],
  ['proseware.se', 'Proseware Nordisk', 'h.mbox', 'From a Mon Mar  1 10:00:00 2021\nFrom: a@example.org\nSubject: x\n\nwith Proseware\nNordisk\n'],
  ['lucerne.ch', 'Lucerne Verlagshaus', 'i.txt.gz', gzipSync('bei Lucerne  Verlagshaus\n')],
  ['treyrizon.pt', 'Treyrizón Pesquisa', 'j.txt', Buffer.from('com Treyriz\xF3n Pesquisa, num outro charset\n', 'latin1')],
  ['alpineski.pl', 'Alpineski Narty', 'k.txt', Buffer.from('\uFEFFu Alpineski Narty\n', 'utf16le')],
  ['blueyonder.jp', '東洋電機製造', 'l.txt', '契約:東洋電機製造株式会社\n'],
];
const leak = Object.fromEntries(organisations.map(([, , file, contents]) => [file, contents]));
const rows = organisations.map(([domain, name], nth) => `${domain},${name},${['customer', 'prospect', 'partner', 'supplier'][nth % 4]}`);
const register = ['domain,name,relationship', ...rows].join('\n');

function house(t, files = leak) {
  const folder = scratch(t);
  const flags = ['--catalog', path.join(folder, 'catalog')];
  plant(path.join(folder, 'leak'), files);
  const write = (text) => { writeFileSync(path.join(folder, 'register.csv'), text); return path.join(folder, 'register.csv'); };
  return { folder, flags, write, target: path.join(folder, 'leak') };
}

const found = (flags) => answer('organisations', ['organisations', ...flags]).organisations
  .filter((one) => one.name !== null).map((one) => [one.domain, one.name, one.documents]).sort();
const expected = organisations.map(([domain, name]) => [domain, name, 1]).sort();

test('twelve organisations are found in twelve kinds of text', (t) => {
  const { flags, write, target } = house(t);
  const imported = answer('register-import', ['register', 'import', write(register), ...flags]);
  assert.deepEqual([imported.imported, imported.names, imported.replaced, imported.refused], [12, 12, 0, []]);
  tidemark(['sweep', target, ...flags]);
  assert.deepEqual(found(flags), expected);
  for (const [domain, name, file] of organisations) {
    const [hit] = everyHit('', flags).filter((one) => one.path.startsWith(file) && one.organisations.some((each) => each.domain === domain));
    const shown = answer('show', ['show', hit.id, ...flags]);
    const finding = shown.findings.find((one) => one.rule.startsWith('register/'));
    assert.equal(finding.kind, 'organisation_name');
    assert.equal(finding.value, name);
    assert.equal([...shown.text].slice(finding.from, finding.to).join(''), finding.raw, `the span in ${file}`);
    assert.match(shown.organisations.find((one) => one.domain === domain).why, /register: name /);
  }
});

test('what was swept before is looked through at once, and again by the next register', (t) => {
  const { flags, write, target } = house(t);
  tidemark(['sweep', target, ...flags]);
  assert.deepEqual(found(flags), []);
  const first = answer('register-import', ['register', 'import', write(register), ...flags]);
  assert.equal(first.documents_changed, 12);
  assert.deepEqual(found(flags), expected);
  assert.equal(answer('register-import', ['register', 'import', write(register), ...flags]).documents_looked_through, 0);
  const half = answer('register-import', ['register', 'import', write(['domain,name,relationship', ...rows.slice(0, 6)].join('\n')), ...flags]);
  assert.deepEqual([half.replaced, half.documents_changed], [12, 6]);
  assert.deepEqual(found(flags), expected.filter(([domain]) => rows.slice(0, 6).some((row) => row.startsWith(domain))));
  assert.equal(answer('register-remove', ['register', 'remove', 'Contoso.com', ...flags]).documents_changed, 1);
  assert.equal(found(flags).length, 5);
  const listed = answer('register-list', ['register', 'list', '--limit', '3', ...flags]);
  assert.deepEqual([listed.total, listed.organisations.length], [5, 3]);
  const rest = answer('register-list', ['register', 'list', '--cursor', listed.next, ...flags]);
  assert.deepEqual([rest.organisations.length, rest.next], [2, null]);
  const verbs = answer('journal-show', ['journal', 'show', ...flags]).entries.map((entry) => entry.verb);
  assert.ok(['register import', 'register remove', 'register list'].every((verb) => verbs.includes(verb)));
});

test('names and numbers make parties by their place, and scope counts them by what the register says', (t) => {
  const { flags, write, target } = house(t, {
    'bill.txt': 'Bill to: Contoso Ltd, Leeds\n',
    'number.txt': 'your customer number is K-10234, as before\n',
    'mention.txt': 'somebody spoke of Litware and nobody knew why it was so\n',
    'other.txt': 'Bill to: Litware Garments Ltd, Leeds\n',
    'mail.eml': 'From: anna@proseware.com\nTo: b@example.org\n\nhello\n',
  });
  const file = write('numbers,domain,name,relationship,sector,country\n,contoso.com;contoso.de,Contoso,customer,energy,GB\n'
    + 'K-10234,fabrikam.com,,supplier,,DE\n,litware.com,Litware,prospect,,\n');
  tidemark(['sweep', target, ...flags]);
  tidemark(['register', 'import', file, ...flags]);
  const roles = (name) => answer('show', ['show', name, ...flags]).organisations.map((one) => `${one.domain} ${one.role}: ${one.why}`);
  assert.deepEqual(roles('bill.txt'), ['contoso.com party: register: name Contoso beside "bill to"']);
  assert.deepEqual(roles('number.txt'), ['fabrikam.com party: register: number K-10234']);
  assert.deepEqual(roles('mention.txt'), ['litware.com mention: register: name Litware']);
  assert.deepEqual(roles('other.txt').filter((one) => one.startsWith('litware.com party')), []);
  const scope = answer('scope', ['scope', ...flags]);
  assert.deepEqual(scope.by_relationship, { customer: 1, supplier: 1, unknown: scope.counts.organisations.distinct - 2 });
  assert.equal(scope.by_sector.energy, 1);
  assert.equal(scope.by_country.DE, 1);
  assert.equal(answer('lookup', ['lookup', 'fabrikam.com', ...flags]).documents[0].path, 'number.txt');
});

test('a sector is the register\'s, else what the end of a domain is kept for, else nobody\'s guess', (t) => {
  const { flags, write, target } = house(t, {
    'mail.eml': 'From: anna@example.gov.uk\nTo: b@fabrikam.ac.uk, c@contoso.com, d@litware.edu\n\nhello\n' });
  tidemark(['sweep', target, ...flags]);
  const sectors = () => Object.fromEntries(answer('organisations', ['organisations', ...flags]).organisations.map((one) => [one.domain, [one.sector, one.sector_by]]));
  assert.deepEqual(sectors(), { 'contoso.com': [null, null], 'example.gov.uk': ['government', 'domain'], 'fabrikam.ac.uk': ['education', 'domain'], 'litware.edu': ['education', 'domain'] });
  assert.deepEqual(answer('scope', ['scope', ...flags]).by_sector, { education: 2, government: 1, unknown: 1 });
  tidemark(['register', 'import', write('domain,sector\nexample.gov.uk,statistics\ncontoso.com,energy\n'), ...flags]);
  assert.deepEqual([sectors()['example.gov.uk'], sectors()['contoso.com']], [['statistics', 'register'], ['energy', 'register']]);
  assert.deepEqual(answer('scope', ['scope', ...flags]).by_sector, { education: 2, energy: 1, statistics: 1 });
});

test('what means nobody is refused by name, and the rest is taken', (t) => {
  const { flags, write } = house(t);
  const file = write('domain,aliases,numbers\ncontoso.com,Contoso;Orange;Germany;Peter;May,12\nco.uk,Suffix,\ngmail.com,Mailers,\n');
  const imported = answer('register-import', ['register', 'import', file, ...flags], { code: 4 });
  assert.deepEqual(imported.refused.map((one) => [one.line, one.what, one.text]), [
    [2, 'alias', 'Orange'], [2, 'alias', 'Germany'], [2, 'alias', 'Peter'], [2, 'alias', 'May'], [2, 'number', '12'],
    [3, 'domain', 'co.uk'], [3, 'row', 'co.uk'], [4, 'domain', 'gmail.com'], [4, 'row', 'gmail.com']]);
  assert.ok(imported.refused.every((one) => one.why.length > 10));
  const listed = answer('register-list', ['register', 'list', ...flags]).organisations;
  assert.deepEqual(listed.map((one) => [one.domain, one.aliases]), [['contoso.com', ['Contoso']]]);
  assert.match(tidemark(['register', 'import', file, ...flags]).out, /Orange .*common word/);
});

test('a word that stands everywhere is refused by what the catalog holds', (t) => {
  const files = Object.fromEntries([...Array(60)].map((_, nth) => [`${nth}.txt`, nth % 2 ? `zyxwer ${nth}\n` : `nothing of ${nth}\n`]));
  const { flags, write, target } = house(t, files);
  tidemark(['sweep', target, ...flags]);
  const imported = answer('register-import', ['register', 'import', write('domain,aliases\ncontoso.com,Zyxwer;Contosox\nzyxwer.com,\n'), ...flags]);
  assert.deepEqual(imported.refused.map((one) => [one.text, one.why]),
    [['Zyxwer', 'stands in 30 of 60 texts of this catalog, and means nobody by itself']]);
});

test('a mistake is told with its line, and nothing is taken', (t) => {
  const { flags, write } = house(t);
  tidemark(['register', 'import', write('domain\ncontoso.com\n'), ...flags]);
  for (const [text, told] of [
    ['domain,alias\na.com,A\n', /line 1: column "alias" is no column; did you mean aliases\?/],
    ['domain,relationship\na.com,customer\nb.com,friend\n', /line 3: relationship "friend" is none/],
    ['domain,country\na.com,Germany\n', /line 2: country "Germany" is no country's code; write DE/],
    ['domain\na.com\nA.com\n', /line 3: domain "A.com" stands in line 2 already/],
    ['domain,name\na.com,"A\n', /line 2: has a quotation mark that is not closed/],
    [Buffer.from('domain,name\na.com,M\xFCller\n', 'latin1'), /line 2: is not UTF-8/],
  ]) {
    const said = tidemark(['register', 'import', write(text), ...flags]);
    assert.equal(said.code, 2);
    assert.match(said.err, told);
  }
  assert.equal(answer('register-list', ['register', 'list', ...flags]).total, 1);
  assert.equal(tidemark(['register', 'remove', 'nobody.com', ...flags]).code, 1);
  assert.equal(tidemark(['register', 'import', '/nowhere.csv', ...flags]).code, 1);
});

test('what own rules found is not lost to a register', (t) => {
  const { folder, flags, write, target } = house(t, { 'a.txt': 'Contoso wrote of HX-4411 to nobody\n' });
  const rules = path.join(folder, 'rules.yaml');
  writeFileSync(rules, 'rules:\n  - name: house-number\n    kind: project\n    pattern: "HX-[0-9]{4}"\n');
  assert.equal(tidemark(['sweep', target, '--rules', rules, ...flags]).code, 0);
  const projects = () => answer('entities', ['entities', '--kind', 'project', ...flags]).entities.map((one) => one.value);
  const found = projects();
  assert.equal(found.length, 1);
  const imported = tidemark(['register', 'import', write('domain,name\ncontoso.com,Contoso\n'), ...flags]);
  assert.equal(imported.code, 0);
  assert.match(imported.err, /--rules FILE --redo all/);
  assert.deepEqual(projects(), found);
  assert.equal(tidemark(['sweep', target, '--rules', rules, '--redo', 'all', ...flags]).code, 0);
  assert.deepEqual(projects(), found);
  assert.deepEqual(answer('show', ['show', 'a.txt', ...flags]).organisations.map((one) => one.domain), ['contoso.com']);
});
